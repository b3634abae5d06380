"""Diagnosis says why a feed is not well; retention removes what is old and known."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
import yaml

from conduct_records.cli.upkeep import FEEDS
from conduct_records.exchange.pulls import pull
from conduct_records.settings import ROOT, Settings
from conduct_records.upkeep.alerts import Alert, raise_alert
from conduct_records.upkeep.diagnose import STEPS, diagnose
from conduct_records.upkeep.retention import remove_old
from conduct_records.upkeep.watch import watch
from simulator.server import running
from tests.sql.upkeep_support import DAY, NOW, morning_after, rows

SAMPLES = ROOT / "samples" / "platform"
CLIENT = ("hubei", "s" * 40)


def test_a_pull_notes_its_run_and_its_diagnosis(settings: Settings) -> None:
    with running(SAMPLES, client=CLIENT) as platform:
        given = Settings.load({
            **settings.environ, "EXCHANGE_URL": platform.url,
            "EXCHANGE_CLIENT_ID": CLIENT[0], "EXCHANGE_CLIENT_SECRET": CLIENT[1],
        })  # fmt: skip
        pull("pushed_cases", DAY, NOW, given)
    found = diagnose("pushed_cases", given)
    assert found.is_well and found.gaps == [] and found.alerts == []
    assert [(run["flow"], run["state"]) for run in found.runs] == [("pull_pushed_cases", "done")]
    assert found.runs[0]["counts"]["rows"] == found.log[0]["row_count"] > 0
    down = Settings.load({**given.environ, "EXCHANGE_URL": "http://127.0.0.1:1"})
    pull("pushed_cases", DAY + timedelta(1), NOW + timedelta(1), down)
    found = diagnose("pushed_cases", given)
    assert not found.is_well and found.gaps == ["2019-01-29"]
    assert found.runs[0]["state"] == "failed" and found.runs[0]["reason"]
    told = watch(DAY + timedelta(1), morning_after(DAY + timedelta(1)), given)
    assert {alert.alert_code for alert in told if "pushed_cases" in alert.about} == {"pull_incomplete"}


@pytest.mark.parametrize("feed", FEEDS)
def test_every_feed_has_a_diagnosis(feed: str, settings: Settings) -> None:
    assert set(STEPS) == set(FEEDS)
    assert not diagnose(feed, settings).is_well  # nothing has come yet
    raise_alert(Alert("run_absent", STEPS[feed][0], DAY, "none"), NOW, settings)
    assert diagnose(feed, settings).alerts[0]["alert_code"] == "run_absent"


@pytest.mark.parametrize(
    ("feed", "about"),
    [
        ("pushed_cases", "pull_pushed_cases.pull"),
        ("submissions", "ingest_submissions.lane 420600/a.csv"),
        ("records", "build_records.build"),
        ("platform", "share_records.send"),
        ("portal", "share_records.publish"),
        ("marts", "publish_marts.publish"),
    ],
)
def test_a_task_that_failed_is_in_the_diagnosis_of_its_feed(
    feed: str, about: str, settings: Settings
) -> None:
    raise_alert(Alert("task_failed", about, DAY, "RuntimeError"), NOW, settings)
    assert [alert["about"] for alert in diagnose(feed, settings).alerts] == [about]


def test_what_is_old_goes_and_what_landing_does_not_know_stays(settings: Settings, tmp_path: Path) -> None:
    days = yaml.safe_load((ROOT / "include/schemas/retention.yaml").read_text(encoding="utf-8"))
    old = DAY - timedelta(days["raw_files"] + 1)
    kept, unread, gone = [
        tmp_path / "inbox" / str(day) / "HB-AMR" / name
        for day, name in ((DAY, "new.csv"), (old, "unread.csv"), (old, "read.csv"))
    ]
    receipt = tmp_path / "outbox" / "HB-AMR" / str(old) / "回执.xlsx"
    log = tmp_path / "logs" / "scheduler.log"
    for path in (kept, unread, gone, receipt, log):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    os.utime(log, (0, 0))
    with psycopg.connect(settings.warehouse_url) as connection:
        for path in (kept, gone):
            connection.execute(
                "insert into landing.sighting (path, fingerprint, file_id, known_at)"
                " values (%s, 'p', 'f', %s)",
                [str(path), NOW],
            )
        for state in ("complete", "incomplete"):
            day = DAY - timedelta(days["pages"] + (1 if state == "complete" else 2))
            connection.execute(
                "insert into landing.pull (pull_id, feed, data_date, state, known_at)"
                " values (%s, 'x', %s, %s, %s)",
                [state, day, state, NOW],
            )
            connection.execute(
                "insert into landing.page (pull_id, page_no, sha256, body, known_at)"
                " values (%s, 1, 'x', '{}', %s)",
                [state, NOW],
            )
    removed = remove_old(DAY, NOW, settings)
    assert removed == {"raw_files": 1, "receipts": 1, "logs": 1, "packages": 0, "pages": 1, "alerts": 0}
    assert kept.exists() and unread.exists() and not gone.exists() and not receipt.exists()
    assert rows(settings, "select pull_id from landing.page") == [("incomplete",)]
    assert set(remove_old(DAY, NOW, settings).values()) == {0}

"""The notice's cases and the samples' story through every stage of the library, in order and backwards."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
import yaml

from conduct_records.disclosure.outbox import enqueue, send
from conduct_records.disclosure.proof import prove
from conduct_records.disclosure.publish import publish_marts, publish_portal
from conduct_records.disclosure.reconcile import reconcile
from conduct_records.disclosure.withdraw import withdraw
from conduct_records.exchange.pulls import pull
from conduct_records.intake.inbox import waiting
from conduct_records.local.leaks import in_files, sample_values, search, vault_values
from conduct_records.records.build import build, rebuild
from conduct_records.settings import Settings
from conduct_records.warehouse.ingest import ingest, sightings
from simulator.server import running

SAMPLES = Path(__file__).parents[2] / "samples"
DAYS = [date(2019, 1, 28) + timedelta(number) for number in range(6)]
GOLDEN = Path(__file__).with_name("marts_golden.yaml")
NOTICE = "select count(*), count(distinct case_key) from core.pushed_case where list_code <> 'notified'"
CLIENT = ("hubei", "s" * 40)


@pytest.fixture
def settings(warehouse: str, tmp_path: Path) -> Iterator[Settings]:
    """A warehouse, a platform and folders of this test's own."""
    shutil.copytree(SAMPLES / "inbox", tmp_path / "inbox")
    with running(SAMPLES / "platform", tmp_path / "platform.sqlite", CLIENT) as platform:
        yield Settings.load(
            {
                "WAREHOUSE_URL": warehouse,
                "CONDUCT_RECORDS_STATE": str(tmp_path),
                "EXCHANGE_URL": platform.url,
                "EXCHANGE_CLIENT_ID": CLIENT[0],
                "EXCHANGE_CLIENT_SECRET": CLIENT[1],
                "PERSON_TOKEN_KEY": "k" * 40,
                "CONDUCT_RECORDS_DATA_DOCS": "off",
            }
        )


def a_night(day: date, settings: Settings) -> str:
    """What the six flows do for one data date; returns the digest."""
    now = datetime.now(UTC)
    for feed in ("pushed_cases", "evaluations"):
        assert pull(feed, day, now, settings).state == "complete"
    for lane in waiting(settings, day, sightings(settings)):
        ingest(lane, now, settings)
    built = build(day, now, settings)
    withdraw(day, now, settings)
    publish_marts(day, now, settings)
    publish_portal(day, now, settings)
    enqueue(day, now, settings)
    assert send(day, now, settings).pending == 0
    assert reconcile(day, now, settings).differing == 0
    assert prove(day, now, settings).is_platform_asked
    return built.digest


def rows(settings: Settings, query: str) -> list[tuple]:
    with psycopg.connect(settings.warehouse_url) as connection:
        return connection.execute(query).fetchall()


def check_golden(settings: Settings) -> None:
    """The row counts of every mart stand in git; `make golden` writes them again."""
    counted = "select table_name, row_count from marts.freshness where table_name <> 'fact_run'"
    found = {name: int(number) for name, number in sorted(rows(settings, counted))}
    if os.environ.get("GOLDEN") == "write":
        GOLDEN.write_text(yaml.safe_dump(found), encoding="utf-8")
    assert found == yaml.safe_load(GOLDEN.read_text(encoding="utf-8"))


def check_nothing_was_overlooked(settings: Settings) -> None:
    """A publication that compares everything finds no row that those by change alone did not write."""
    by_change = publish_marts(DAYS[-1], datetime.now(UTC), settings)
    in_full = publish_marts(DAYS[-1], datetime.now(UTC), settings, full=True)
    assert {name for name, change in in_full.changes.items() if change.is_change} <= {"fact_run"}
    assert in_full.digest == by_change.digest


def test_the_notices_cases_and_every_end_of_a_record(settings):
    digest = [a_night(day, settings) for day in DAYS][-1]
    check_golden(settings)
    check_nothing_was_overlooked(settings)
    assert rows(settings, NOTICE) == [(7, 6)]
    suggested = rows(
        settings, "select value, suggestion from ops.issue where issue_code = 'region_suggestion'"
    )
    assert [(value, "420116" in suggestion) for value, suggestion in suggested] == [("黄浦区", True)]
    states = dict(
        rows(
            settings,
            "select state, count(*) from core.record where disclosure_class = 'public' group by state",
        )
    )
    assert {state: states[state] for state in ("revoked", "repaired", "expired", "corrected")} == {
        "revoked": 1,
        "repaired": 1,
        "expired": 1,
        "corrected": 1,
    }
    ended = [
        key
        for (key,) in rows(
            settings, "select record_key from core.record where state not in ('active', 'corrected')"
        )
    ]
    published = "".join(p.read_text() for p in settings.portal.rglob("*.json") if p.parent.name != "deltas")
    assert not [key for key in ended if key in published]
    again = (
        rows(settings, "select count(*) from core.record_version"),
        rows(settings, "select count(*) from share.outbox"),
    )
    assert a_night(DAYS[-1], settings) == digest
    assert rebuild(datetime.now(UTC), settings).digest == digest
    assert again == (
        rows(settings, "select count(*) from core.record_version"),
        rows(settings, "select count(*) from share.outbox"),
    )


def test_backwards_gives_the_same_digest_as_forwards(settings, databases, template, tmp_path):
    backwards = [a_night(day, settings) for day in reversed(DAYS)][-1]
    check_nothing_was_overlooked(settings)
    with (
        databases.lent(template, "forwards") as url,
        running(SAMPLES / "platform", client=CLIENT) as platform,
    ):
        elsewhere = Settings(
            {
                **settings.environ,
                "WAREHOUSE_URL": url,
                "CONDUCT_RECORDS_PORTAL": str(tmp_path / "portal2"),
                "EXCHANGE_URL": platform.url,
            }
        )
        forwards = [a_night(day, elsewhere) for day in DAYS][-1]
    assert backwards == forwards


def test_no_record_rests_on_a_media_case_alone(settings):
    for day in DAYS:
        a_night(day, settings)
    without = "select count(*) from core.record where document_no is null or authority_name is null"
    assert rows(settings, without) == [(0,)]
    kinds = "select determination_kind, count(*) from core.record group by 1 order by 1"
    assert {kind for kind, _ in rows(settings, kinds)} == {"penalty", "recognition"}


def test_nothing_personal_leaves_the_vault(settings, tmp_path, caplog, capfd):
    caplog.set_level("DEBUG")
    for day in DAYS:
        a_night(day, settings)
    held = vault_values(settings.warehouse_url)
    ids, names = sample_values()
    assert set(held) & set(ids)
    (tmp_path / "logs").mkdir()
    told = caplog.text + "".join(capfd.readouterr())
    (tmp_path / "logs" / "all.log").write_text(told, encoding="utf-8")
    assert search(tmp_path, {"warehouse": settings.warehouse_url}) == []
    inside = {leak.what for leak in in_files(tmp_path / "inbox", ids | names)}
    assert inside == {"resident id", "person's name"}

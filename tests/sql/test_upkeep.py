"""Alerts stand once, are settled when well, and are all in the runbook."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest

from conduct_records.settings import ROOT, Settings
from conduct_records.upkeep.alerts import declared
from conduct_records.upkeep.diagnose import diagnose
from conduct_records.upkeep.watch import watch
from conduct_records.warehouse.runs import noted
from tests.sql.upkeep_support import DAY, NOW, all_well, morning_after, rows, standing

SAMPLES = ROOT / "samples" / "platform"
CLIENT = ("hubei", "s" * 40)


def test_a_well_day_raises_nothing(settings: Settings) -> None:
    all_well(settings, DAY)
    assert watch(DAY, NOW, settings) == []
    assert standing(settings) == set()


def test_an_empty_warehouse_lacks_every_feed_and_every_step(settings: Settings) -> None:
    new = watch(DAY, NOW, settings)
    absent = {("data_absent", feed) for feed in declared()["quiet_days"]}
    assert {(alert.alert_code, alert.about) for alert in new} == absent | {
        ("run_absent", step) for step in declared()["daily"]
    }
    assert watch(DAY, NOW, settings) == []  # told once
    all_well(settings, DAY)
    assert watch(DAY, NOW, settings) == []
    assert standing(settings) == set()  # and settled when well


def test_a_run_that_is_absent_stands_on_the_days_after_until_it_is_made_good(settings: Settings) -> None:
    """J3: a pull only by a run of its own date, a build by any later one, which computes everything."""
    watch(DAY, NOW, settings)
    all_well(settings, DAY + timedelta(1))
    assert watch(DAY + timedelta(1), NOW, settings) == []
    pulls = {("run_absent", step) for step, good in declared()["daily"].items() if good == "own"}
    assert pulls and standing(settings) == pulls
    for _, step in pulls:
        with noted(step, DAY, NOW, settings):
            pass
    watch(DAY + timedelta(1), NOW, settings)
    assert standing(settings) == set()


def test_a_run_under_a_date_that_had_not_ended_makes_none_good(settings: Settings) -> None:
    """A partition key that was typed wrong would else keep the alert silent for years."""
    all_well(settings, DAY)
    for step in declared()["daily"]:
        for typed in (date(2091, 1, 28), DAY + timedelta(1)):
            with noted(step, typed, morning_after(DAY), settings):
                pass
    assert watch(DAY, morning_after(DAY), settings) == []
    watch(DAY + timedelta(1), morning_after(DAY + timedelta(1)), settings)
    assert standing(settings) >= {("run_absent", step) for step in declared()["daily"]}


def test_a_night_that_was_never_begun_is_told_until_it_is_made_good(settings: Settings) -> None:
    """Airflow was down for two nights: it begins again with the last one, and nobody pulls the other."""
    missed, last = DAY + timedelta(1), DAY + timedelta(2)
    absent = "select about, data_date from ops.alert where alert_code = 'run_absent' and settled_at is null"
    all_well(settings, DAY)
    all_well(settings, last)
    watch(last, morning_after(last), settings)
    assert set(rows(settings, absent)) == {("pull_pushed_cases", missed), ("pull_evaluations", missed)}
    with noted("pull_evaluations", missed, morning_after(last), settings):
        pass
    settled = "update ops.alert set settled_at = now() where about = 'pull_pushed_cases' returning 1"
    assert rows(settings, settled) == [(1,)]  # by hand: the platform has nothing of that day any more
    watch(last, morning_after(last), settings)
    assert rows(settings, absent) == []
    years_on = date(2026, 11, 27)
    all_well(settings, years_on)
    watch(years_on, morning_after(years_on), settings)
    assert rows(settings, absent) == [], "a machine that ran years ago begins anew"


def test_a_feed_is_absent_after_its_own_time(settings: Settings) -> None:
    all_well(settings, DAY)
    last_good = DAY + timedelta(declared()["quiet_days"]["submissions"])
    watch(last_good, NOW, settings)
    assert ("data_absent", "submissions") not in standing(settings)
    watch(last_good + timedelta(1), NOW, settings)
    assert ("data_absent", "submissions") in standing(settings)
    assert ("data_absent", "evaluations") not in standing(settings)


def test_what_nobody_reads_in_the_inbox_is_told_once_and_settled(settings: Settings, tmp_path: Path) -> None:
    lost = tmp_path / "inbox" / "2019-02-30" / "HB-AMR" / "a.csv"
    lost.parent.mkdir(parents=True)
    lost.write_text("x")
    for day in (DAY, DAY + timedelta(1)):
        all_well(settings, day)
    assert [alert.about for alert in watch(DAY, NOW, settings)] == ["submissions.2019-02-30"]
    assert watch(DAY + timedelta(1), NOW, settings) == []
    (told,) = diagnose("submissions", settings).alerts
    assert "named by its data date" in told["detail"] and told["data_date"] == DAY
    lost.parent.parent.rename(tmp_path / "inbox" / "2019-01-30")
    assert watch(DAY + timedelta(1), NOW, settings) == [] and standing(settings) == set()


MESSAGE = """insert into share.outbox (subject_key, message_key, ordinal, kind, action, record_key,
    region_code, class_code, payload, content_hash, version_no, state, valid_on, known_at)
  values ('s', 'm', 1, 'record', 'upsert', 'r', '420000', 'administrative', '{}', 'h', 1,"""
BROKEN = {
    "step_failed": "update ops.run set state = 'failed', reason = 'Boom' where flow = 'send'",
    "pull_incomplete": "update landing.pull set state = 'incomplete' where feed = 'evaluations'",
    "rows_unusable": """insert into quarantine.row (file_id, row_no, kind, row_values, issue_codes, known_at)
      select pull_id, 1, feed, '{}', '{required}', known_at from landing.pull where feed = 'pushed_cases'""",
    "platform_rejected": f"{MESSAGE} 'rejected', '2019-01-28', '2019-01-28')",
    "platform_backlog": f"{MESSAGE} 'pending', '2019-01-20', '2019-01-28')",
    "objection_overdue": """insert into core.objection (subject_key, objection_key, objection_no, raised_on,
        due_on, state, file_id, row_no) values ('s', 'o', 'o', '2019-01-10', '2019-01-21', 'open', 'f', 2)""",
    "referral_overdue": """insert into core.referral (referral_key, target_key, unit_code, reason,
        referred_on, due_on, due_basis, state)
      values ('r', 't', '420100', 'region', '2018-12-01', '2019-01-21', 'official', 'open')""",
    "rectification_overdue": """with standing as (
        insert into core.standing_claim values ('s', 'f', 'c'))
      insert into core.claim (subject_key, claim_key, candidate_key, party_scheme, kind, act, fact_key,
        party_name, unit_code, is_entitled, data_date, sequence, content_hash, file_id, row_no, body,
        known_at)
      values ('s', 'c', 's', 'uscc', 'supervision_action', 'supervision', 'f', 'n', '420100', true,
        '2019-01-10', 1, 'h', 'f', 2, '{"outcome_code": "open", "due_on": "2019-01-21"}', '2019-01-10')""",
    "marts_stale": """insert into marts.current_version (name, version_no, valid_on, digest, known_at,
        is_stale, stale_reason)
      values ('marts', 1, '2019-01-28', 'd', '2019-01-28', true, 'a check failed')""",
}


@pytest.mark.parametrize("code", BROKEN)
def test_each_fault_has_its_alert(code: str, settings: Settings) -> None:
    all_well(settings, DAY)
    with psycopg.connect(settings.warehouse_url) as connection:
        connection.execute(BROKEN[code])  # type: ignore[arg-type]
    assert code in {alert.alert_code for alert in watch(DAY, NOW, settings)}


OVERDUE = ("objection_overdue", "referral_overdue", "rectification_overdue")


@pytest.mark.parametrize("code", OVERDUE)
def test_a_deadline_is_missed_on_the_day_after_it_and_not_on_its_day(code: str, settings: Settings) -> None:
    with psycopg.connect(settings.warehouse_url) as connection:
        connection.execute(BROKEN[code])  # type: ignore[arg-type]
    due_on = date(2019, 1, 21)
    assert code not in {alert.alert_code for alert in watch(due_on, NOW, settings)}
    assert code in {alert.alert_code for alert in watch(due_on + timedelta(1), NOW, settings)}


@pytest.mark.parametrize("code", ["platform_rejected", *OVERDUE])
def test_a_cause_that_stays_is_told_once_and_not_every_day(code: str, settings: Settings) -> None:
    for day in (DAY, DAY + timedelta(1)):
        all_well(settings, day)
    with psycopg.connect(settings.warehouse_url) as connection:
        connection.execute(BROKEN[code])  # type: ignore[arg-type]
    assert code in {alert.alert_code for alert in watch(DAY, NOW, settings)}
    assert watch(DAY + timedelta(1), NOW, settings) == []
    assert code in {raised for raised, _ in standing(settings)}


def test_every_watched_code_can_be_raised() -> None:
    watched = {code for code, known in declared()["alerts"].items() if known["watched"]}
    assert watched == {*BROKEN, "data_absent", "run_absent", "inbox_unread", "contract_broken"}


def test_a_contract_that_cannot_be_used_is_told_once_and_settled(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in (DAY, DAY + timedelta(1)):
        all_well(settings, day)
    book = SimpleNamespace(broken={"objection": "no type"})
    monkeypatch.setattr("conduct_records.upkeep.watch.load_contracts", lambda: book)
    assert [alert.about for alert in watch(DAY, NOW, settings)] == ["submissions.objection"]
    assert watch(DAY + timedelta(1), NOW, settings) == []
    (told,) = diagnose("submissions", settings).alerts
    assert (told["alert_code"], told["data_date"]) == ("contract_broken", DAY)
    book.broken.clear()
    assert watch(DAY + timedelta(1), NOW, settings) == [] and standing(settings) == set()


def test_every_declared_alert_has_its_section_in_the_runbook() -> None:
    text = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^### `(\w+)`\n(.*?)(?=^#|\Z)", text, re.M | re.S))
    assert set(sections) == set(declared()["alerts"])
    for body in sections.values():
        assert all(f"**{part}**" in body for part in ("Means", "Look at", "Do"))
    pages = re.search(r"Get up for (.*?) \(severity `page`\)", text, re.S)
    urgent = {code for code, known in declared()["alerts"].items() if known["severity"] == "page"}
    assert pages and set(re.findall(r"`(\w+)`", pages[1])) == urgent


def test_every_statement_in_the_runbook_runs(settings: Settings) -> None:
    text = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
    found = re.findall(r"`(?:make -s sql Q=(['\"]))?((?:select|update) [^`]+?)(?:\1)?`", text)
    assert len(found) > 6
    with psycopg.connect(settings.warehouse_url) as connection:
        for _, each in found:
            connection.execute(each)


def test_every_flow_is_in_the_runbook() -> None:
    text = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
    for path in (ROOT / "dags").glob("*.py"):
        assert f"| `{path.stem}` |" in text

"""The notice's cases and the samples' story through every stage of the library, in order and backwards."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import yaml

from conduct_records.disclosure.marts import publish_marts
from conduct_records.local.leaks import in_files, sample_values, search, vault_values
from conduct_records.records.build import rebuild
from conduct_records.settings import Settings
from tests.e2e.nights import DAYS, a_night

GOLDEN = Path(__file__).with_name("marts_golden.yaml")
NOTICE = "select count(*), count(distinct case_key) from core.pushed_case where list_code <> 'notified'"


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


def test_the_notices_cases_and_every_end_of_a_record(told):
    settings, digest = told
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


def test_backwards_gives_the_same_digest_as_forwards(settings, told):
    assert [a_night(day, settings) for day in reversed(DAYS)][-1] == told.digest
    check_nothing_was_overlooked(settings)


def test_no_record_rests_on_a_media_case_alone(told):
    without = "select count(*) from core.record where document_no is null or authority_name is null"
    assert rows(told.settings, without) == [(0,)]
    kinds = "select determination_kind, count(*) from core.record group by 1 order by 1"
    assert {kind for kind, _ in rows(told.settings, kinds)} == {"penalty", "recognition"}


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

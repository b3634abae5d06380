"""The marts hold what core says, move only when it changes, and are all that BI reads (I1)."""

from __future__ import annotations

from datetime import date

import psycopg
import pytest

from conduct_records.disclosure.marts import BoundViolated
from conduct_records.disclosure.publish import publish_marts
from conduct_records.warehouse.connection import connect
from tests.sql.story import Story, change, file, penalty

ON = date(2019, 1, 28)
NUMBER = "样例罚〔2018〕1号"


@pytest.fixture
def story(warehouse: str) -> Story:
    told = Story(warehouse)
    told.deliver(file("penalty_decision", "2019-01-28", "HB-AMR", penalty(NUMBER, "2018-06-01")))
    told.build()
    return told


def test_publishing_again_writes_no_row(story: Story) -> None:
    first = publish_marts(ON, story.tick(), story.settings)
    places = "select xmin::text, ctid::text, record_key from marts.fact_record order by record_key"
    before = story.rows(places)
    again = publish_marts(ON, story.tick(), story.settings)
    assert (again.version_no, again.digest) == (first.version_no, first.digest)
    assert len(before) == 1
    assert story.rows(places) == before


def test_a_revocation_moves_the_version(story: Story) -> None:
    first = publish_marts(ON, story.tick(), story.settings)
    story.deliver(
        file("decision_change", "2019-01-28", "HB-AMR", change("样例撤〔2019〕1号", "2019-01-20", NUMBER))
    )
    story.build()
    second = publish_marts(ON, story.tick(), story.settings)
    assert second.version_no == first.version_no + 1
    assert story.one("select state from marts.fact_record") == "revoked"


def test_bi_reads_marts_and_nothing_else(story: Story) -> None:
    publish_marts(ON, story.tick(), story.settings)
    with connect(story.settings, "bi_reader") as connection:
        assert connection.execute("select count(*) from marts.fact_record").fetchone() == (1,)
    for table in ("core.record", "share.outbox", "share.disclosable_record", "ops.issue"):
        with (
            pytest.raises(psycopg.errors.InsufficientPrivilege),
            connect(story.settings, "bi_reader") as connection,
        ):
            connection.execute(f"select 1 from {table}")


def test_a_failed_check_leaves_the_last_version_and_marks_it_stale(story: Story) -> None:
    first = publish_marts(ON, story.tick(), story.settings)
    story.rows("delete from ref.code where list_code in ('region', 'region_history') returning 1")
    story.rows("update core.record set severity_code = 'minor' returning 1")
    with pytest.raises(BoundViolated, match="dim_region"):
        publish_marts(ON, story.tick(), story.settings)
    held = story.rows("select version_no, digest, is_stale, stale_reason from marts.current_version")
    assert held == [(first.version_no, first.digest, True, "dim_region: 0, wanted at least 1")]
    assert story.one("select severity_code from marts.fact_record") != "minor"

"""Reading ahead is for speed alone: it may read every table of the fold, and it may fail."""

from __future__ import annotations

import psycopg
import pytest

from conduct_records.records import read_ahead as module
from conduct_records.records.build import rebuild
from conduct_records.warehouse.connection import connect
from tests.sql.story import Story, change, file, penalty, registered

BEFORE = (
    file("registry_extract", "2019-01-28", "HB-AMR", registered()),
    file(
        "penalty_decision", "2019-01-28", "HB-AMR", penalty("罚1", "2018-06-01"), penalty("罚2", "2018-07-01")
    ),
)
DAY = file("decision_change", "2019-01-29", "HB-AMR", change("撤1", "2019-01-29", "罚1"))


@pytest.fixture
def story(warehouse: str, monkeypatch: pytest.MonkeyPatch) -> Story:
    monkeypatch.setattr(module, "FEW", 1)
    story = Story(warehouse)
    story.deliver(*BEFORE)
    story.build()
    story.deliver(DAY)
    return story


def test_the_builder_may_read_ahead_what_is_known_of_a_subject(story: Story) -> None:
    with connect(story.settings, "records_builder") as connection, module.ReadAhead(story.settings) as ahead:
        ahead.read_waiting(connection)
        reading = list(ahead._reading)
    assert len(reading) == module.READERS
    assert [each.exception() for each in reading] == [None] * module.READERS


def test_a_subject_that_a_waiting_file_names_is_read_once_and_before_it_is_touched(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[str] = []
    monkeypatch.setattr(module.ReadAhead, "_read", lambda _self, keys: given.extend(keys))
    built = story.build()
    assert given == [story.one("select subject_key from core.subject")]
    assert built.counts["record_versions"] == 1
    assert rebuild(story.tick(), story.settings).digest == built.digest
    assert len(given) == 1  # a rebuild reads everything, in order


def test_a_build_goes_on_without_readers_and_says_so(
    story: Story, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    refused: list[str] = []

    def refuse(*_: object) -> None:
        refused.append("reader")
        raise psycopg.OperationalError("too many connections")

    monkeypatch.setattr(module, "connect", refuse)
    assert story.build().counts["record_versions"] == 1
    assert refused == ["reader"] * module.READERS
    (said,) = [each.getMessage() for each in caplog.records if each.name == module.__name__]
    assert said.endswith("OperationalError")

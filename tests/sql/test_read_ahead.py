"""Reading ahead is for speed alone: it may read every table of the fold, and it may fail."""

from __future__ import annotations

from threading import Event

import psycopg
import pytest

from conduct_records.records import read_ahead as module
from conduct_records.records.build import rebuild
from tests.sql.story import Story, change, file, penalty, registered

BEFORE = (
    file("registry_extract", "2019-01-28", "HB-AMR", registered()),
    file(
        "penalty_decision", "2019-01-28", "HB-AMR", penalty("罚1", "2018-06-01"), penalty("罚2", "2018-07-01")
    ),
)
DAY = file("decision_change", "2019-01-29", "HB-AMR", change("撤1", "2019-01-29", "罚1"))


@pytest.fixture
def story(warehouse: str) -> Story:
    return Story(warehouse)


def test_the_builder_may_read_ahead_what_is_known_of_a_subject(story: Story) -> None:
    story.deliver(*BEFORE)
    story.build()
    keys = [key for (key,) in story.rows("select subject_key from core.subject")]
    assert keys
    module._read(story.settings, keys, Event())


def test_a_build_beside_readers_gives_what_a_full_one_gives(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[list[str]] = []
    monkeypatch.setattr(module, "FEW", 1)
    monkeypatch.setattr(module, "_read", lambda _settings, keys, _is_over: given.append(keys))
    story.deliver(*BEFORE)
    story.build()
    given.clear()
    story.deliver(DAY)
    built = story.build()
    assert len(given) == module.READERS
    assert [key for keys in given for key in keys] == [story.one("select subject_key from core.subject")]
    assert built.counts["record_versions"] == 1
    assert rebuild(story.tick(), story.settings).digest == built.digest


def test_a_build_goes_on_without_readers_and_says_so(
    story: Story, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    refused: list[str] = []

    def refuse(*_: object) -> None:
        refused.append("reader")
        raise psycopg.OperationalError("too many connections")

    story.deliver(*BEFORE)
    story.build()
    monkeypatch.setattr(module, "FEW", 1)
    monkeypatch.setattr(module, "connect", refuse)
    story.deliver(DAY)
    assert story.build().counts["record_versions"] == 1
    assert refused == ["reader"] * module.READERS
    assert [each.getMessage().split(": ")[1] for each in caplog.records if each.name == module.__name__] == [
        "OperationalError"
    ]

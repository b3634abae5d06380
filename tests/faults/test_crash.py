"""A file that kills its reader: its lane fails alone, is reported, and is left alone (B9, J4)."""

from __future__ import annotations

import faulthandler
import os
import signal
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg
import pytest

from conduct_records.intake.inbox import Lane, waiting
from conduct_records.settings import ROOT, Settings
from conduct_records.warehouse import ingest as module
from conduct_records.warehouse.attempts import MOST, report_crashes
from tests.faults.night import Task

DAY, NEXT, NOW = date(2019, 1, 30), date(2019, 1, 31), datetime(2026, 11, 24, tzinfo=UTC)


@pytest.fixture
def settings(warehouse: str, tmp_path: Path) -> Settings:
    for unit in ("420600", "421100"):
        folder = tmp_path / "inbox" / str(DAY) / unit
        folder.mkdir(parents=True)
        source = next((ROOT / "samples" / "inbox" / str(DAY) / unit).iterdir())
        (folder / source.name).write_bytes(source.read_bytes())
    return Settings(
        {"WAREHOUSE_URL": warehouse, "CONDUCT_RECORDS_STATE": str(tmp_path), "PERSON_TOKEN_KEY": "k" * 40}
    )


@pytest.fixture
def poisoned(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Reading what 421100 submits is a segmentation fault, as of a broken parser library."""
    check = module.check

    def poison(path: Path, name: str, unit: str, *args, **options):
        if unit == "421100":
            faulthandler.disable()  # pytest's own would tell of it at length
            os.kill(os.getpid(), signal.SIGSEGV)
        return check(path, name, unit, *args, **options)

    with monkeypatch.context() as patched:
        patched.setattr(module, "check", poison)
        yield patched


def lanes(settings: Settings, day: date) -> list[Lane]:
    return waiting(settings, day, module.sightings(settings))


def read(lane: Lane, settings: Settings) -> int:
    return Task("ingest", lambda now: module.ingest(lane, now, settings)).run()


def issues(settings: Settings) -> list[tuple]:
    query = "select file_id, value, responsibility from ops.issue where issue_code = 'reader_crash'"
    with psycopg.connect(settings.warehouse_url) as connection:
        return connection.execute(query).fetchall()


def test_its_lane_fails_alone_is_reported_and_is_not_tried_for_ever(settings, poisoned):
    found = lanes(settings, DAY)
    assert [read(lane, settings) for lane in found] == [0, -signal.SIGSEGV]
    bad = found[1]
    assert report_crashes(found, NOW, settings) == [bad.path]
    assert issues(settings) == [(bad.path, "1", "centre")]
    assert lanes(settings, NEXT) == [bad]
    assert [read(bad, settings) for _ in range(MOST - 1)] == [-signal.SIGSEGV] * (MOST - 1)
    assert lanes(settings, NEXT) == []
    report_crashes([bad], NOW, settings)
    assert issues(settings) == [(bad.path, str(MOST), "centre")]
    poisoned.undo()
    assert read(bad, settings) == 0
    assert issues(settings) == []


def test_an_error_is_no_crash_and_is_tried_again(settings, monkeypatch):
    def failing(*_, **__):
        raise OSError("the disk is full")

    lane = lanes(settings, DAY)[0]
    with monkeypatch.context() as patched:
        patched.setattr(module, "check", failing)
        for _ in range(MOST + 1):
            with pytest.raises(OSError, match="disk"):
                module.ingest(lane, NOW, settings)
    assert lane in lanes(settings, NEXT)
    assert report_crashes([lane], NOW, settings) == []

"""The working-day calendar: official holidays where they are known, else plain weekdays, marked so."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar

from conduct_records.settings import SCHEMAS

OVERRIDE = SCHEMAS / "calendar_override.csv"
FIRST, LAST = date(2000, 1, 1), date(2036, 12, 31)

Row = tuple[date, bool, int, str]


def calendar_rows(first: date = FIRST, last: date = LAST, override: Path = OVERRIDE) -> list[Row]:
    """One row per day: day, is_working, working_day_no, basis (override, official, fallback).

    working_day_no counts the working days from `first` up to and including the day, so the end of n
    working days after a day is a look-up. Holidays are published a year at a time and the library ends
    with the last of them: an override row goes before it, and past both Monday to Friday count as
    working. Source: architecture decision 7.
    """
    overrides = _overrides(override)
    rows: list[Row] = []
    number = 0
    for day in _days(first, last):
        is_working, basis = overrides.get(day) or _official(day)
        number += is_working
        rows.append((day, is_working, number, basis))
    return rows


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=each) for each in range((last - first).days + 1))


def _official(day: date) -> tuple[bool, str]:
    try:
        return chinese_calendar.is_workday(day), "official"
    except NotImplementedError:
        return day.weekday() < 5, "fallback"


def _overrides(path: Path) -> dict[date, tuple[bool, str]]:
    """Days that the centre set itself: columns day, is_working (yes or no), basis (the document)."""
    with path.open(encoding="utf-8", newline="") as file:
        return {
            date.fromisoformat(row["day"]): ({"yes": True, "no": False}[row["is_working"]], "override")
            for row in csv.DictReader(file)
        }

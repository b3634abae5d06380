"""How one feed stands: its log, its last runs, the dates it lacks, the alerts about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from conduct_records.settings import Settings
from conduct_records.warehouse.connection import Connection, connect
from conduct_records.warehouse.statements import statement

Row = dict[str, Any]

STEPS = {
    "pushed_cases": ("pull_pushed_cases",),
    "evaluations": ("pull_evaluations",),
    "submissions": ("ingest_submissions",),
    "records": ("build_records",),
    "platform": ("send", "prove"),
    "portal": ("publish_portal", "prove"),
    "marts": ("publish_marts",),
}
"""The steps that work for each feed, as ops.run names them."""
FLOWS = {"platform": "share_records", "portal": "share_records"}
"""The flow of a feed whose steps do not bear its name."""
PULLED = ("pushed_cases", "evaluations")
"""Every open date must have its pull of these; submissions need not come daily."""


@dataclass(frozen=True)
class Diagnosis:
    """`log`, `runs` and `alerts` as rows by column name; `gaps` are data dates, oldest first."""

    feed: str
    is_well: bool
    log: list[Row]
    runs: list[Row]
    gaps: list[str]
    alerts: list[Row]


def diagnose(feed: str, settings: Settings) -> Diagnosis:
    """Everything that the warehouse knows about a feed; well when nothing about it is open.

    Raises:
        KeyError: there is no such feed.

    Source: requirement J3.
    """
    steps = STEPS[feed]
    with connect(settings, "records_builder") as connection:
        log = _rows(connection, f"checks/diagnose#{'pulls' if feed in PULLED else feed}", {"feed": feed})
        runs = _rows(connection, "ops/run#last", {"flows": list(steps)})
        has_dates = feed in (*PULLED, "submissions")
        gaps = _rows(connection, "checks/diagnose#gaps", {"feed": feed}) if has_dates else []
        alerts = _rows(connection, "checks/diagnose#alerts", {"about": [feed, *steps, FLOWS.get(feed, feed)]})
    dates = [str(row["data_date"]) for row in gaps]
    is_well = bool(log) and bool(log[0]["is_well"]) and not alerts and not (feed in PULLED and dates)
    return Diagnosis(feed, is_well, log, runs, dates, alerts)


def _rows(connection: Connection, name: str, values: Row) -> list[Row]:
    cursor = connection.execute(statement(name), values)
    names = [column.name for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

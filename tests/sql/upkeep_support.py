"""What tests of upkeep share: a date, the morning after it, and the alerts that stand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import psycopg

from conduct_records.settings import Settings
from conduct_records.upkeep.alerts import declared
from conduct_records.warehouse.runs import noted

DAY = date(2019, 1, 28)
NOW = datetime(2019, 1, 29, tzinfo=UTC)


def rows(settings: Settings, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(settings.warehouse_url) as connection:
        return connection.execute(query).fetchall()  # type: ignore[arg-type]


def standing(settings: Settings) -> set[tuple[str, str]]:
    return {(code, about) for code, about in rows(
        settings, "select alert_code, about from ops.alert where settled_at is null")}  # fmt: skip


def all_well(settings: Settings, day: date) -> None:
    """A day on which every feed brought something and every step ended well, in the morning after it."""
    with psycopg.connect(settings.warehouse_url) as connection:
        for feed in ("pushed_cases", "evaluations"):
            connection.execute(
                "insert into landing.pull (pull_id, feed, data_date, state, row_count, known_at)"
                " values (%s, %s, %s, 'complete', 3, %s)",
                [f"{feed}{day}", feed, day, NOW],
            )
        connection.execute(
            "insert into landing.file (file_id, unit_code, data_date, sha256, file_name, path, byte_count,"
            " sequence, state, known_at) values (%s, 'HB-AMR', %s, 'x', 'f', 'f', 1, 0, 'accepted', %s)",
            [f"f{day}", day, NOW],
        )
    for step in declared()["daily"]:
        with noted(step, day, morning_after(day), settings):
            pass


def morning_after(day: date) -> datetime:
    """08:00 in Hubei."""
    return NOW + (day - DAY)

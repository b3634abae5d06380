"""What tests of upkeep share: a date, the morning after it, and the alerts that stand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import psycopg

from conduct_records.settings import Settings

DAY = date(2019, 1, 28)
NOW = datetime(2019, 1, 29, tzinfo=UTC)


def rows(settings: Settings, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(settings.warehouse_url) as connection:
        return connection.execute(query).fetchall()  # type: ignore[arg-type]


def standing(settings: Settings) -> set[tuple[str, str]]:
    return {(code, about) for code, about in rows(
        settings, "select alert_code, about from ops.alert where settled_at is null")}  # fmt: skip

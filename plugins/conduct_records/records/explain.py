"""Why a record or a list entry is what it is."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from conduct_records.settings import Settings
from conduct_records.warehouse.connection import connect
from conduct_records.warehouse.statements import statement


def explain(key: str, settings: Settings) -> dict[str, Any]:
    """The chain behind a record or entry key: record, subject, entries, versions, claims, holds, policy,
    people's decisions, publications.

    Each claim names file, row, document and contract version. `record` is None where only history is left.
    Source: requirement D4, invariant I2.

    Raises:
        KeyError: no record and no entry ever had this key.
    """
    with connect(settings, "records_builder") as connection:
        row = connection.execute(statement("core/explain"), {"key": key}).fetchone()
    if row is None:
        raise KeyError(key)
    chain: dict[str, Any] = row[0]
    return chain


def history(
    settings: Settings, on: date, known: datetime | None = None, key: str | None = None
) -> dict[str, list[dict[str, Any]]]:
    """`held`: what held on the day, as far as `known` by then; `published`: what readers could fetch on it.

    Of one record or of all. Each line names the version, and that the evidence. Source: requirement D4.
    """
    values = {"day": on, "known": known, "key": key}
    with connect(settings, "records_builder") as connection:
        found = {}
        for section in ("held", "published"):
            cursor = connection.execute(statement(f"core/history#{section}"), values)
            names = [column.name for column in cursor.description or []]
            found[section] = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return found

"""Why a record or a list entry is what it is."""

from __future__ import annotations

from typing import Any

from conduct_records.settings import Settings
from conduct_records.warehouse.connection import connect
from conduct_records.warehouse.statements import statement


def explain(key: str, settings: Settings) -> dict[str, Any]:
    """The chain behind a record or entry key: record, subject, entries, versions, claims, holds, policy.

    Each claim names its file, row and document. `record` is None where only history is left.
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

"""Brings a table of the fold to what was made for the touched subjects, and writes only what differs."""

from __future__ import annotations

from typing import Any

from psycopg import sql

from conduct_records.warehouse.connection import Connection
from conduct_records.warehouse.statements import statement

KEYS = {
    "subject": ("subject_key",),
    "subject_identifier": ("subject_key", "scheme", "value"),
    "standing_claim": ("subject_key", "fact_key"),
    "record": ("subject_key", "record_key"),
}
"""Tables of core that are changed so, with their keys: a build makes many rows of each and changes few."""
TOLD_BY = {"record": ("content_hash", "hold_codes")}
"""Columns that tell whether a row is the same: of a record, the day it was computed for does not count."""


def write_changed(connection: Connection, table: str, values: dict[str, Any]) -> None:
    """Bring core.`table` to what core_next.`table` holds for the touched subjects, and empty that.

    `values` holds run_id, and only_moved where the subjects to whom claims were moved are meant alone.
    """
    names = {
        "table": sql.Identifier(table),
        "same_key": _same(KEYS[table]),
        "same_row": _same(TOLD_BY[table])
        if table in TOLD_BY
        else sql.SQL("row(w.*) is not distinct from row(t.*)"),
    }
    for step in ("remove", "add", "clear"):
        query = sql.SQL(statement(f"core/change#{step}")).format(**names)
        connection.execute(query, {"only_moved": False, **values})


def _same(columns: tuple[str, ...]) -> sql.Composed:
    return sql.SQL(" and ").join(
        sql.SQL("w.{0} = t.{0}").format(sql.Identifier(column)) for column in columns
    )

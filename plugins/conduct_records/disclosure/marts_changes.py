"""Writes what changed since the last publication: dimensions, then facts, then monthly figures."""

from __future__ import annotations

from typing import Any

from conduct_records.contracts.dictionary import MartTable, mart_tables
from conduct_records.disclosure.marts_table import Change, recount, write
from conduct_records.warehouse.connection import Connection
from conduct_records.warehouse.statements import statement

Changes = dict[str, Change]
EVERYTHING = ("all_subjects", "all_told")
CHANGED = ("subjects", "told_subjects", "files", "issues", "deliveries")


def write_changed(connection: Connection, values: dict[str, Any], full: bool) -> Changes:
    """Bring every table to its source, comparing what marts/cover.sql names; returns what changed by table.

    Everything is compared when `full`, when there is no version yet, and when a dimension changed: the facts
    rest on calendar, policies and codes.
    """
    changes: Changes = {}
    _write(connection, {"reference"}, values, changes)
    full = full or any(change.is_change for change in changes.values()) or _is_first(connection)
    _cover(connection, (*(EVERYTHING if full else ()), *CHANGED), values | {"is_full": full})
    _write(connection, {"whole", "subject", "told", "file", "issue", "rollup"}, values, changes)
    _cover(connection, ("months",), values | {"is_full": full})
    _write(connection, {"month"}, values, changes)
    return changes


def _is_first(connection: Connection) -> bool:
    return connection.execute(statement("marts/version#published")).fetchone() is None


def _cover(connection: Connection, steps: tuple[str, ...], values: dict[str, Any]) -> None:
    for step in steps:
        connection.execute(statement(f"marts/cover#{step}"), values)


def _write(connection: Connection, scopes: set[str], values: dict[str, Any], changes: Changes) -> None:
    for table in mart_tables().values():
        if table.scope in scopes:
            change = _changed(connection, table, values, changes)
            changes[table.name] = change
            told = {"table_name": table.name, "rows": change.rows, "checksum": change.checksum}
            flag = {"is_changed": change.is_change}
            connection.execute(statement("marts/version#touch"), values | told | flag)


def _changed(connection: Connection, table: MartTable, values: dict[str, Any], changes: Changes) -> Change:
    if table.of is None:
        return write(connection, table, values)
    return recount(connection, table) if changes[table.of].is_change else Change()

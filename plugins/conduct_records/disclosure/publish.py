"""Publishes the public column: one version in the log, one folder, one switch."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from conduct_records.disclosure.dates import open_date
from conduct_records.disclosure.folder import current_version, mark_checked, switch
from conduct_records.disclosure.marts import publish_marts
from conduct_records.disclosure.portal import Column, Entry, Row, look, render
from conduct_records.settings import Settings
from conduct_records.warehouse.connection import Connection, connect, hold_build_lock
from conduct_records.warehouse.statements import statement

__all__ = ["publish_marts", "publish_portal"]


def publish_portal(
    data_date: date, known_at: datetime, settings: Settings, *, only_withdrawals: bool = False
) -> int:
    """Bring pages and feeds to what the public may see as of the latest open date; returns their version.

    The log and the folder are two stores: the log commits first, and a folder that is behind the log is
    written again by the next call, so a killed process costs one repetition. Source: requirements E3, E5.
    """
    with connect(settings, "records_sharer") as connection:
        hold_build_lock(connection)
        column = _read(connection, open_date(connection, data_date), only_withdrawals)
        column.version_no = _log_version(connection, column, known_at)
        column.versions = connection.execute(statement("share/publication#versions")).fetchall()
        column.changed_in = dict(connection.execute(statement("share/publication#changes")).fetchall())
    _show(column, settings, is_checked=not only_withdrawals)
    return column.version_no


def _show(column: Column, settings: Settings, *, is_checked: bool) -> None:
    """Switch readers to `column`, unless another publisher has logged a newer version meanwhile."""
    with connect(settings, "records_sharer") as connection:
        hold_build_lock(connection)
        latest = connection.execute(statement("share/publication#latest")).fetchone()
        if latest is None or latest[0] != column.version_no:
            return
        stamp = hashlib.sha256(f"{column.digest} {look()}".encode()).hexdigest()
        if current_version(settings.portal) != (column.version_no, stamp):
            switch(settings.portal, column.version_no, stamp, render(column))
        if is_checked:
            mark_checked(settings.portal, column.version_no, column.valid_on)


def _read(connection: Connection, valid_on: date, only_withdrawals: bool) -> Column:
    wanted = connection.execute(
        statement("share/publication#wanted"), {"only_withdrawals": only_withdrawals}
    ).fetchall()
    entries = connection.execute(statement("share/publication#list_entries")).fetchall()
    labels: dict[str, dict[str, str]] = {}
    for list_code, code, label in connection.execute("select list_code, code, label from ref.code"):
        labels.setdefault(list_code, {})[code] = label
    rows = [Row(*row) for row in wanted]
    listed = [Entry(*entry) for entry in entries]
    return Column(valid_on, rows, listed, labels, _digest(rows, listed))


def _digest(rows: list[Row], entries: list[Entry]) -> str:
    """Over what readers see, free of run times and of the version's number."""
    content = [[row.record_key, row.content_hash] for row in rows] + [entry.content for entry in entries]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _log_version(connection: Connection, column: Column, known_at: datetime) -> int:
    """The number of this content: the latest version's where nothing changed, else a new one."""
    latest = connection.execute(statement("share/publication#latest")).fetchone()
    if latest and latest[2] == column.digest:
        return int(latest[0])
    version_no = int(latest[0]) + 1 if latest else 1
    values: dict[str, Any] = {
        "version_no": version_no,
        "valid_on": column.valid_on,
        "record_count": len(column.rows),
        "digest": column.digest,
        "known_at": known_at,
        "run_id": f"publish {column.valid_on}",
    }
    connection.execute(statement("share/publication#add_version"), values)
    published = {
        key: (subject, digest)
        for key, subject, digest in connection.execute(statement("share/publication#published"))
    }
    with connection.cursor() as cursor:
        cursor.executemany(statement("share/publication#add_change"), _changes(column, published, version_no))
    return version_no


def _changes(
    column: Column, published: Mapping[str, tuple[str, str]], version_no: int
) -> list[dict[str, Any]]:
    found: list[tuple[str, str, str, str | None]] = []
    for row in column.rows:
        before = published.get(row.record_key)
        if before is None or before[1] != row.content_hash:
            change = "added" if before is None else "changed"
            found.append((row.subject_key, row.record_key, change, row.content_hash))
    kept = {row.record_key for row in column.rows}
    found += [(subject, key, "withdrawn", None) for key, (subject, _) in published.items() if key not in kept]
    names = ("subject_key", "record_key", "change", "content_hash")
    return [dict(zip(names, each, strict=True)) | {"version_no": version_no} for each in found]

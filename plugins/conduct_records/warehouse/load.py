"""Writes one checked file into the warehouse with COPY: evidence, quarantine, issues, vault, counts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from psycopg import sql
from psycopg.types.json import Jsonb

from conduct_records.validation.check import Checked
from conduct_records.validation.chunks import Chunk
from conduct_records.warehouse.connection import Connection
from conduct_records.warehouse.persons import keep_persons
from conduct_records.warehouse.statements import statement

ISSUE_COLUMNS = (
    "file_id", "row_no", "field", "issue_code", "severity", "responsibility", "value", "message",
    "suggestion",
)  # fmt: skip


class Loader:
    """Loads the chunks of one file inside the caller's transaction. Source: architecture decision 3."""

    def __init__(self, connection: Connection, checked: Checked, known_at: datetime) -> None:
        self._connection = connection
        self._checked = checked
        self._known_at = known_at
        self._issue_ids: set[str] = set()

    def chunk(self, chunk: Chunk) -> None:
        """Append one chunk's evidence, quarantined rows and issues."""
        checked, given = self._checked, {"file_id": self._checked.file_id, "known_at": self._known_at}
        evidence = given | {"data_date": checked.data_date}
        self._copy(("evidence", str(checked.kind)), evidence, chunk.evidence)
        self._copy(("quarantine", "row"), given | {"kind": checked.kind}, chunk.quarantine)
        self.issues(chunk.issues)

    def issues(self, table: Any) -> None:
        """Append findings; the same finding on the same place is one issue."""
        rows = [row for row in table.select(ISSUE_COLUMNS).to_pylist() if self._is_new(row)]
        names = ("issue_id", *ISSUE_COLUMNS, "known_at")
        lines = ([_issue_id(row), *(row[name] for name in ISSUE_COLUMNS), self._known_at] for row in rows)
        self._copy_rows(("ops", "issue"), names, lines)

    def identifiers(self) -> None:
        """Put the natural persons' ids that were read into the vault; nothing else holds them."""
        keep_persons(self._connection, self._checked.tokeniser, self._checked.file_id, self._known_at)

    def file(self, path: str, sequence: int) -> None:
        """Write landing.file; its constraint refuses counts that do not account for every row (I1)."""
        checked, totals = self._checked, self._checked.totals
        refused = checked.refusal
        values = {
            "file_id": checked.file_id,
            "unit_code": checked.unit_code,
            "kind": checked.kind,
            "data_date": checked.data_date,
            "sha256": checked.sha256,
            "file_name": checked.file_name,
            "path": path,
            "byte_count": checked.byte_count,
            "sequence": sequence,
            "format": checked.format,
            "encoding": checked.encoding,
            "template": checked.template,
            "contract_version": checked.contract_version,
            "scope": checked.scope,
            "state": "refused" if refused else "accepted",
            "reason": refused.code if refused else None,
            "row_count": 0 if refused else totals.rows,
            "accepted_count": 0 if refused else totals.accepted,
            "quarantined_count": 0 if refused else totals.quarantined,
            "duplicate_count": 0 if refused else totals.duplicates,
            "skipped_count": 0 if refused else totals.skipped,
            "facts": Jsonb({"sheet": checked.sheet}),
            "known_at": self._known_at,
        }
        self._connection.execute(statement("landing/file#add"), values)

    def _is_new(self, row: dict[str, Any]) -> bool:
        key = _issue_id(row)
        is_new = key not in self._issue_ids
        self._issue_ids.add(key)
        return is_new

    def _copy(self, table: tuple[str, str], given: dict[str, Any], rows: Any) -> None:
        names = (*given, *rows.column_names)
        shared = list(given.values())
        self._copy_rows(table, names, ([*shared, *row] for row in _rows(rows)))

    def _copy_rows(
        self, table: tuple[str, str], names: Sequence[str], lines: Iterable[Sequence[Any]]
    ) -> None:
        columns = sql.SQL(", ").join(map(sql.Identifier, names))
        copy = sql.SQL("copy {} ({}) from stdin").format(sql.Identifier(*table), columns)
        with self._connection.cursor() as cursor, cursor.copy(copy) as target:
            for line in lines:
                target.write_row(line)


def _rows(table: Any) -> Iterator[tuple[Any, ...]]:
    return zip(*(column.to_pylist() for column in table.columns), strict=True)


def _issue_id(row: dict[str, Any]) -> str:
    text = "\x1f".join("\x1e" if row[name] is None else str(row[name]) for name in ISSUE_COLUMNS)
    return hashlib.sha256(text.encode()).hexdigest()[:32]

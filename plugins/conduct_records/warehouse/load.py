"""Writes one checked file into the warehouse with COPY: evidence, quarantine, issues, vault, counts."""

from __future__ import annotations

import hashlib
import io
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
from psycopg import sql
from psycopg.types.json import Jsonb

from conduct_records.validation.checked import Checked, NotConserved, Totals
from conduct_records.validation.results import Chunk
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
        self._given = {"file_id": checked.file_id, "known_at": known_at.isoformat()}
        self._evidence = 0
        self._quarantine = 0

    def chunk(self, chunk: Chunk) -> None:
        """Append one chunk's evidence, quarantined rows, issues and natural persons' ids."""
        checked = self._checked
        evidence = self._given | {"data_date": checked.data_date.isoformat()}
        self._evidence += self._copy(("evidence", str(checked.kind)), evidence, chunk.evidence)
        quarantine = self._given | {"kind": str(checked.kind)}
        self._quarantine += self._copy(("quarantine", "row"), quarantine, chunk.quarantine)
        self.issues(chunk.issues)
        keep_persons(self._connection, checked.tokeniser, chunk.people, checked.file_id, self._known_at)

    def issues(self, table: Any) -> None:
        """Append findings; the same finding on the same place is one issue."""
        told = table.select(ISSUE_COLUMNS)
        ids = [_issue_id(row) for row in zip(*(column.to_pylist() for column in told.columns), strict=True)]
        first = list({key: place for place, key in reversed(list(enumerate(ids)))}.values())[::-1]
        rows = told.append_column("issue_id", pa.array(ids, pa.string())).take(pa.array(first, pa.int64()))
        self._copy(("ops", "issue"), {"known_at": self._given["known_at"]}, rows)

    def file(self, path: str, sequence: int) -> None:
        """Write landing.file; its constraint refuses counts that do not account for every row (I1).

        Raises:
            NotConserved: the tables took another number of rows than the check gave.
        """
        checked, refused = self._checked, self._checked.refusal
        totals = Totals() if refused else checked.totals
        if (self._evidence, self._quarantine) != (totals.accepted, totals.quarantined):
            raise NotConserved(f"{self._evidence} + {self._quarantine} rows loaded of {totals}")
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
            "row_count": totals.rows,
            "accepted_count": totals.accepted,
            "quarantined_count": totals.quarantined,
            "duplicate_count": totals.duplicates,
            "skipped_count": totals.skipped,
            "facts": Jsonb({"sheet": checked.sheet}),
            "known_at": self._known_at,
        }
        self._connection.execute(statement("landing/file#add"), values)
        if not refused:
            self._connection.execute(statement("landing/file#replayed"), values)

    def _copy(self, table: tuple[str, str], given: dict[str, str], rows: Any) -> int:
        """COPY a table as CSV, with values that all its rows share; columns without a value are left out."""
        if len(rows) == 0:
            return 0
        whole = _written({name: pa.repeat(value, len(rows)) for name, value in given.items()}, rows)
        columns = sql.SQL(", ").join(map(sql.Identifier, whole.column_names))
        copy = sql.SQL("copy {} ({}) from stdin (format csv)").format(sql.Identifier(*table), columns)
        with self._connection.cursor() as cursor:
            with cursor.copy(copy) as target:
                target.write(_csv(whole))
            return cursor.rowcount


def _written(given: dict[str, Any], rows: Any) -> Any:
    """The columns that hold something, lists as PostgreSQL writes them."""
    held = {name: rows[name] for name in rows.column_names if rows[name].null_count < len(rows)}
    lists = {name: _list(held[name]) for name in held if pa.types.is_list(held[name].type)}
    return pa.table(given | held | lists)


def _list(values: Any) -> Any:
    """Lists of plain words as array literals."""
    return pc.binary_join_element_wise("{", pc.binary_join(values, ","), "}", "")


def _csv(table: Any) -> memoryview:
    """CSV in which an empty text is quoted and a null is not, as COPY tells them apart."""
    sink = io.BytesIO()
    pacsv.write_csv(table, sink, pacsv.WriteOptions(include_header=False))
    return sink.getbuffer()


def _issue_id(row: tuple[Any, ...]) -> str:
    text = "\x1f".join("\x1e" if value is None else str(value) for value in row)
    return hashlib.sha256(text.encode()).hexdigest()[:32]

"""What a receipt's workbook tells of each chunk: rows with findings, and all rows of a small file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from conduct_records.validation.checked import Checked
from conduct_records.validation.results import Chunk

WHOLE_FILE_ROWS = 2_000
MOST_ROWS = 100_000


@dataclass(frozen=True)
class Told:
    """One finding as a receipt tells it; `column` is the place of its cell, None for the row as a whole."""

    code: str
    severity: str
    message: str
    suggestion: str
    column: int | None


@dataclass(frozen=True)
class ReceiptRow:
    """One row: its number, its cells as submitted (ids masked), what became of it, what was found."""

    row_no: int
    cells: list[str | None]
    state: str
    told: list[Told]


@dataclass
class Spool:
    """Collects rows for a receipt. `whole` is false once the file is too long to be given back entirely."""

    checked: Checked
    rows: list[ReceiptRow] = field(default_factory=list)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    whole: bool = True
    taken: int = 0

    def add(self, chunk: Chunk) -> None:
        """Take what a receipt tells of one chunk."""
        issues = chunk.issues.to_pylist()
        self.counts.update((issue["issue_code"], issue["severity"]) for issue in issues)
        told = self._told(issues)
        if self.whole and len(self.rows) + len(chunk.row_no) > WHOLE_FILE_ROWS:
            self.whole = False
            self.rows = [row for row in self.rows if row.told]
        wanted = None if self.whole else set(told)
        self.rows += self._taken(chunk, told, wanted)

    def take(self) -> list[ReceiptRow]:
        """The rows since the last call, as many as a workbook may hold; they are forgotten here."""
        rows, self.rows = self.rows[: MOST_ROWS - self.taken], []
        self.taken += len(rows)
        return rows

    def _told(self, issues: list[dict[str, Any]]) -> dict[int, list[Told]]:
        layout = self.checked.layout
        places = {name: place for place, name in layout.fields.items()} if layout else {}
        told: dict[int, list[Told]] = {}
        for issue in issues:
            place = places.get(issue["field"] or "")
            line = Told(issue["issue_code"], issue["severity"], issue["message"], issue["suggestion"], place)
            told.setdefault(issue["row_no"], []).append(line)
        return told

    def _taken(
        self, chunk: Chunk, told: dict[int, list[Told]], wanted: set[int] | None
    ) -> Iterator[ReceiptRow]:
        rows = dict(chunk.broken) | dict(_cells(chunk, wanted))
        accepted = set(chunk.evidence["row_no"].to_pylist()) if wanted is None or wanted else set()
        bad = set(chunk.quarantine["row_no"].to_pylist())
        mask = self.checked.tokeniser.masked
        for row_no in sorted(rows):
            state = "quarantined" if row_no in bad else "accepted" if row_no in accepted else "duplicate"
            cells = [None if cell is None else mask(cell) for cell in rows[row_no]]
            yield ReceiptRow(row_no, cells, state, told.get(row_no, []))


def _cells(chunk: Chunk, wanted: set[int] | None) -> Iterator[tuple[int, list[str | None]]]:
    numbers = chunk.row_no.to_numpy()
    places = np.arange(len(numbers))
    if wanted is not None:
        places = np.flatnonzero(np.isin(numbers, list(wanted)))
    columns = [column.take(pa.array(places)).to_pylist() for column in chunk.rows]
    for number, cells in zip(numbers[places].tolist(), zip(*columns, strict=True), strict=True):
        yield number, list(cells)

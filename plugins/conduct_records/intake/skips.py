"""Rows that are no data: legends below the table, blank separators, headers that a page break repeats."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow.compute as pc

from conduct_records.intake.sheets import BrokenRow, RawChunk


@dataclass
class Skipper:
    """Tells what to skip, chunk after chunk: once a legend has begun, its further lines belong to it."""

    legend_markers: tuple[str, ...]
    headers: list[str]
    in_legend: bool = False
    _legend_rows: list[int] = field(default_factory=list)

    def split(self, chunk: RawChunk) -> tuple[list[BrokenRow], int]:
        """Of the rows that do not fit the table: those that should be data, and how many are not."""
        kept = [row for row in chunk.broken if not self._is_legend(row.row_no, row.cells)]
        return kept, len(chunk.broken) - len(kept)

    def skipped(self, chunk: RawChunk) -> Any:
        """Which rows of the chunk are no data, as a numpy mask."""
        size = len(chunk.row_no)
        filled = np.zeros(size, np.int32)
        for column in chunk.columns:
            filled += pc.is_valid(column).to_numpy(zero_copy_only=False)
        skip = filled == 0
        for place in np.flatnonzero((filled > 0) & (filled <= 2)).tolist():
            cells = (column[place].as_py() for column in chunk.columns)
            skip[place] = self._is_legend(chunk.row_no[place].as_py(), cells)
        return skip | self._repeats_header(chunk, size)

    def new_legend_rows(self) -> list[int]:
        """The legend rows met since the last call."""
        rows, self._legend_rows = self._legend_rows, []
        return rows

    def _is_legend(self, row_no: int, cells: Iterable[str | None]) -> bool:
        """Blank, or at most two cells of which the first begins a legend or follows one."""
        filled = [cell.strip() for cell in cells if cell and cell.strip()]
        if not filled:
            return True
        if len(filled) > 2:
            return False
        self.in_legend = self.in_legend or filled[0].startswith(self.legend_markers)
        if self.in_legend:
            self._legend_rows.append(row_no)
        return self.in_legend

    def _repeats_header(self, chunk: RawChunk, size: int) -> Any:
        """Rows whose first cells are the header's own texts."""
        same = np.ones(size, bool)
        for place in [place for place, text in enumerate(self.headers) if text][:3]:
            if not same.any():
                break
            equal = pc.fill_null(pc.equal(chunk.columns[place], self.headers[place]), False)
            same &= equal.to_numpy(zero_copy_only=False)
        return same

"""Rows that are no data: legends, totals, signatures, serial numbers alone, blank rows, repeated headers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow.compute as pc

from conduct_records.contracts.vocabulary import Vocabulary
from conduct_records.intake.headers import is_ignored
from conduct_records.intake.layout import Layout
from conduct_records.intake.sheets import BrokenRow, RawChunk


@dataclass
class Skipper:
    """Tells what to skip, chunk after chunk: once a legend has begun, its further lines belong to it.

    `legend_rows` and `serial_rows` are the numbers of the rows that were skipped though they hold something.
    """

    words: Vocabulary
    layout: Layout
    in_legend: bool = False
    legend_rows: list[int] = field(default_factory=list)
    serial_rows: list[int] = field(default_factory=list)

    @cached_property
    def serials(self) -> set[int]:
        """The columns of serial numbers."""
        unknown = self.layout.unknown.items()
        return {place for place, text in unknown if is_ignored(text, self.words)}

    def split(self, chunk: RawChunk) -> tuple[list[BrokenRow], int]:
        """Of the rows that do not fit the table: those that should be data, and how many are not."""
        kept = [row for row in chunk.broken if not self._is_no_data(row.row_no, row.cells)]
        return kept, len(chunk.broken) - len(kept)

    def skipped(self, chunk: RawChunk) -> Any:
        """Which rows of the chunk are no data, as a numpy mask."""
        size = len(chunk.row_no)
        filled = np.zeros(size, np.int32)
        for column in chunk.columns:
            filled += pc.is_valid(column).to_numpy(zero_copy_only=False)
        skip = filled == 0
        places = np.flatnonzero((filled > 0) & ((filled <= 2) | self._lacking(chunk, size)))
        first = pc.coalesce(*(column.take(places) for column in chunk.columns)).to_pylist()
        seen = 0
        for place, text in zip(places.tolist(), first, strict=True):
            if filled[place] <= 2 or self._is_marked(text):
                self.in_legend &= not (filled[seen:place] > 2).any()
                cells = (column[place].as_py() for column in chunk.columns)
                skip[place] = self._is_no_data(chunk.row_no[place].as_py(), cells)
                seen = place + 1
        self.in_legend &= not (filled[seen:] > 2).any()
        return skip | self._repeats_header(chunk, size)

    def _lacking(self, chunk: RawChunk, size: int) -> Any:
        """Rows without a value that data must have: no other row of many cells is looked at more closely."""
        lacking = np.zeros(size, bool)
        for place, name in self.layout.fields.items():
            if self.layout.contract.fields[name].required and chunk.columns[place].null_count:
                lacking |= pc.is_null(chunk.columns[place]).to_numpy(zero_copy_only=False)
        return lacking

    def _is_no_data(self, row_no: int, cells: Iterable[str | None]) -> bool:
        """Blank, a serial number alone, a line of a legend, or totals and signatures."""
        plain = ["".join((cell or "").split()) for cell in cells]
        filled = [(place, text) for place, text in enumerate(plain) if text]
        if not filled:
            return True
        self.in_legend = len(filled) <= 2 and (self.in_legend or self._is_marked(filled[0][1]))
        if self.in_legend or self._is_foot([text for _, text in filled]):
            self.legend_rows.append(row_no)
        elif all(place in self.serials and text.isdigit() for place, text in filled):
            self.serial_rows.append(row_no)
        else:
            return False
        return True

    def _is_marked(self, text: str) -> bool:
        return "".join(text.split()).startswith(self.words.legend_markers)

    def _is_foot(self, texts: list[str]) -> bool:
        """A mark first, and then nothing but marks, what stands beside each, and figures."""
        marked = [self._is_marked(text) for text in texts]
        beside = [False, *marked[:-1]]
        figures = [re.fullmatch(self.words.figure, text) for text in texts]
        return marked[0] and all(map(any, zip(marked, beside, figures, strict=True)))

    def _repeats_header(self, chunk: RawChunk, size: int) -> Any:
        """Rows whose first cells are the header's own texts."""
        same = np.ones(size, bool)
        for place in [place for place, text in enumerate(self.layout.headers) if text][:3]:
            if not same.any():
                break
            equal = pc.fill_null(pc.equal(chunk.columns[place], self.layout.headers[place]), False)
            same &= equal.to_numpy(zero_copy_only=False)
        return same

"""Rows of delimited text shorter than the header: blanks left out at the end, or cells lost (B2, B10)."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from operator import attrgetter
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

Parse = Callable[[list[str], int], list[Any]]


class ShortRows:
    """Fills up the rows of one file whose end was left out; a row that lost a cell stays set apart.

    Spreadsheets write no separators behind the last value of a block of rows. So a width is theirs if some
    row of that width ends in a value; a row that ends in a blank, alone in its width, lost a cell elsewhere.
    What is filled up is checked by every rule like any other row: cells that moved do not fit their columns.
    """

    def __init__(self, width: int, parse: Parse) -> None:
        self._width = width
        self._parse = parse
        self._ended: set[int] = set()

    def filled_up(
        self, columns: list[Any], row_no: Any, apart: list[Any]
    ) -> tuple[list[Any], Any, list[Any]]:
        """The columns and numbers with such rows among the others, in order, and the rows still set apart."""
        pieces, left = [[*columns, row_no]], []
        for cells, group in groupby(
            sorted(apart, key=attrgetter("actual_columns")), attrgetter("actual_columns")
        ):
            rows = list(group)
            filled = self._filled(rows, cells) if cells < self._width else None
            if filled:
                pieces.append([*filled, pa.array([row.number for row in rows], pa.int64())])
            else:
                left += rows
        if len(pieces) == 1:
            return columns, row_no, apart
        joined = [pa.concat_arrays(parts) for parts in zip(*pieces, strict=True)]
        order = pc.array_sort_indices(joined[-1])
        *columns, row_no = (array.take(order) for array in joined)
        return columns, row_no, sorted(left, key=attrgetter("number"))

    def _filled(self, rows: list[Any], cells: int) -> list[Any] | None:
        columns = self._parse([row.text for row in rows], cells)
        if columns[-1].null_count < len(rows):
            self._ended.add(cells)
        blank = pa.nulls(len(rows), pa.string())
        return [*columns, *[blank] * (self._width - cells)] if cells in self._ended else None

"""A file as a table of texts: its first rows for the layout, then bounded chunks (decision 10)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import pyarrow as pa

from conduct_records.contracts.wording import listed
from conduct_records.intake.limits import Limits
from conduct_records.intake.refusal import Refused

HEAD_ROWS = 40
Cells = list[str | None]


@dataclass(frozen=True)
class BrokenRow:
    """A row that does not fit the table: wrong number of cells, or a line that can't be read."""

    row_no: int
    cells: Cells
    issue: str
    detail: str


@dataclass(frozen=True)
class RawChunk:
    """Rows as submitted: one string array a column, by position; `row_no` is what a spreadsheet shows."""

    columns: list[Any]
    row_no: Any
    broken: list[BrokenRow] = field(default_factory=list)


@dataclass(frozen=True)
class Finding:
    """Something about the file as a whole that its receipt must say, unless it ends above the data."""

    issue: str
    value: str = ""
    detail: str = ""
    last_row: int | None = None


class Sheet(Protocol):
    """One table. `head` are its first rows; `chunks(after, width)` reads what follows row `after`."""

    name: str
    encoding: str | None
    head: list[Cells]
    findings: list[Finding]

    def chunks(self, after: int, width: int) -> Iterator[RawChunk]:
        """The rows below the header, in order."""
        ...


def to_chunk(rows: list[Cells], first_row: int, width: int) -> RawChunk:
    """Rows of cells as a chunk. Short rows are filled up; a row with a value beyond `width` is set apart."""
    numbers = np.arange(first_row, first_row + len(rows))
    over = [place for place, row in enumerate(rows) if len(row) > width and any(row[width:])]
    broken = [
        BrokenRow(int(numbers[place]), rows[place], "shifted_row", f"{len(rows[place])} / {width}")
        for place in over
    ]
    kept = np.delete(numbers, over)
    if over:
        rows = [row for place, row in enumerate(rows) if place not in set(over)]
    columns = [pa.array(column, pa.string()) for column in itertools.zip_longest(*rows)][:width]
    columns += [pa.nulls(len(rows), pa.string())] * (width - len(columns))
    return RawChunk(columns, pa.array(kept), broken)


def gathered(chunks: Iterator[RawChunk], at_least: int) -> Iterator[RawChunk]:
    """Chunks put together until they take so many bytes: the larger they are, the more values repeat."""
    held: list[RawChunk] = []
    for chunk in chunks:
        held.append(chunk)
        if sum(column.nbytes for one in held for column in one.columns) >= at_least:
            yield _joined(held)
            held = []
    if held:
        yield _joined(held)


def _joined(chunks: list[RawChunk]) -> RawChunk:
    columns = zip(*(one.columns for one in chunks), strict=True)
    return RawChunk(
        [pa.concat_arrays(pieces) for pieces in columns],
        pa.concat_arrays([one.row_no for one in chunks]),
        [row for one in chunks for row in one.broken],
    )


def check_width(width: int, limits: Limits) -> None:
    """Refuse a table that is wider than any template could be.

    Raises:
        Refused: too_many_columns.
    """
    if width > limits.columns:
        raise Refused("too_many_columns", f"{width} > {limits.columns}")


def ranges(rows: list[int]) -> str:
    """Numbers as a clerk lists them, neighbours as a range."""
    groups = itertools.groupby(enumerate(sorted(rows)), lambda item: item[1] - item[0])
    ends = [[row for _, row in group] for _, group in groups]
    return listed(f"{run[0]}-{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in ends)

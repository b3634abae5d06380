"""Rows of delimited text that a quote without its pair has swallowed: they stand in one cell (B2, B10)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from conduct_records.intake.sheets import BrokenRow, RawChunk


def set_apart(chunk: RawChunk, delimiter: str) -> RawChunk:
    """The chunk with such rows among the broken ones; else the rows they hold would be lost in silence."""
    found = [_swallowing(column, place, chunk, delimiter) for place, column in enumerate(chunk.columns)]
    lines = {row: count for one in found for row, count in one.items()}
    if not lines:
        return chunk
    numbers = chunk.row_no.to_numpy()
    broken = [
        BrokenRow(
            int(numbers[row]), [column[row].as_py() for column in chunk.columns], "open_quote", str(count)
        )
        for row, count in sorted(lines.items())
    ]
    keep = np.ones(len(numbers), bool)
    keep[list(lines)] = False
    columns = [column.filter(pa.array(keep)) for column in chunk.columns]
    both = sorted([*chunk.broken, *broken], key=lambda row: row.row_no)
    return RawChunk(columns, chunk.row_no.filter(pa.array(keep)), both)


def _swallowing(column: Any, place: int, chunk: RawChunk, delimiter: str) -> dict[int, int]:
    """Row to how many further lines its cell holds.

    Such a cell goes on to the end of its own line and ends in another one, as many columns from its begin: a
    text of several lines has not so many separators.
    """
    behind = len(chunk.columns) - 1 - place
    lines = {row: column[row].as_py().rstrip("\r\n").split("\n") for row in _lined(column)}
    return {
        row: len(texts) - 1
        for row, texts in lines.items()
        if texts[0].count(delimiter) >= behind and texts[-1].count(delimiter) >= place and behind + place
    }


def _lined(column: Any) -> list[int]:
    """The places of texts that hold a line end, found in the bytes: ten times as fast."""
    _, ends, content = column.buffers()
    offsets = np.frombuffer(ends, np.int32)[column.offset : column.offset + len(column) + 1]
    letters = np.frombuffer(content or b"", np.uint8)[offsets[0] : offsets[-1]]
    found = np.flatnonzero(letters == ord("\n")) + offsets[0]
    places: list[int] = np.unique(np.searchsorted(offsets, found, side="right") - 1).tolist()
    return places

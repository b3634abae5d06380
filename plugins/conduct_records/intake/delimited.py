"""Delimited text, read by Arrow in blocks; rows that have not as many cells as the header are set apart."""

from __future__ import annotations

import csv
import io
import itertools
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from conduct_records.intake import open_quotes
from conduct_records.intake.decode import Encoding
from conduct_records.intake.limits import LIMITS, Limits
from conduct_records.intake.refusal import Refused
from conduct_records.intake.sheets import (
    HEAD_ROWS,
    BrokenRow,
    Cells,
    Finding,
    RawChunk,
    check_width,
    gathered,
)
from conduct_records.intake.short_rows import ShortRows

_HEAD_CHARACTERS = 1 << 18
_DELIMITERS = ",\t;|"


class DelimitedSheet:
    """One delimited file."""

    def __init__(self, path: Path, encoding: Encoding, limits: Limits = LIMITS) -> None:
        """Read its first rows.

        Raises:
            Refused: too_many_columns, cell_too_long, unreadable.
        """
        self.name = path.name
        self.encoding: str | None = encoding
        self.findings: list[Finding] = []
        self._path = path
        self._limits = limits
        with path.open(encoding=_codec(encoding), newline="") as file:
            text = file.read(_HEAD_CHARACTERS).removeprefix("\ufeff")
        csv.field_size_limit(limits.cell_characters)
        self._delimiter = _delimiter(text)
        self.head = self._head(text)
        check_width(max(map(len, self.head), default=0), limits)

    def _head(self, text: str) -> list[Cells]:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=self._delimiter)
        rows: list[Cells] = []
        try:
            for row in reader:
                rows.append([cell if cell.strip() else None for cell in row])
                if len(rows) == HEAD_ROWS:
                    break
        except csv.Error as error:
            raise Refused("cell_too_long", f"{reader.line_num}") from error
        return rows

    def chunks(self, after: int, width: int) -> Iterator[RawChunk]:
        """The rows below row `after`.

        Raises:
            Refused: cell_too_long where a quote never ends, unreadable.
        """
        apart: list[Any] = []
        with self._path.open("rb") as stream:
            try:
                reader = self._reader(stream, width, apart)
                yield from gathered(self._numbered(reader, after, width, apart), self._limits.chunk_bytes)
            except pa.ArrowInvalid as error:
                code = "cell_too_long" if "straddling" in str(error) else "unreadable"
                raise Refused(code, "CSV") from error

    def _reader(self, stream: Any, width: int, apart: list[Any]) -> Any:
        names = [f"c{position}" for position in range(width)]

        def set_apart(row: Any) -> str:
            apart.append(row)
            return "skip"

        return pacsv.open_csv(
            stream,
            read_options=pacsv.ReadOptions(
                column_names=names,
                use_threads=False,
                block_size=self._limits.block_bytes,
                encoding=_codec(self.encoding),
            ),
            parse_options=pacsv.ParseOptions(
                delimiter=self._delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=set_apart,
            ),
            convert_options=pacsv.ConvertOptions(
                check_utf8=False,  # every byte was looked at to find the encoding
                column_types=dict.fromkeys(names, pa.string()),
                strings_can_be_null=True,
                null_values=[""],
            ),
        )

    def _numbered(self, reader: Any, after: int, width: int, apart: list[Any]) -> Iterator[RawChunk]:
        """Give each row its number: Arrow leaves out the rows it sets apart, so theirs are skipped over.

        Arrow reads a block ahead, so rows set apart may belong to a batch that is still to come.
        """
        next_row, short = 1, ShortRows(width, self._parsed)
        for batch in reader:
            end, taken = next_row + len(batch), 0
            while taken < len(apart) and apart[taken].number <= end:
                end, taken = end + 1, taken + 1
            numbers = np.arange(next_row, end)
            gaps = np.isin(numbers, [row.number for row in apart[:taken]])
            below = [row for row in apart[:taken] if row.number > after]
            del apart[:taken]
            next_row = end
            start = int(np.searchsorted(numbers[~gaps], after, side="right"))
            columns = [column[start:] for column in batch.columns]
            yield self._chunk(*short.filled_up(columns, pa.array(numbers[~gaps][start:]), below))
        if below := [row for row in apart if row.number > after]:
            nothing = [pa.nulls(0, pa.string())] * width
            yield self._chunk(*short.filled_up(nothing, pa.array([], pa.int64()), below))

    def _parsed(self, lines: list[str], width: int) -> list[Any]:
        """Lines of one width as columns."""
        stream = io.BytesIO("\n".join(lines).encode(_codec(self.encoding)))
        return [column.combine_chunks() for column in self._reader(stream, width, []).read_all().columns]

    def _chunk(self, columns: list[Any], row_no: Any, apart: list[Any]) -> RawChunk:
        chunk = RawChunk(columns, row_no, [self._broken(row) for row in apart])
        return open_quotes.set_apart(chunk, self._delimiter)

    def _broken(self, row: Any) -> BrokenRow:
        cells: Cells = [cell or None for cell in next(csv.reader([row.text], delimiter=self._delimiter), [])]
        return BrokenRow(row.number, cells, "shifted_row", f"{row.actual_columns} / {row.expected_columns}")


def _codec(encoding: str | None) -> str:
    return "utf-8" if encoding in {None, "utf-8-sig"} else str(encoding)


def _delimiter(text: str) -> str:
    """The separator by which the most cells stand in rows of one width; a comma where none does."""

    def fitting(mark: str) -> int:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
        widths = Counter(map(len, itertools.islice(rows, HEAD_ROWS)))
        return max((width * count for width, count in widths.items() if width > 1), default=0)

    try:
        return max(_DELIMITERS, key=fitting)
    except csv.Error:  # a quote without end, as the head will tell
        return _DELIMITERS[0]

"""Workbooks, old and new, through python-calamine: values as text, exactly, and never a guess."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from conduct_records.intake.decode import whole
from conduct_records.intake.limits import LIMITS, Limits
from conduct_records.intake.refusal import Refused
from conduct_records.intake.sheets import HEAD_ROWS, Cells, Finding, RawChunk, check_width, ranges, to_chunk
from conduct_records.intake.untold import untold

_CHUNK_ROWS = 20_000
_EXACT = 10**15  # a float holds 15 decimal digits; a longer number has lost its last ones


def open_workbook(path: Path, limits: Limits = LIMITS) -> Iterator[WorkbookSheet]:
    """The visible sheets that hold anything; hidden ones are named in the findings of the first.

    Raises:
        Refused: unreadable, encrypted, too_many_columns.
    """
    try:
        book = CalamineWorkbook.from_path(str(path))
        plain = [meta for meta in book.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet]
    except BaseException as error:
        raise _refusal(error) from error
    hidden = [
        Finding("hidden_sheet", meta.name) for meta in plain if meta.visible != SheetVisibleEnum.Visible
    ]
    for place, meta in enumerate(book.sheets_metadata):
        if meta in plain and meta.visible == SheetVisibleEnum.Visible:
            sheet = WorkbookSheet(book, place, path, limits)
            sheet.findings += hidden
            hidden = []
            yield sheet


class WorkbookSheet:
    """One sheet. Memory holds the sheet while it is read: the format can't be read otherwise."""

    encoding: str | None = None

    def __init__(self, book: Any, place: int, path: Path, limits: Limits = LIMITS) -> None:
        """Read the sheet that stands in this place.

        Raises:
            Refused: unreadable, too_many_columns.
        """
        self.name = book.sheet_names[place]
        self.findings: list[Finding] = []
        try:
            with ThreadPoolExecutor(1) as beside:  # calamine lets other threads run while it reads
                told = beside.submit(untold, path, place)
                self._sheet = book.get_sheet_by_index(place)
                self._untold = told.result()
            self._left = self._sheet.start[1] if self._sheet.start else 0
            check_width(self._left + self._sheet.width, limits)
            self.head = list(itertools.islice(self._rows(), HEAD_ROWS))
        except BaseException as error:
            raise _refusal(error) from error
        if merged := self._sheet.merged_cell_ranges:
            self.findings.append(Finding("merged_cells", last_row=max(last for _, (last, _) in merged) + 1))
        if hidden := self._untold.hidden:
            self.findings.append(Finding("hidden_rows", ranges(hidden), str(len(hidden)), hidden[-1]))

    def chunks(self, after: int, width: int) -> Iterator[RawChunk]:
        """The rows below row `after`, which counts as the sheet shows it."""
        rows = self._rows()
        for _ in range(after):
            next(rows, None)
        next_row = after + 1
        while block := self._block(rows):
            yield to_chunk(block, next_row, width)
            next_row += len(block)

    def _block(self, rows: Iterator[Cells]) -> list[Cells]:
        try:
            return list(itertools.islice(rows, _CHUNK_ROWS))
        except BaseException as error:
            raise _refusal(error) from error

    def _rows(self) -> Iterator[Cells]:
        """All rows from the sheet's first; calamine leaves out empty columns on the left, not empty rows."""
        for number, row in enumerate(self._sheet.iter_rows(), 1):
            cells = [None] * self._left + [as_text(value) for value in row]
            if (shown := self._untold.cells.get(number)) and any(cells):  # errors alone make no row
                cells = [shown.get(column, text) for column, text in enumerate(cells)]
            yield cells


def as_text(value: Any) -> str | None:
    """A cell as text: whole numbers without a point; a number too long to be exact in scientific notation."""
    if isinstance(value, str):
        return whole(value) or None
    if value is None:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, date | time | timedelta):
        return str(value)
    raise TypeError(f"a cell of type {type(value).__name__}")


def _number(value: float) -> str:
    if abs(value) >= _EXACT:
        return f"{value:.5E}"
    return str(int(value)) if value == int(value) else repr(value)


def _refusal(error: BaseException) -> BaseException:
    """What to raise for whatever calamine met: a panic of its Rust side is no Exception."""
    if isinstance(error, Refused | KeyboardInterrupt | SystemExit | GeneratorExit | MemoryError):
        return error
    text = str(error).lower()
    if "password" in text or "encrypt" in text:
        return Refused("encrypted")
    return Refused("unreadable", "calamine" if isinstance(error, CalamineError) else type(error).__name__)

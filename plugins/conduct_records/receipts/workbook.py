"""The receipt as a workbook in the submitter's own template: bad cells coloured, messages in comments.

Every cell is written as a string: nothing that a submitter sends can run as a formula (B6). As a program it
reads the parts as lines of JSON, so that a long receipt is written beside the check:
`python -m conduct_records.receipts.workbook PATH`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Any

import xlsxwriter

_COLOURS = {"error": "#F8CBAD", "warning": "#FFE699", "notice": "#DDEBF7"}
# each is a drawing: more of them make a spreadsheet slow, and the issue column says the same
_COMMENTS = 2_000
_CELL = 32_000
_LINE = 14  # points; stated, since not every program fits a row to its wrapped text
_MOST_LINES = 6
_ISSUES, _WIDE, _NARROW = 60, 24, 18
_SUMMARY = (_WIDE, 44, _ISSUES, _WIDE)


def write_workbook(parts: Iterable[list[Any]], path: str) -> None:
    """Write a receipt from its parts (receipts.told). Memory holds one row at a time."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(path, options) as workbook:
        receipt = _Receipt(workbook)
        for name, *values in parts:
            getattr(receipt, name)(*values)
        receipt.close()


class _Receipt:
    """Takes the parts, each by the method that bears its name."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._rows: Any = None
        self._top = self._next = 0
        self._columns = 0
        self._comments = 0

    def opening(self, font_name: str, summary_title: str, rows_title: str) -> None:
        """The sheet that is filled last stands first."""
        self._define({"font_name": font_name, "font_size": 10, "valign": "top"})
        self._summary = self._workbook.add_worksheet(summary_title)
        self._rows_title = rows_title

    def header(self, remark: str | None, labels: list[str]) -> None:
        """The sheet of rows under the submitter's own headers."""
        sheet = self._rows = self._workbook.add_worksheet(self._rows_title)
        sheet.set_landscape()
        sheet.set_paper(8)  # A3; a page can't hold all columns, so each repeats what the row is about
        sheet.repeat_columns(0, 2)
        sheet.set_column(0, 1, 10)
        sheet.set_column(2, 2, _ISSUES)
        sheet.set_column(3, len(labels) - 1, _NARROW)
        self._is_long = remark is not None
        top = self._top = int(self._is_long)
        self._next, self._columns = top + 1, len(labels)
        _put(sheet, 0, 0, remark, None)
        sheet.repeat_rows(top)
        sheet.set_row(top, _LINE * _lines(labels[3:], [_NARROW] * (len(labels) - 3)))
        for place, label in enumerate(labels):
            _put(sheet, top, place, label, self._head)
        sheet.freeze_panes(top + 1, 3)

    def row(
        self, row_no: int, state: list[str], told: str, cells: list[str | None], marks: list[Any]
    ) -> None:
        """One submitted row with what was found in it."""
        sheet, row, marked = self._rows, self._next, {place: severity for place, severity, _ in marks}
        if not self._is_long:  # a long file would pay for it, and few look at it on paper
            widths = [_ISSUES, *[_NARROW] * len(cells)]
            sheet.set_row(row, _LINE * min(_lines([told, *cells], widths), _MOST_LINES))
        _put(sheet, row, 0, row_no, self._plain)
        label, worst = state
        _put(sheet, row, 1, label, self._marks[worst] if worst else self._plain)
        _put(sheet, row, 2, told, self._plain)
        for place, cell in enumerate(cells):
            style = self._marks[marked[place]] if place in marked else self._plain
            _put(sheet, row, place + 3, cell, style)
        for place, _, text in marks[: max(_COMMENTS - self._comments, 0)]:
            self._comments += 1
            sheet.write_comment(row, place + 3, text, {"x_scale": 2, "y_scale": 1.5})
        self._next += 1

    def summary(self, lines: list[Any], guidance: str, tables: list[Any], severities: dict[str, str]) -> None:
        """Verdict, figures, findings about the file, counts by issue; `severities` are their labels."""
        colours = {severities[severity]: mark for severity, mark in self._marks.items()}
        sheet = self._summary
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        for column, width in enumerate(_SUMMARY):
            sheet.set_column(column, column, width)
        sheet.set_row(0, 24)
        for row, (label, value) in enumerate(lines):
            _put(sheet, row, 0, label, self._head)
            sheet.merge_range(row, 1, row, 3, "", self._plain)
            _put(sheet, row, 1, value, self._title if row == 0 else self._left)
        sheet.set_row(len(lines), 2 * _LINE)
        sheet.merge_range(len(lines), 0, len(lines), 3, "", self._guide)
        _put(sheet, len(lines), 0, guidance, self._guide)
        row = len(lines) + 2
        for title, heads, body in tables:
            row = self._table(row, title, [heads, *body], colours)

    def close(self) -> None:
        """What needs to know how many rows there are."""
        if self._rows is not None:
            self._rows.autofilter(self._top, 0, self._next - 1, self._columns - 1)

    def _define(self, font: dict[str, Any]) -> None:
        self._plain = self._workbook.add_format(font | {"text_wrap": True})
        self._left = self._workbook.add_format(font | {"align": "left", "text_wrap": True})
        self._title = self._workbook.add_format(font | {"bold": True, "font_size": 14})
        self._head = self._workbook.add_format(
            font | {"bold": True, "bg_color": "#D9D9D9", "border": 1, "text_wrap": True}
        )
        self._guide = self._workbook.add_format(font | {"bold": True, "valign": "vcenter", "text_wrap": True})
        self._marks = {
            severity: self._workbook.add_format(font | {"bg_color": colour, "text_wrap": True, "border": 1})
            for severity, colour in _COLOURS.items()
        }

    def _table(self, row: int, title: str, lines: list[Any], colours: dict[str, Any]) -> int:
        """A titled table; nothing where it would have no lines. Returns the next free row."""
        if len(lines) < 2:
            return row
        self._summary.set_row(row, 24)
        _put(self._summary, row, 0, title, self._title)
        for offset, line in enumerate(lines, 1):
            self._summary.set_row(row + offset, _LINE * _lines(map(str, line), _SUMMARY))
            for place, value in enumerate(line):
                style = self._head if offset == 1 else colours.get(value, self._left)
                _put(self._summary, row + offset, place, value, style)
        return row + len(lines) + 2


def _lines(texts: Iterable[str | None], widths: Iterable[int]) -> int:
    """How many lines the tallest of some cells takes; a Chinese character is two wide."""
    return max(
        sum(
            -(-max(len(part.encode("gb18030", "replace")), 1) // (width - 2))
            for part in (text or "").split("\n")
        )
        for text, width in zip(texts, widths, strict=True)
    )


def _put(sheet: Any, row: int, column: int, value: str | int | None, style: Any) -> None:
    if isinstance(value, int):
        sheet.write_number(row, column, value, style)
    elif value:
        sheet.write_string(row, column, value[:_CELL], style)


if __name__ == "__main__":
    write_workbook(map(json.loads, sys.stdin), sys.argv[1])

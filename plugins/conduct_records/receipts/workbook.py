"""The receipt as a workbook in the submitter's own template: bad cells coloured, messages in comments.

Every cell is written as a string: nothing that a submitter sends can run as a formula (B6).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import xlsxwriter

from conduct_records.contracts.book import ContractBook
from conduct_records.receipts.spool import ReceiptRow, Spool, Told
from conduct_records.receipts.summary import file_issues, issue_counts, summary_lines
from conduct_records.receipts.texts import Texts

_COLOURS = {"error": "#F8CBAD", "warning": "#FFE699", "notice": "#DDEBF7"}
_ORDER = {"error": 0, "warning": 1, "notice": 2}
_COMMENTS = (
    2_000  # each is a drawing: more of them make a spreadsheet slow, and the issue column says the same
)
_CELL = 32_000
_LINE = 14  # points; stated, since not every program fits a row to its wrapped text
_MOST_LINES = 6
_ISSUES, _WIDE, _NARROW = 60, 24, 18
_SUMMARY = (_WIDE, 44, _ISSUES, _WIDE)


def write_workbook(spool: Spool, book: ContractBook, texts: Texts, path: Path) -> None:
    """Write the receipt. Memory stays bounded by the rows in the spool."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as workbook:
        receipt = _Receipt(workbook, spool, book, texts)
        receipt.summary()
        if spool.checked.layout is not None and spool.rows:
            receipt.rows(spool.checked.layout.headers)


class _Receipt:
    def __init__(self, workbook: Any, spool: Spool, book: ContractBook, texts: Texts) -> None:
        self._workbook = workbook
        self._spool = spool
        self._book = book
        self._texts = texts
        self._comments = 0
        font = {"font_name": "\u5b8b\u4f53", "font_size": 10, "valign": "top"}
        self._plain = workbook.add_format(font | {"text_wrap": True})
        self._left = workbook.add_format(font | {"align": "left", "text_wrap": True})
        self._title = workbook.add_format(font | {"bold": True, "font_size": 14})
        self._head = workbook.add_format(
            font | {"bold": True, "bg_color": "#D9D9D9", "border": 1, "text_wrap": True}
        )
        self._guide = workbook.add_format(font | {"bold": True, "valign": "vcenter", "text_wrap": True})
        self._marks = {
            severity: workbook.add_format(font | {"bg_color": colour, "text_wrap": True, "border": 1})
            for severity, colour in _COLOURS.items()
        }

    def summary(self) -> None:
        """The first sheet: verdict, figures, findings about the file, counts by issue."""
        sheet = self._workbook.add_worksheet(self._texts.summary_sheet)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        for column, width in enumerate(_SUMMARY):
            sheet.set_column(column, column, width)
        sheet.set_row(0, 24)
        row = 0
        for label, value in summary_lines(self._spool.checked, self._book, self._texts):
            _put(sheet, row, 0, label, self._head)
            sheet.merge_range(row, 1, row, 3, "", self._plain)
            _put(sheet, row, 1, value, self._title if row == 0 else self._left)
            row += 1
        refused = self._spool.checked.refusal is not None
        sheet.set_row(row, 2 * _LINE)
        sheet.merge_range(row, 0, row, 3, "", self._guide)
        _put(sheet, row, 0, self._texts.refused_guidance if refused else self._texts.guidance, self._guide)
        row = self._table(sheet, row + 2, self._texts.file_issues_title, self._file_issue_rows())
        self._table(sheet, row + 1, self._texts.issue_counts_title, self._count_rows())

    def rows(self, headers: list[str]) -> None:
        """The second sheet: the submitted rows under their own headers."""
        sheet = self._workbook.add_worksheet(self._texts.rows_sheet)
        labels = [self._texts.row_no_header, self._texts.state_header, self._texts.issues_header, *headers]
        sheet.set_landscape()
        sheet.set_paper(8)  # A3; a page can't hold all columns, so each repeats what the row is about
        sheet.repeat_columns(0, 2)
        sheet.set_column(0, 1, 10)
        sheet.set_column(2, 2, _ISSUES)
        sheet.set_column(3, len(labels) - 1, _NARROW)
        top = self._remark(sheet)
        sheet.repeat_rows(top)
        sheet.set_row(top, _LINE * _lines(labels[3:], [_NARROW] * len(headers)))
        for place, label in enumerate(labels):
            _put(sheet, top, place, label, self._head)
        sheet.freeze_panes(top + 1, 3)
        for row, line in enumerate(self._spool.rows, top + 1):
            self._row(sheet, row, line)
        sheet.autofilter(top, 0, top + len(self._spool.rows), len(labels) - 1)

    def _remark(self, sheet: Any) -> int:
        """Say that not all rows are here; returns the header's row."""
        if self._spool.whole:
            return 0
        text = self._texts.too_many_rows if self._spool.truncated else self._texts.only_problem_rows
        _put(sheet, 0, 0, text.format(rows=len(self._spool.rows)), None)
        return 1

    def _row(self, sheet: Any, row: int, line: ReceiptRow) -> None:
        worst = _worst(line.told)
        mark = self._marks[worst] if worst else self._plain
        text = "\n".join(map(self._line, line.told))
        if self._spool.whole:  # a long file would pay for it, and few look at it on paper
            widths = [_ISSUES, *[_NARROW] * len(line.cells)]
            sheet.set_row(row, _LINE * min(_lines([text, *line.cells], widths), _MOST_LINES))
        _put(sheet, row, 0, line.row_no, self._plain)
        _put(sheet, row, 1, self._texts.states[line.state], mark)
        _put(sheet, row, 2, text, self._plain)
        for place, cell in enumerate(line.cells):
            told = [one for one in line.told if one.column == place]
            _put(sheet, row, place + 3, cell, self._marks[_worst(told)] if told else self._plain)
            if told and self._comments < _COMMENTS:
                self._comments += 1
                sheet.write_comment(
                    row, place + 3, "\n".join(map(self._line, told)), {"x_scale": 2, "y_scale": 1.5}
                )

    def _line(self, told: Told) -> str:
        severity = self._texts.severities[told.severity]
        return self._texts.issue_line.format(
            severity=severity, message=told.message, suggestion=told.suggestion
        )

    def _table(self, sheet: Any, row: int, title: str, lines: list[tuple[Any, ...]]) -> int:
        """A titled table; nothing where it would have no lines. Returns the next free row."""
        if len(lines) < 2:
            return row
        sheet.set_row(row, 24)
        _put(sheet, row, 0, title, self._title)
        colours = {self._texts.severities[severity]: mark for severity, mark in self._marks.items()}
        for offset, line in enumerate(lines, 1):
            sheet.set_row(row + offset, _LINE * _lines(map(str, line), _SUMMARY))
            for place, value in enumerate(line):
                style = self._head if offset == 1 else colours.get(value, self._left)
                _put(sheet, row + offset, place, value, style)
        return row + len(lines) + 1

    def _file_issue_rows(self) -> list[tuple[Any, ...]]:
        texts = self._texts
        return [texts.file_issue_headers] + [
            (
                texts.severities[issue["severity"]],
                issue["message"],
                issue["suggestion"],
                texts.responsibilities[issue["responsibility"]],
            )
            for issue in file_issues(self._spool.checked)
        ]

    def _count_rows(self) -> list[tuple[Any, ...]]:
        return [self._texts.count_headers, *issue_counts(self._spool, self._book, self._texts)]


def _lines(texts: Iterable[str | None], widths: Iterable[int]) -> int:
    """How many lines the tallest of some cells takes; a Chinese character is two wide."""
    return max(
        sum(
            -(-max(len(part.encode("gb18030", "replace")), 1) // (width - 2))
            for part in (text or "").split("\n")
        )
        for text, width in zip(texts, widths, strict=True)
    )


def _worst(told: list[Told]) -> str:
    return min((one.severity for one in told), key=_ORDER.__getitem__, default="")


def _put(sheet: Any, row: int, column: int, value: str | int | None, style: Any) -> None:
    if isinstance(value, int):
        sheet.write_number(row, column, value, style)
    elif value:
        sheet.write_string(row, column, value[:_CELL], style)

"""A receipt's workbook as plain parts, in the order in which they become known: rows, then the summary."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from conduct_records.contracts.book import ContractBook
from conduct_records.receipts.spool import MOST_ROWS, ReceiptRow, Spool, Told
from conduct_records.receipts.summary import GRAVITY, file_issues, issue_counts, summary_lines
from conduct_records.receipts.texts import Texts
from conduct_records.validation.checked import Checked

Part = list[Any]


def opening(texts: Texts) -> Part:
    """The font, and the names of the sheets."""
    return ["opening", texts.font, texts.summary_sheet, texts.rows_sheet]


def header(spool: Spool, texts: Texts) -> Part:
    """The remark above the header, if any, and the header: ours, then the submitter's own."""
    layout = spool.checked.layout
    own = layout.headers if layout else []
    remark = None if spool.whole else texts.only_problem_rows.format(most=MOST_ROWS)
    return ["header", remark, [texts.row_no_header, texts.state_header, texts.issues_header, *own]]


def rows(lines: Iterable[ReceiptRow], texts: Texts) -> Iterator[Part]:
    """Number, state and worst severity, what was found, the cells; place, severity, text of each bad cell."""
    for line in lines:
        told = [_line(one, texts) for one in line.told]
        places = sorted({one.column for one in line.told if one.column is not None})
        marks = [_mark(place, line.told, told) for place in places]
        state = [texts.states[line.state], _worst(line.told)]
        yield ["row", line.row_no, state, "\n".join(told), line.cells, marks]


def summary(spool: Spool, book: ContractBook, texts: Texts) -> Part:
    """Figures, what to do, and tables of findings about the file and of counts by issue."""
    about_file = [
        [
            texts.severities[issue["severity"]],
            issue["message"],
            issue["suggestion"],
            texts.responsibilities[issue["responsibility"]],
        ]
        for issue in file_issues(spool.checked)
    ]
    tables = [
        [texts.file_issues_title, texts.file_issue_headers, about_file],
        [texts.issue_counts_title, texts.count_headers, issue_counts(spool.counts, book, texts)],
    ]
    lines = summary_lines(spool.checked, book, texts)
    return ["summary", lines, _guidance(spool.checked, texts), tables, texts.severities]


def _guidance(checked: Checked, texts: Texts) -> str:
    """How to send what is corrected: the rows alone, or the whole file where it replaces the earlier one."""
    if checked.refusal is not None:
        return texts.refused_guidance
    return texts.whole_guidance if checked.scope == "replace" else texts.guidance


def _mark(place: int, told: list[Told], lines: list[str]) -> Part:
    here = [(one, line) for one, line in zip(told, lines, strict=True) if one.column == place]
    return [place, _worst([one for one, _ in here]), "\n".join(line for _, line in here)]


def _line(told: Told, texts: Texts) -> str:
    severity = texts.severities[told.severity]
    return texts.issue_line.format(severity=severity, message=told.message, suggestion=told.suggestion)


def _worst(told: list[Told]) -> str:
    return min((one.severity for one in told), key=GRAVITY.__getitem__, default="")

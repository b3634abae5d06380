"""Workbooks whose sheets a template declares: equal rows give equal bytes, and no cell runs as a formula."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any

import xlsxwriter

Row = Mapping[str, Any]

CREATED = datetime(2019, 1, 28)  # a workbook carries its date: a fixed one keeps equal ones equal in bytes
LINE_HEIGHT = 17  # points; stated, since not every program fits a row to its wrapped text
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def forms(
    template: Row, title: str, unit_code: str, data_date: date, rows: Mapping[str, Sequence[Row]]
) -> dict[str, bytes]:
    """Name and content of each file: the rows as JSON for programs, and as a workbook for people."""
    return {
        f"{template['file_name']}.json": _for_programs(unit_code, data_date, rows),
        f"{template['file_name']}.xlsx": workbook(template, title, rows),
    }


def workbook(template: Row, title: str, rows: Mapping[str, Sequence[Row]]) -> bytes:
    """One sheet for each declared one that has rows; the first always, or where none has if the
    template shows filled ones.

    `template` holds note and sheets, each with name, rows (which of `rows`) and columns (field, header,
    width, labels). Text of others never becomes a formula or a link. Source: requirement B6.
    """
    target = BytesIO()
    with xlsxwriter.Workbook(target, OPTIONS) as book:
        book.set_properties({"created": CREATED})
        formats = {
            "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "border": 1}),
            "cell": book.add_format({"text_wrap": True, "valign": "top", "border": 1}),
            "title": book.add_format({"bold": True, "font_size": 14}),
        }
        for number, declared in enumerate(template["sheets"]):
            is_first = number == 0 and (template.get("shows") != "filled" or not any(rows.values()))
            if rows[declared["rows"]] or is_first:
                sheet = book.add_worksheet(declared["name"])
                sheet.write_string(0, 0, title, formats["title"])
                sheet.write_string(1, 0, template["note"])
                _fill(sheet, declared["columns"], rows[declared["rows"]], formats)
    return target.getvalue()


def _for_programs(unit_code: str, data_date: date, rows: Mapping[str, Sequence[Row]]) -> bytes:
    """The same rows as JSON, codes as they are; the workbook has their labels."""
    body = {"data_date": data_date, "unit_code": unit_code, **rows}
    return (json.dumps(body, ensure_ascii=False, indent=2, default=str) + "\n").encode()


def _fill(sheet: Any, columns: Sequence[Row], rows: Sequence[Row], formats: Mapping[str, Any]) -> None:
    for position, column in enumerate(columns):
        sheet.set_column(position, position, column["width"])
        sheet.write_string(2, position, column["header"], formats["head"])
        for line, row in enumerate(rows, start=3):
            sheet.write_string(line, position, _text(column, row), formats["cell"])
    for line, row in enumerate(rows, start=3):
        sheet.set_row(
            line, LINE_HEIGHT * max(_lines(_text(column, row), column["width"]) for column in columns)
        )
    sheet.freeze_panes(3, 1)
    sheet.set_landscape()
    sheet.set_paper(8)  # A3
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)


def _text(column: Row, row: Row) -> str:
    """A cell is text throughout: ids such as 3-1 would otherwise turn into dates."""
    value = row[column["field"]]
    return "" if value is None else str(column.get("labels", {}).get(str(value), value))


def _lines(text: str, width: int) -> int:
    """How many lines a text takes in a column; a Chinese character is two wide."""
    return (
        -(-sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text) // (width - 1)) or 1
    )

"""Referral lists: for each unit and department a workbook it can open and the same rows as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import Any

import xlsxwriter
import yaml
from psycopg.rows import dict_row

from conduct_records.settings import TEMPLATES, Settings
from conduct_records.warehouse.connection import connect
from conduct_records.warehouse.statements import statement

Row = Mapping[str, Any]

CREATED = datetime(2019, 1, 28)  # a workbook carries its date: a fixed one keeps equal lists equal in bytes
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def write_referral_lists(settings: Settings, data_date: date) -> list[Path]:
    """Write the list of each unit that has referrals up to `data_date`; returns the files, in order.

    They stand at <outbox>/<unit code>/<data date>/. The same referrals give the same bytes, and each file
    is replaced as a whole. Text of the pushes never becomes a formula or a link.
    Source: requirements A5, A6.

    Raises:
        SettingMissing: WAREHOUSE_URL is absent.
    """
    template = yaml.safe_load((TEMPLATES / "referral_list.yaml").read_text(encoding="utf-8"))
    with (
        connect(settings, "records_builder") as connection,
        connection.cursor(row_factory=dict_row) as cursor,
    ):
        rows = cursor.execute(statement("core/referral_list"), {"data_date": data_date}).fetchall()
    written = []
    for unit, lines in groupby(rows, key=lambda row: row["unit_code"]):
        folder = Path(settings.outbox) / unit / data_date.isoformat()
        written += _write(folder, template, list(lines), data_date)
    return written


def _write(folder: Path, template: Row, rows: list[Row], data_date: date) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    name = template["file_name"]
    contents = {f"{name}.json": _json(rows, data_date), f"{name}.xlsx": _workbook(template, rows, data_date)}
    return [_replace(folder / each, content) for each, content in contents.items()]


def _json(rows: list[Row], data_date: date) -> bytes:
    """Codes as they are, for programs; the workbook has their labels."""
    body = {"data_date": data_date, "unit_code": rows[0]["unit_code"], "referrals": rows}
    return (json.dumps(body, ensure_ascii=False, indent=2, default=str) + "\n").encode()


def _workbook(template: Row, rows: list[Row], data_date: date) -> bytes:
    target = BytesIO()
    with xlsxwriter.Workbook(target, OPTIONS) as book:
        book.set_properties({"created": CREATED})
        sheet = book.add_worksheet(template["sheet"])
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        plain = book.add_format({"text_wrap": True, "valign": "top"})
        sheet.write_string(0, 0, template["title"].format(unit=rows[0]["unit"], data_date=data_date), bold)
        sheet.write_string(1, 0, template["note"])
        for column, declared in enumerate(template["columns"]):
            sheet.set_column(column, column, declared["width"])
            sheet.write_string(2, column, declared["header"], bold)
            for line, row in enumerate(rows, start=3):
                sheet.write_string(line, column, _text(declared, row), plain)
        sheet.freeze_panes(3, 1)
    return target.getvalue()


def _text(column: Row, row: Row) -> str:
    """A cell is text throughout: ids such as 3-1 would otherwise turn into dates."""
    value = row[column["field"]]
    return "" if value is None else str(column.get("labels", {}).get(str(value), value))


def _replace(path: Path, content: bytes) -> Path:
    """A reader sees the old file or the new one, never half of it."""
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    return part.replace(path)

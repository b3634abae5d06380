"""Correction lists: what each unit and department still has to put right, as a workbook and as JSON."""

from __future__ import annotations

import json
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from psycopg.rows import dict_row

from conduct_records.contracts.book import load_contracts
from conduct_records.receipts.write import put
from conduct_records.reports.sheets import workbook
from conduct_records.settings import TEMPLATES, Settings
from conduct_records.warehouse.connection import connect
from conduct_records.warehouse.statements import statement

PARTS = ("rows", "files", "findings")

Lists = dict[str, list[dict[str, Any]]]


def write_correction_lists(settings: Settings, data_date: date) -> list[str]:
    """Write what each unit has to correct as of `data_date`; returns the files.

    They stand at <outbox>/<unit code>/, one pair for each unit that ever sent a file, written anew by each
    build: a unit that has nothing left gets an empty list. Source: requirements B6, B7, E4.
    """
    template = yaml.safe_load((TEMPLATES / "correction_list.yaml").read_text(encoding="utf-8"))
    written = []
    for unit_code, lists in sorted(_by_unit(settings, data_date).items()):
        name = load_contracts().holders.get(unit_code, unit_code)
        title = template["title"].format(unit=name, data_date=data_date)
        body = {"data_date": data_date, "unit_code": unit_code} | lists
        text = json.dumps(body, ensure_ascii=False, indent=2, default=str) + "\n"
        content = {"xlsx": workbook(template, title, lists), "json": text.encode()}
        written += _put_all(f"{settings.outbox}/{unit_code}", template["file_name"], content)
    return written


def _by_unit(settings: Settings, data_date: date) -> dict[str, Lists]:
    labels = load_contracts().labels
    asked = {"data_date": data_date}
    with (
        connect(settings, "records_builder") as connection,
        connection.cursor(row_factory=dict_row) as cursor,
    ):
        sent = cursor.execute(statement("core/correction_list#units"), asked).fetchall()
        units: dict[str, Lists] = {row["unit_code"]: {part: [] for part in PARTS} for row in sent}
        for part in PARTS:
            for row in cursor.execute(statement(f"core/correction_list#{part}"), asked):
                units[row.pop("unit_code")][part].append(row | {"kind": labels.get(row["kind"])})
    return units


def _put_all(address: str, name: str, content: dict[str, bytes]) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{name}.{ending}" for ending in content]
        for file, text in zip(files, content.values(), strict=True):
            file.write_bytes(text)
        return [put(file, address) for file in files]

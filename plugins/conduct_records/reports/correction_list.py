"""Correction lists: what each unit and department still has to put right, as a workbook and as JSON."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import yaml

from conduct_records.contracts.book import load_contracts
from conduct_records.reports.pages import fetch
from conduct_records.reports.sheets import forms
from conduct_records.settings import TEMPLATES, Settings
from conduct_records.storage import location, put
from conduct_records.warehouse.connection import connect

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
        for file_name, content in forms(template, title, unit_code, data_date, lists).items():
            target = location(settings.outbox) / unit_code / file_name
            put(target, BytesIO(content))
            written.append(str(target))
    return written


def _by_unit(settings: Settings, data_date: date) -> dict[str, Lists]:
    labels = load_contracts().labels
    asked = {"data_date": data_date}
    with connect(settings, "records_builder") as connection:
        sent = fetch(connection, "core/correction_list#units", asked)
        units: dict[str, Lists] = {row["unit_code"]: {part: [] for part in PARTS} for row in sent}
        for part in PARTS:
            for row in fetch(connection, f"core/correction_list#{part}", asked):
                units[row.pop("unit_code")][part].append(row | {"kind": labels.get(row["kind"])})
    return units

"""Lists that units and departments work from: each a workbook to open, and the same rows as JSON."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

import yaml

from conduct_records.contracts.book import load_contracts
from conduct_records.reports.pages import fetch, put
from conduct_records.reports.sheets import Row, forms
from conduct_records.settings import TEMPLATES, Settings
from conduct_records.storage import location
from conduct_records.warehouse.connection import connect

TEMPLATES_OF_LISTS = ("referral_list.yaml", "supervision_list.yaml")
LOOKED_AT = 31  # folders of a unit, from the newest back, in which its last list is looked for
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}$")

Lists = dict[str, list[Row]]


def write_referral_lists(settings: Settings, data_date: date) -> list[str]:
    """Write what each unit has as of `data_date`: referrals, grades, supervision; returns the files.

    They stand at <outbox>/<unit code>/<data date>/, a folder or a bucket. The same rows give the same
    bytes, an equal file is left alone, and a reader sees the old file or the new one. Who has nothing any
    more, and whose last list still says otherwise, gets an empty one: nobody goes on with what was withdrawn.
    Source: requirements A2, A5, A6, E6, F1, F2.

    Raises:
        SettingMissing: WAREHOUSE_URL is absent.
    """
    written = []
    for template_name in TEMPLATES_OF_LISTS:
        template = yaml.safe_load((TEMPLATES / template_name).read_text(encoding="utf-8"))
        units = _by_unit(settings, template["queries"], data_date)
        for unit in _left_over(settings, template["file_name"], units, data_date):
            units[unit]  # an empty list of each query
        for unit, lists in sorted(units.items()):
            name = load_contracts().holders.get(unit, unit)
            title = template["title"].format(unit=name, data_date=data_date)
            for file_name, content in forms(template, title, unit, data_date, lists).items():
                written.append(put(settings, unit, data_date, file_name, content))
    return written


def _by_unit(settings: Settings, queries: Mapping[str, str], data_date: date) -> dict[str, Lists]:
    units: dict[str, Lists] = defaultdict(lambda: {name: [] for name in queries})
    with connect(settings, "records_builder") as connection:
        for name, query in queries.items():
            for row in fetch(connection, query, {"data_date": data_date}):
                units[row["unit_code"]][name].append(row)
    return units


def _left_over(settings: Settings, name: str, told: Collection[str], data_date: date) -> list[str]:
    """The units that are told nothing now and whose last list up to `data_date` has rows."""
    outbox = location(settings.outbox)
    folders = [each for each in outbox.iterdir() if each.name not in told] if outbox.exists() else []
    return [folder.name for folder in folders if folder.is_dir() and _has_rows(folder, name, data_date)]


def _has_rows(folder: Any, name: str, data_date: date) -> bool:
    days = (each.name for each in folder.iterdir() if _DAY.match(each.name))
    until = sorted((day for day in days if day <= data_date.isoformat()), reverse=True)
    lists = (folder / day / f"{name}.json" for day in until[:LOOKED_AT])
    last = next((path for path in lists if path.exists()), None)
    body = json.loads(last.read_bytes()) if last else {}
    return any(isinstance(rows, list) and rows for rows in body.values())

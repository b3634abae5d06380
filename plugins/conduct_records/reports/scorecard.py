"""Scorecards: what each unit is told of the quality of what it delivered, as a workbook and as JSON."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from operator import itemgetter

import yaml

from conduct_records.contracts.book import load_contracts
from conduct_records.reports.pages import fetch, put
from conduct_records.reports.progress import Period, binds
from conduct_records.reports.sheets import forms
from conduct_records.settings import TEMPLATES, Settings
from conduct_records.warehouse.connection import connect


def write_scorecards(settings: Settings, month: date) -> list[str]:
    """Write each unit that was scored its own last twelve months, up to `month`; returns the files.

    They stand at <outbox>/<unit code>/<last day of the month>/. All figures come from the marts; the same
    figures give the same bytes. Source: requirements E4, H2.

    Raises:
        SettingMissing: WAREHOUSE_URL is absent.
    """
    template = yaml.safe_load((TEMPLATES / "scorecard.yaml").read_text(encoding="utf-8"))
    period = Period("monthly", month.replace(day=1))
    with connect(settings, "bi_reader") as connection:
        scored = fetch(connection, "reports/scorecard", dict(binds(period)))
    written = []
    for unit_code, rows in groupby(scored, itemgetter("unit_code")):
        lists = {"months": list(rows)}
        unit = load_contracts().holders.get(unit_code, unit_code)
        title = template["title"].format(unit=unit, month=period.name)
        for name, content in forms(template, title, unit_code, period.last_on, lists).items():
            written.append(put(settings, unit_code, period.last_on, name, content))
    return written

"""The monthly bulletin, the quarterly report and the yearly assessment: periods, parts and their figures."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import yaml
from psycopg import IsolationLevel
from psycopg.rows import dict_row

from conduct_records.settings import TEMPLATES, Settings
from conduct_records.warehouse.connection import connect
from conduct_records.warehouse.statements import statement

Row = Mapping[str, Any]
MONTHS = {"monthly": 1, "quarterly": 3, "yearly": 12}
TREND_MONTHS = 12


@dataclass(frozen=True)
class Period:
    """The time of one report: a kind (monthly, quarterly, yearly) and the first day of its last month."""

    kind: str
    last_month: date

    @property
    def first_on(self) -> date:
        """The period's first day."""
        return _shift(self.last_month, 1 - MONTHS[self.kind])

    @property
    def last_on(self) -> date:
        """The period's last day."""
        return self.last_month.replace(day=monthrange(self.last_month.year, self.last_month.month)[1])

    @property
    def previous(self) -> Period:
        """The period of the same length before this one."""
        return Period(self.kind, _shift(self.last_month, -MONTHS[self.kind]))

    @property
    def name(self) -> str:
        """2019-01, 2019-Q1 or 2019."""
        year = str(self.last_month.year)
        return {
            "monthly": f"{year}-{self.last_month.month:02}",
            "quarterly": f"{year}-Q{self.last_month.month // 3}",
            "yearly": year,
        }[self.kind]

    @property
    def words(self) -> dict[str, Any]:
        """What titles and file names are filled with."""
        month = self.last_month.month
        return {
            "year": self.last_month.year,
            "month": month,
            "quarter": (month + 2) // 3,
            "period": self.name,
        }


def periods_ending(month: date) -> list[Period]:
    """The reports that are due when `month` has ended: each month one, each third two, in December three."""
    first = month.replace(day=1)
    return [Period(kind, first) for kind, length in MONTHS.items() if first.month % length == 0]


@dataclass(frozen=True)
class Part:
    """One part of a report: what the template declares, its rows, and the query that gave them."""

    code: str
    declared: Row
    rows: Sequence[Row]
    previous: Sequence[Row]
    query: str

    @property
    def title(self) -> str:
        """What stands over it."""
        return str(self.declared["title"])

    @property
    def shown(self) -> list[Row]:
        """The rows of a chart: those that have something to show."""
        field = self.declared.get("shown_when")
        return [row for row in self.rows if field is None or row[field]]


@dataclass(frozen=True)
class Report:
    """One report, ready to be written in any form."""

    period: Period
    title: str
    file_name: str
    parts: Sequence[Part]

    @property
    def queries(self) -> dict[str, str]:
        """Each query once, by name, in the order of the parts."""
        return {part.declared["query"]: part.query for part in self.parts}


def read_report(settings: Settings, period: Period) -> Report:
    """Read every figure of a report from the marts, in one snapshot, as a BI tool would.

    Source: requirement H1.

    Raises:
        SettingMissing: WAREHOUSE_URL is absent.
    """
    kind = template()["kinds"][period.kind]
    with connect(settings, "bi_reader") as connection, connection.cursor(row_factory=dict_row) as cursor:
        connection.commit()  # what it took to connect; the role stays
        connection.isolation_level, connection.read_only = IsolationLevel.REPEATABLE_READ, True
        parts = [_part(cursor, code, period) for code in kind["parts"]]
    return Report(
        period, kind["title"].format(**period.words), kind["file_name"].format(**period.words), parts
    )


@cache
def template() -> dict[str, Any]:
    """include/templates/progress.yaml."""
    return dict(yaml.safe_load((TEMPLATES / "progress.yaml").read_text(encoding="utf-8")))


def binds(period: Period) -> dict[str, date]:
    """What the queries are given."""
    trend_on = min(period.first_on, _shift(period.last_month, 1 - TREND_MONTHS))
    return {"first_on": period.first_on, "last_on": period.last_on, "trend_on": trend_on}


def _part(cursor: Any, code: str, period: Period) -> Part:
    declared = template()["parts"][code]
    query = statement(f"reports/progress#{declared['query']}")
    rows = cursor.execute(query, binds(period)).fetchall()
    is_compared = declared["form"] == "facts"
    previous = cursor.execute(query, binds(period.previous)).fetchall() if is_compared else []
    return Part(code, declared, rows, previous, _readable(query, binds(period)))


def _readable(query: str, values: Mapping[str, date]) -> str:
    """The query as anyone may run it: its binds are the project's own dates, never data."""
    for name, value in values.items():
        query = query.replace(f"%({name})s", f"date '{value}'")
    return query.replace("%%", "%").strip()


def _shift(month: date, months: int) -> date:
    number = month.year * 12 + month.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)

"""Each figure of bulletin and quarterly report, computed again by plain SQL from what is under the marts."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from conduct_records.reports.progress import Part, Period, Report, read_report
from conduct_records.settings import Settings
from conduct_records.warehouse.statements import sections
from tests.e2e.test_story import DAYS, a_night, settings

__all__ = ["settings"]

PERIODS = (
    Period("monthly", date(2019, 1, 1)),
    Period("monthly", date(2019, 2, 1)),
    Period("quarterly", date(2019, 3, 1)),
)
QUERIES = sections(Path(__file__).with_name("report_figures.sql").read_text(encoding="utf-8"))
INDICATORS = {
    "verified": "核查完成率",
    "gathered_in_time": "双公示及时率",
    "record_shared": "失信记录归集率",
    "record_repaired": "信用修复率",
    "wrong_code": "重错码率",
}


class Core:
    """Plain SQL on what lies under the marts, for one period."""

    def __init__(self, url: str, period: Period) -> None:
        self.url = url
        self.between = f"date '{period.first_on}' and date '{period.last_on}'"

    def rows(self, name: str) -> list[tuple[Any, ...]]:
        query = QUERIES[name].replace("{gathered}", QUERIES["gathered"]).replace("{period}", self.between)
        with psycopg.connect(self.url) as connection:
            return connection.execute(query).fetchall()

    def of(self, family: str) -> dict[str, list[tuple[Any, ...]]]:
        names = [name for name in QUERIES if name.startswith(f"{family}_")]
        return {name.removeprefix(f"{family}_"): self.rows(name) for name in names}


def part(report: Report, code: str) -> Part:
    return next(each for each in report.parts if each.code == code)


def test_every_figure_is_what_plain_sql_on_core_gives(settings: Settings) -> None:
    for day in DAYS:
        a_night(day, settings)
    for period in PERIODS:
        report, core = read_report(settings, period), Core(settings.warehouse_url, period)
        _totals(part(report, "totals"), core)
        _units(part(report, "units"), core)
        _scores(part(report, "scores"), core)
        verdicts = [(row["verdict_code"], row["verification_count"]) for row in part(report, "verdicts").rows]
        assert verdicts == core.rows("verdicts")
        _sources_give_the_figures(report, settings)
    months = {row["month_name"]: row["record_count"] for row in part(report, "months").rows}
    assert {month: count for month, count in months.items() if count} == dict(core.rows("months"))
    found = {
        row["indicator_name"]: (row["numerator"], row["denominator"])
        for row in part(report, "indicators").rows
    }
    assert len(found) == 10
    assert {code: [found[name]] for code, name in INDICATORS.items()} == core.of("indicators")


def _totals(given: Part, core: Core) -> None:
    (row,) = given.rows
    expected = {field: value for field, ((value,),) in core.of("totals").items()}
    assert row.keys() == expected.keys()
    for field, value in expected.items():
        assert row[field] == (None if value is None else pytest.approx(value)), field


def _units(given: Part, core: Core) -> None:
    assert len(given.rows) == 29
    for field, rows in core.of("units").items():
        assert {row["department_code"]: row[field] for row in given.rows if row[field]} == dict(rows), field
    assert all(row["has_reported"] == (row["file_count"] > 0) for row in given.rows)


def _scores(given: Part, core: Core) -> None:
    for field, rows in core.of("scores").items():
        found = {row["department_name"]: row[field] for row in given.rows if row[field] is not None}
        assert found == {unit: pytest.approx(value) for unit, value in rows if value is not None}, field


def _sources_give_the_figures(report: Report, settings: Settings) -> None:
    """The query that a figure links to, run as it stands by the BI role, gives the figure."""
    for each in report.parts:
        with psycopg.connect(settings.warehouse_url, row_factory=dict_row) as connection:
            connection.execute("set role bi_reader")
            assert connection.execute(each.query).fetchall() == list(each.rows), each.code

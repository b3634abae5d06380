"""Each figure of the reports, computed again by plain SQL from what is under the marts."""

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
from tests.e2e.nights import Told

PERIODS = (
    Period("monthly", date(2019, 1, 1)),
    Period("monthly", date(2019, 2, 1)),
    Period("quarterly", date(2019, 3, 1)),
    Period("yearly", date(2019, 12, 1)),
)
QUERIES = sections(Path(__file__).with_name("report_figures.sql").read_text(encoding="utf-8"))
INDICATORS = {
    "verified": "核查完成率",
    "verified_in_time": "核查按期率",
    "report_published": "核查报告发布率",
    "gathered_in_time": "双公示及时率",
    "record_shared": "失信记录归集率",
    "key_supervised": "重点监管率",
    "wrong_code": "重错码率",
    "error_corrected": "纠正率",
    "record_repaired": "信用修复率",
    "objection_ruled": "异议办结率",
}
WEIGHTS = {
    "completeness_rate": (20, True), "timeliness_rate": (25, True), "error_rate": (20, False),
    "refused_rate": (15, False), "repeat_error_rate": (10, False), "upheld_rate": (10, False),
}  # fmt: skip
"""Weight of each rate in the score, and whether more is better, as docs/reports.md says."""
FRAGMENTS = ("gathered", "error_kinds")
Scores = dict[str, dict[str, Any]]


class Core:
    """Plain SQL on what lies under the marts, for one period."""

    def __init__(self, url: str, period: Period) -> None:
        self.url = url
        self.between = f"date '{period.first_on}' and date '{period.last_on}'"

    def rows(self, name: str) -> list[tuple[Any, ...]]:
        query = QUERIES[name].replace("{period}", self.between)
        for fragment in FRAGMENTS:
            query = query.replace(f"{{{fragment}}}", QUERIES[fragment])
        with psycopg.connect(self.url) as connection:
            return connection.execute(query).fetchall()

    def of(self, family: str) -> dict[str, list[tuple[Any, ...]]]:
        names = [name for name in QUERIES if name.startswith(f"{family}_")]
        return {name.removeprefix(f"{family}_"): self.rows(name) for name in names}


def part(report: Report, code: str) -> Part:
    return next(each for each in report.parts if each.code == code)


def shown(given: Part) -> set[str]:
    """The fields that a part shows as figures."""
    declared = given.declared.get("columns", given.declared.get("series"))
    return {each["field"] for each in declared if not each["field"].endswith("_name")}


def test_every_figure_is_what_plain_sql_on_core_gives(told: Told) -> None:
    settings = told.settings
    monthly = {
        month: Core(settings.warehouse_url, Period("monthly", date(2019, month, 1))) for month in (1, 2)
    }
    for period in PERIODS:
        report, core = read_report(settings, period), Core(settings.warehouse_url, period)
        _totals(part(report, "totals"), core)
        _units(part(report, "units"), core)
        _scores(
            part(report, "scores"),
            core,
            [
                each
                for month, each in monthly.items()
                if period.first_on.month <= month <= period.last_month.month
            ],
        )
        for name in ("months", "trend"):
            for each in (each for each in report.parts if each.code == name):
                _months(each, monthly)
        for each in (each for each in report.parts if each.code == "verdicts"):
            assert [(row["verdict_code"], row["verification_count"]) for row in each.rows] == core.rows(
                "verdicts"
            )
        for each in (each for each in report.parts if each.code == "indicators"):
            _indicators(each, core)
        _sources_give_the_figures(report, settings)


def _totals(given: Part, core: Core) -> None:
    (row,) = given.rows
    expected = {field: value for field, ((value,),) in core.of("totals").items()}
    assert row.keys() == expected.keys()
    for field, value in expected.items():
        assert row[field] == (None if value is None else pytest.approx(value)), field


def _units(given: Part, core: Core) -> None:
    assert len(given.rows) == 29
    found = core.of("units")
    assert shown(given) - {"has_reported"} <= found.keys()
    for field, rows in found.items():
        held = {row["department_code"]: row[field] for row in given.rows if row[field]}
        assert held == {unit: pytest.approx(value) for unit, value in rows}, field
    assert all(row["has_reported"] == (row["file_count"] > 0) for row in given.rows)


def _rates(core: Core) -> Scores:
    """Rate to unit's name to value, where there is one."""
    found = core.of("scores").items()
    return {field: {unit: value for unit, value in rows if value is not None} for field, rows in found}


def _score(rates: Scores, unit: str) -> float | None:
    """The weighted mean of the rates that a unit has."""
    held = [(each, float(rates[each][unit])) for each in WEIGHTS if unit in rates[each]]
    told = sum(WEIGHTS[each][0] * (rate if WEIGHTS[each][1] else 1 - rate) for each, rate in held)
    return 100 * told / sum(WEIGHTS[each][0] for each, _ in held) if held else None


def _scores(given: Part, core: Core, months: list[Core]) -> None:
    rates = _rates(core)
    assert shown(given) - {"place_no", "score", "scored_months"} == rates.keys()
    for field, expected in rates.items():
        found = {row["department_name"]: row[field] for row in given.rows if row[field] is not None}
        assert found == {unit: pytest.approx(value) for unit, value in expected.items()}, field
    by_month = [_rates(month) for month in months]
    for row in given.rows:
        scores = [score for each in by_month if (score := _score(each, row["department_name"])) is not None]
        assert row["scored_months"] == len(scores)
        assert float(row["score"]) == pytest.approx(sum(scores) / len(scores), abs=0.011)
        assert row["place_no"] == 1 + sum(other["score"] > row["score"] for other in given.rows)


def _months(given: Part, monthly: dict[int, Core]) -> None:
    """Each month's figures are the totals of that month alone."""
    for row in given.rows:
        month = int(row["month_name"][-2:])
        for field in shown(given) if row["month_name"][:4] == "2019" and month in monthly else ():
            ((value,),) = monthly[month].rows(f"totals_{field}")
            assert row[field] == (None if value is None else pytest.approx(value)), (row["month_name"], field)


def _indicators(given: Part, core: Core) -> None:
    found = {row["indicator_name"]: (row["numerator"], row["denominator"]) for row in given.rows}
    assert {code: [found.pop(name)] for code, name in INDICATORS.items()} == core.of("indicators")
    assert not found
    for row in given.rows:
        rate = pytest.approx(row["numerator"] / row["denominator"]) if row["denominator"] else None
        assert row["rate"] == rate, row["indicator_name"]


def _sources_give_the_figures(report: Report, settings: Settings) -> None:
    """The query that a figure links to, run as it stands by the BI role, gives the figure."""
    for each in report.parts:
        with psycopg.connect(settings.warehouse_url, row_factory=dict_row) as connection:
            connection.execute("set role bi_reader")
            assert connection.execute(each.query).fetchall() == list(each.rows), each.code


def test_whom_a_department_put_under_supervision_counts_where_the_subject_is(told: Told) -> None:
    """H2: it is by its provincial department that a city's case becomes a record (B1)."""
    query = """select unit_code, numerator::integer, denominator::integer from marts.city_indicator_month
               where indicator_code = 'key_supervised' and denominator > 0"""
    with psycopg.connect(told.settings.warehouse_url) as connection:
        assert connection.execute(query).fetchall() == [("421100", 1, 1)]

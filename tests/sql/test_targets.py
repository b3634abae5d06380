"""Requirements A2 and A5 on PostgreSQL: targets, and their referrals with due dates in working days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from conduct_records.records.targets import fold_targets
from tests.sql.pushes import DATES, KNOWN, LAST, Pushes
from tests.sql.story import Story, file, verified

UNITS = """
    select r.unit_code from core.referral as r
    inner join core.target as t using (target_key) inner join core.pushed_case as p using (case_key)
    where p.case_id = %s order by 1
"""


def fold(pushes: Pushes, valid_on: date = LAST) -> None:
    pushes.fold(valid_on)
    fold_targets(pushes.connection, valid_on, KNOWN)


@pytest.fixture
def pushes(warehouse: str) -> Iterator[Pushes]:
    made = Pushes(warehouse)
    yield made
    made.connection.close()


@pytest.mark.parametrize(
    ("case_id", "units"),
    [
        ("3-1", ["420600", "HB-FINANCE"]),
        ("5-1", ["421100", "HB-HEALTH"]),
        ("88", ["421100", "HB-HEALTH"]),
        ("27-1", ["420100", "HB-AMR"]),
        ("33-2", ["HB-AMR", "HB-DRC"]),
        ("36-3", ["420100", "HB-HOUSING"]),
        ("71", ["420100", "HB-EDU"]),
    ],
)
def test_each_case_is_referred_to_its_units_and_department(
    pushes: Pushes, case_id: str, units: list[str]
) -> None:
    fold(pushes.sample(*DATES))
    assert [unit for (unit,) in pushes.rows(UNITS, case_id)] == units


def test_due_dates_count_working_days_over_the_spring_festival(pushes: Pushes) -> None:
    fold(pushes.sample(*DATES))
    # 30 working days after 2019-01-28: 02-02 and 02-03 are worked, 02-04 to 02-10 are holidays.
    assert pushes.rows(
        "select distinct due_on, due_basis from core.referral where referred_on = '2019-01-28'"
    ) == [(date(2019, 3, 14), "official")]


def test_the_enterprise_that_is_worst_twice_is_a_target_of_its_city(pushes: Pushes) -> None:
    fold(pushes.sample(*DATES))
    found = "select lead_unit_code, opened_on from core.target where trigger_code = 'worst_grade'"
    assert pushes.rows(found) == [("420100", date(2019, 1, 31))]


@pytest.mark.parametrize(
    ("grades", "targets"),
    [("差差", 1), ("差良", 0), ("差良差", 0), ("良差差良", 1), ("差差差", 1), ("差 差", 0)],
)
def test_only_consecutive_published_cycles_count(pushes: Pushes, grades: str, targets: int) -> None:
    for year, grade in enumerate(grades, start=2020):
        day = date(year, 6, 30)
        pushes.grade(day, str(year), "优", "另一公司", None, "420100", day)
        if grade != " ":
            pushes.grade(day, str(year), grade, "样例公司", None, "420600", day)
    fold(pushes, date(2026, 1, 1))
    assert (
        pushes.rows("select subject_name, lead_unit_code from core.target")
        == [("样例公司", "420600")] * targets
    )


def test_a_verification_concludes_the_target_and_time_makes_others_overdue(warehouse: str) -> None:
    story = Story(warehouse)
    story.deliver(file("verification_result", "2019-01-30", "421100", verified("5-1", "2019-01-30")))
    pushes = Pushes(warehouse).sample(*DATES)
    fold(pushes, date(2019, 6, 1))
    found = (
        "select t.state, array_agg(distinct p.case_id order by p.case_id) @> '{5-1,88}'"
        " from core.target as t inner join core.pushed_case as p using (case_key) group by 1 order by 1"
    )
    assert pushes.rows(found) == [("concluded", True), ("overdue", False)]
    pushes.connection.close()


def test_folding_again_writes_nothing(pushes: Pushes) -> None:
    fold(pushes.sample(*DATES))
    places = "select ctid::text, xmin::text from core."
    read = f"{places}target union all {places}referral"
    written = pushes.rows(read)
    fold(pushes)
    assert pushes.rows(read) == written

"""Requirements A2, A5, C1, C2 on PostgreSQL: triggers open targets, units get them, results conclude them."""

from __future__ import annotations

from datetime import date

import pytest

from tests.sql.pushes import DATES, HOSPITAL, Pushes, recognise, verify

DECORATOR = "91420100MA4KY0016L"


def test_the_sample_opens_a_target_for_each_case_and_for_the_enterprise_graded_worst_twice(
    pushes: Pushes,
) -> None:
    counts = pushes.sample(*DATES).fold()
    assert counts["targets"] == 7
    assert pushes.rows(
        "select subject_name, lead_unit_code, opened_on, basis -> 'grades' -> 1 ->> 'cycle_code',"
        " subject_key = core.key('uscc', %s) from core.target where trigger_code = 'worst_grade'", DECORATOR,
    ) == [("武汉样例装饰工程有限公司", "420100", date(2019, 1, 31), "2018H2", True)]  # fmt: skip


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
    pushes.sample(*DATES).fold()
    found = pushes.rows(
        "select r.unit_code from core.referral as r join core.target as t using (target_key)"
        " join core.pushed_case as p using (case_key) where p.case_id = %s order by 1", case_id,
    )  # fmt: skip
    assert [unit for (unit,) in found] == units


def test_the_due_date_counts_working_days_over_the_spring_festival(pushes: Pushes) -> None:
    pushes.push(date(2019, 1, 28), "typical", "3-1", "湖北襄阳", "非法集资", "2018年12月4日").fold()
    # 28 January is a Monday; 2 and 3 February are worked, 4 to 10 February are the festival
    assert pushes.rows("select distinct due_on, due_basis from core.referral") == [
        (date(2019, 3, 14), "official")
    ]
    assert pushes.rows("select due_on, due_basis from core.due_day('2019-02-01', 3)") == [
        (date(2019, 2, 11), "official")
    ]


def test_past_the_last_published_calendar_the_due_date_says_so(pushes: Pushes) -> None:
    assert pushes.rows("select due_basis from core.due_day('2026-12-25', 10)") == [("fallback",)]


def test_an_appearance_that_joins_later_does_not_move_the_due_date_of_a_unit(pushes: Pushes) -> None:
    due = "select due_on, referred_on from core.referral where unit_code = '421100'"
    pushes.sample(DATES[0]).fold()
    before = pushes.rows(due)
    pushes.sample(DATES[4]).fold()
    assert pushes.rows(due) == before == [(date(2019, 3, 14), DATES[0])]


@pytest.mark.parametrize(
    ("grades", "opened"),
    [
        ("差差", [date(2019, 2, 2)]),
        ("差良差", []),
        ("差-差", []),
        ("良差差差", [date(2019, 2, 3)]),
        ("差差良差差", [date(2019, 2, 2), date(2019, 2, 5)]),
    ],
)
def test_only_adjacent_published_cycles_count(pushes: Pushes, grades: str, opened: list[date]) -> None:
    for number, grade in enumerate(grades, start=1):
        day = date(2019, 2, number)
        pushes.grade(day, f"C{number}", "优", "样例另一公司", "91420100MA00000017", "420100", day)
        if grade != "-":
            pushes.grade(day, f"C{number}", grade, "样例公司", DECORATOR, "420100", day)
    pushes.fold(valid_on=date(2019, 2, 28))
    assert [day for (day,) in pushes.rows("select opened_on from core.target order by 1")] == opened


def test_how_many_cycles_it_takes_is_policy(pushes: Pushes) -> None:
    """A2: N is configurable; whom a grade names without a code counts as well."""
    pushes.connection.execute(
        """update ref.policy set body = body || '{"cycles": 3}' where policy_code = 'evaluation'"""
    )
    for number in (1, 2, 3):
        day = date(2019, 2, number)
        pushes.grade(day, f"C{number}", "差", "样例公司", None, "420600", day)
        assert pushes.fold(valid_on=day)["targets"] == int(number == 3)
    assert pushes.rows("select subject_name, lead_unit_code from core.target") == [("样例公司", "420600")]


def test_grades_are_judged_as_of_the_data_date_and_on_the_scale_a_to_d_too(pushes: Pushes) -> None:
    for number in (1, 2):
        day = date(2026, 5, number)
        pushes.grade(day, f"C{number}", "D", "样例公司", DECORATOR, None, day, scale="abcd")
    assert pushes.fold(valid_on=date(2026, 5, 1))["targets"] == 0
    assert pushes.fold(valid_on=date(2026, 5, 2))["targets"] == 1


def test_a_grade_refreshed_after_repair_takes_the_target_back(pushes: Pushes) -> None:
    for number in (1, 2):
        day = date(2019, 2, number)
        pushes.grade(day, f"C{number}", "差", "样例公司", DECORATOR, "420100", day)
    pushes.grade(date(2019, 3, 1), "C2", "中", "样例公司", DECORATOR, "420100", date(2019, 2, 2))
    assert pushes.fold(valid_on=date(2019, 2, 28))["targets"] == 1
    assert pushes.fold(valid_on=date(2019, 3, 1))["targets"] == 0


def test_folding_again_writes_no_target_and_no_referral(pushes: Pushes) -> None:
    pushes.sample(*DATES).fold()
    places = "select ctid::text, xmin::text from core."
    read = f"{places}target union all {places}referral"
    written = pushes.rows(read)
    pushes.fold()
    assert pushes.rows(read) == written


def test_a_result_concludes_the_referral_of_its_unit_and_answers_the_linked_case(pushes: Pushes) -> None:
    pushes.sample(*DATES)
    verify(pushes, date(2019, 2, 1), "421100", "88", list_code="top100", **HOSPITAL).fold()
    assert pushes.rows(
        "select r.unit_code, r.state from core.referral as r join core.verification as v using (target_key)"
        " order by 1"
    ) == [("421100", "concluded"), ("HB-HEALTH", "concluded")]
    assert pushes.rows("select count(*) from core.referral where state = 'concluded'") == [(2,)]


def test_what_is_not_answered_in_time_is_overdue(pushes: Pushes) -> None:
    pushes.sample(*DATES)
    verify(pushes, date(2019, 2, 1), "421100", "5-1", **HOSPITAL).fold(valid_on=date(2019, 6, 1))
    states = dict(pushes.rows("select state, count(*) from core.referral group by 1"))
    assert states == {"concluded": 2, "overdue": 11}


def test_a_recognition_counts_only_after_a_confirmed_result_about_the_same_party(pushes: Pushes) -> None:
    pushes.sample(*DATES)
    recognise(pushes, date(2019, 1, 29), "样例认〔2019〕0号")
    recognise(
        pushes, date(2019, 1, 31), "样例认〔2019〕9号", party_code="91420600MA00000033", party_name="样例他人"
    )
    verify(pushes, date(2019, 1, 30), "421100", "5-1", **HOSPITAL).fold()
    recognition = "select recognition_no from core.verification"
    assert pushes.rows(recognition) == [(None,)]
    recognise(pushes, date(2019, 1, 31), "样例认〔2019〕1号").fold()
    assert pushes.rows(recognition) == [("样例认〔2019〕1号",)]


def test_not_confirmed_means_a_clarification_and_no_recognition(pushes: Pushes) -> None:
    pushes.sample(*DATES)
    verify(pushes, date(2019, 1, 30), "421100", "5-1", "not_confirmed", clarification="样例澄清", **HOSPITAL)
    recognise(pushes, date(2019, 1, 31), "样例认〔2019〕1号").fold()
    assert pushes.rows("select verdict_code, clarification, recognition_no from core.verification") == [
        ("not_confirmed", "样例澄清", None)
    ]


def test_a_corrected_result_stands(pushes: Pushes) -> None:
    pushes.sample(*DATES)
    verify(pushes, date(2019, 2, 1), "421100", "5-1", "not_confirmed", **HOSPITAL)
    verify(pushes, date(2019, 1, 30), "421100", "5-1", **HOSPITAL).fold()
    assert pushes.rows("select verdict_code, concluded_on from core.verification") == [
        ("not_confirmed", date(2019, 2, 1))
    ]


def test_a_result_about_an_unknown_case_and_an_unregistered_institution_are_issues(pushes: Pushes) -> None:
    pushes.sample(*DATES)
    verify(pushes, DATES[4], "421100", "99-9", service_institution_name="样例未登记机构")
    verify(pushes, DATES[4], "420600", "3-1", service_institution_name="中诚信").fold()
    codes = "select issue_code, value from ops.issue where issue_code like any(%s) order by 1"
    assert pushes.rows(codes, ["institution%", "verification%"]) == [
        ("institution_unregistered", "样例未登记机构"),
        ("verification_without_case", "typical/99-9"),
    ]
    pushes.fold()
    assert len(pushes.rows(codes, ["institution%", "verification%"])) == 2

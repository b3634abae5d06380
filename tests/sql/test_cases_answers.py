"""What units answer about cases: notices, plans, institutions, conclusions passed on (C1, C2)."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.sql.pushes import DATES, HOSPITAL, LAST, Pushes, recognise, verify


def notify(pushes: Pushes, on: date, unit: str, case_no: str, **more: Any) -> Pushes:
    values = {
        "case_no": case_no, "notice_no": "样例通报〔2019〕1号", "case_title": "样例旅行社强迫购物",
        "region_text": "湖北宜昌", "facts": "样例", "authority_name": "样例机关", "notified_on": on,
    }  # fmt: skip
    return pushes.submit("notified_case", on, unit, case_no, **(values | more))


def plan(pushes: Pushes, on: date, unit: str, case_no: str, due_on: date, **more: Any) -> Pushes:
    values = {
        "case_no": case_no, "list_code": "typical", "lead_name": "样例牵头单位", "planned_on": on,
        "method_codes": "interview", "complexity_code": "simple", "due_on": due_on,
    }  # fmt: skip
    return pushes.submit("verification_plan", on, unit, f"{case_no}|{unit}", **(values | more))


def codes(pushes: Pushes, *names: str) -> list[tuple[Any, ...]]:
    query = "select issue_code, value from ops.issue where issue_code = any(%s) order by 1, 2"
    return pushes.rows(query, list(names))


def test_a_notified_case_opens_a_target_of_its_own_trigger_and_is_answered_under_its_list(
    pushes: Pushes,
) -> None:
    notify(pushes, DATES[0], "HB-AMR", "T-1").fold()
    assert pushes.rows("select trigger_code, lead_unit_code, state from core.target") == [
        ("notified", "420500", "open")
    ]
    assert pushes.rows("select unit_code, reason from core.referral") == [("420500", "region")]
    verify(pushes, DATES[1], "420500", "T-1", list_code="notified").fold()
    assert pushes.rows("select state from core.target") == [("concluded",)]
    assert pushes.rows("select count(*) from core.record") == [(0,)]


def test_an_event_both_notified_and_pushed_is_one_typical_case(pushes: Pushes) -> None:
    notify(pushes, DATES[0], "HB-AMR", "T-1").fold()
    (key,) = pushes.rows("select target_key from core.target")
    pushes.push(DATES[1], "typical", "9-1", "湖北宜昌", "样例旅行社强迫购物", "2019年1月28日").fold()
    assert pushes.rows("select target_key, trigger_code from core.target") == [(*key, "typical_case")]


def test_a_notice_about_an_unread_place_is_an_issue_until_it_is_put_right(pushes: Pushes) -> None:
    notify(pushes, DATES[0], "HB-AMR", "T-1", region_text="某地").fold()
    assert codes(pushes, "region_unread", "region_missing") == [
        ("region_missing", "notified/T-1"),
        ("region_unread", "某地"),
    ]
    notify(pushes, DATES[1], "HB-AMR", "T-1").fold()
    assert codes(pushes, "region_unread", "region_missing") == []


def test_the_plan_of_a_provincial_department_sets_the_due_date_and_a_citys_is_not_used(
    pushes: Pushes,
) -> None:
    pushes.sample(*DATES)
    plan(pushes, DATES[1], "HB-HEALTH", "88", date(2019, 2, 20), list_code="top100")
    plan(pushes, DATES[1], "420600", "3-1", date(2019, 2, 20)).fold()
    assert pushes.rows(
        "select due_on, basis -> 'plan' ->> 'planned_by' from core.target where due_basis = 'plan'"
    ) == [(date(2019, 2, 20), "HB-HEALTH")]
    assert pushes.rows("select unit_code, due_on from core.referral where due_basis = 'plan' order by 1") == [
        ("421100", date(2019, 2, 20)),
        ("HB-HEALTH", date(2019, 2, 20)),
    ]
    assert codes(pushes, "plan_not_by_department") == [("plan_not_by_department", "typical/3-1")]
    pushes.fold(valid_on=date(2019, 2, 21))
    assert pushes.rows("select state from core.target where due_basis = 'plan'") == [("overdue",)]


def test_an_institution_must_be_registered_on_the_day_and_the_case_simple(pushes: Pushes) -> None:
    pushes.sample(*DATES)
    plan(pushes, DATES[1], "HB-HEALTH", "5-1", date(2019, 2, 20), complexity_code="complex")
    pushes.submit(
        "service_institution", DATES[1], "HB-DRC", "1", institution_name="样例信用服务有限公司",
        short_name="样例信用", register_no="1", status_code="registered",
        registered_on=date(2019, 1, 1), valid_until_on=date(2019, 1, 31),
    )  # fmt: skip
    verify(pushes, DATES[2], "421100", "5-1", service_institution_name="样例信用")
    verify(pushes, LAST, "420600", "3-1", service_institution_name="样例信用").fold()
    assert codes(pushes, "institution_unregistered", "institution_for_complex_case") == [
        ("institution_for_complex_case", "样例信用"),
        ("institution_unregistered", "样例信用"),
    ]


def test_a_citys_conclusion_waits_for_its_provincial_department(pushes: Pushes) -> None:
    pushes.sample(*DATES)
    verify(pushes, DATES[2], "421100", "5-1", **HOSPITAL).fold()
    assert codes(pushes, "conclusion_not_passed_on") == [("conclusion_not_passed_on", "typical/5-1")]
    recognise(pushes, DATES[3], "样例认〔2019〕1号").fold()
    assert codes(pushes, "conclusion_not_passed_on") == []


def test_a_clarification_is_released_only_where_the_result_says_so(pushes: Pushes) -> None:
    pushes.sample(*DATES)
    verify(pushes, DATES[2], "420600", "3-1", "not_confirmed", clarification="样例澄清").fold()
    release = "select clarification_release_code from core.verification"
    assert pushes.rows(release) == [(None,)]
    verify(
        pushes, DATES[3], "420600", "3-1", "not_confirmed", clarification="样例澄清",
        clarification_release_code="subject_wish",
    ).fold()  # fmt: skip
    assert pushes.rows(release) == [("subject_wish",)]

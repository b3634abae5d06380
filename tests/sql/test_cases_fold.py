"""Requirements A3 to A6 on PostgreSQL: the notice's own pushes become cases, one event once."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import count, permutations
from typing import Literal

import pytest

from conduct_records.records.cases_decisions import LinkDecision, decide_link, link_queue
from tests.sql.pushes import DATES, Pushes

TABLES = ("core.pushed_case", "core.conduct_case", "core.case_unit", "ops.issue")

TICKS = count()
Judgement = Literal["same", "different", "withdraw"]


def test_the_notices_seven_appearances_are_six_cases(pushes: Pushes) -> None:
    counts = pushes.sample(*DATES).fold()
    assert (counts["appearances"], counts["cases"], counts["link_proposals"]) == (7, 6, 0)


def test_5_1_and_case_88_are_one_case_and_both_appearances_stay_visible(pushes: Pushes) -> None:
    pushes.sample(*DATES).fold()
    assert pushes.case_of("5-1") == pushes.case_of("88")
    assert pushes.rows(
        "select appearance_count, region_codes, published_on from core.conduct_case where case_key = %s",
        pushes.case_of("88"),
    ) == [(2, ["421100"], date(2018, 12, 5))]
    shown = "select list_code, case_id, region_text from core.pushed_case where case_id in ('5-1', '88')"
    both = [("top100", "88", "湖北"), ("typical", "5-1", "湖北黄冈")]
    assert sorted(pushes.rows(shown)) == both


def test_the_key_of_a_case_does_not_change_when_another_appearance_joins(pushes: Pushes) -> None:
    pushes.sample(date(2019, 1, 28)).fold()
    before = pushes.case_of("5-1")
    pushes.sample(date(2019, 2, 1)).fold()
    assert pushes.case_of("5-1") == before == pushes.case_of("88")


def test_a_case_of_several_provinces_is_ours_for_the_province_alone(pushes: Pushes) -> None:
    pushes.sample(*DATES).fold()
    assert pushes.rows("select region_codes from core.pushed_case where case_id = '33-2'") == [(["420000"],)]


def test_a_cell_that_names_only_the_province_is_narrowed_by_the_title(pushes: Pushes) -> None:
    pushes.sample(*DATES).fold()
    assert pushes.rows("select region_codes from core.pushed_case where case_id = '71'") == [(["420100"],)]


def test_the_misprint_in_case_71_is_one_issue_and_the_text_stays(pushes: Pushes) -> None:
    pushes.sample(*DATES).fold()
    assert pushes.rows(
        "select i.value, i.suggestion like '%%黄陂区 420116%%', i.field, p.feed, e.body like '%%黄浦区%%'"
        " from ops.issue as i join landing.pull as p on p.pull_id = i.file_id"
        " join evidence.pushed_case as e on e.file_id = i.file_id and e.row_no = i.row_no"
        " where issue_code = 'region_suggestion' and %s", True,
    ) == [("黄浦区", True, "body", "pushed_cases", True)]  # fmt: skip
    assert pushes.rows("select count(*) from ops.issue") == [(1,)]


def test_a_misprint_in_the_cell_of_the_region_gets_its_suggestion_too(pushes: Pushes) -> None:
    """A4; a district that the cell itself puts in another province is none."""
    on = date(2019, 1, 28)
    pushes.push(on, "typical", "50-1", "湖北武汉黄浦区", "样例甲")
    pushes.push(on, "typical", "51-1", "广东广州黄埔区、湖北武汉", "样例乙").fold()
    assert pushes.rows(
        "select field, value, suggestion like '%%420116%%' from ops.issue where issue_code = %s",
        "region_suggestion",
    ) == [("region_text", "黄浦区", True)]
    assert set(pushes.rows("select region_text from core.pushed_case")) == {
        ("湖北武汉黄浦区",), ("广东广州黄埔区、湖北武汉",)
    }  # fmt: skip


def test_each_case_goes_to_the_units_it_names_and_to_the_department_of_its_conduct(pushes: Pushes) -> None:
    pushes.sample(*DATES).fold()
    found = pushes.rows(
        "select p.case_id, array_agg(u.unit_code order by u.unit_code) from core.case_unit as u"
        " join core.pushed_case as p on p.case_key = u.case_key group by p.case_id order by p.case_id"
    )
    assert dict(found) == {
        "27-1": ["420100", "HB-AMR"],
        "3-1": ["420600", "HB-FINANCE"],
        "33-2": ["HB-AMR", "HB-DRC"],
        "36-3": ["420100", "HB-HOUSING"],
        "5-1": ["421100", "HB-HEALTH"],
        "71": ["420100", "HB-EDU"],
        "88": ["421100", "HB-HEALTH"],
    }


def test_the_tag_for_persistent_tracking_keeps_a_case_on_the_follow_up_list(pushes: Pushes) -> None:
    pushes.sample(*DATES).fold()
    followed = pushes.rows(
        "select p.case_id from core.conduct_case as c join core.pushed_case as p using (case_key)"
        " where is_followed_up order by 1"
    )
    assert [case_id for (case_id,) in followed] == ["27-1", "33-2", "36-3"]


def test_whatever_the_order_of_arrival_and_of_folds_the_result_is_the_same(warehouse: str) -> None:
    results = []
    for order in list(permutations(DATES))[::17]:
        pushes = Pushes(warehouse)
        for day in order:
            pushes.sample(day).fold()
        results.append(pushes.everything())
        pushes.connection.rollback()
        pushes.connection.close()
    assert all(result == results[0] for result in results) and len(results) == 8


def test_folding_again_writes_nothing(pushes: Pushes) -> None:
    pushes.sample(*DATES).fold()
    assert pushes.fold()["case_rows_written"] == 0


def test_as_of_an_earlier_date_later_pushes_are_not_known(pushes: Pushes) -> None:
    assert pushes.sample(*DATES).fold(valid_on=date(2019, 1, 29))["appearances"] == 3


def test_one_title_in_two_cities_links_nothing_and_is_proposed(pushes: Pushes) -> None:
    day = date(2019, 1, 28)
    pushes.push(day, "typical", "1-1", "湖北武汉", "医院乱收费", "2019年1月2日")
    pushes.push(day, "typical", "1-2", "湖北黄冈", "医院乱收费", "2019年1月2日")
    pushes.push(day, "top100", "9", "湖北", "医院乱收费", "2019年1月2日")
    assert pushes.fold()["cases"] == 3
    proposals = pushes.rows("select left_key, right_key from core.case_link_proposal order by 1, 2")
    assert proposals == [
        ("top100/9", "typical/1-1"), ("top100/9", "typical/1-2"), ("typical/1-1", "typical/1-2")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("title", "published"),
    [
        ("医院手术中涨价 患者疼痛难忍告知密码", "2018年12月8日"),
        ("医院手术中涨价, 患者疼痛难忍告知银行卡密码", "2018年12月16日"),
    ],
)
def test_weak_evidence_only_proposes(pushes: Pushes, title: str, published: str) -> None:
    pushes.sample(DATES[0]).push(DATES[1], "top100", "88", "湖北", title, published)
    assert pushes.fold()["cases"] == 3
    assert pushes.rows("select left_key, right_key from core.case_link_proposal") == [
        ("top100/88", "typical/5-1")
    ]


def test_a_later_push_of_the_same_case_stands_and_a_contradiction_does_not(pushes: Pushes) -> None:
    pushes.push(DATES[0], "typical", "1-1", "湖北武汉", "甲案", "2019年1月2日")
    pushes.push(DATES[1], "typical", "1-1", "湖北武汉", "甲案（更正）", "2019年1月2日")
    pushes.push(DATES[2], "typical", "1-1", "湖北武汉", "乙", "2019年1月2日")
    pushes.push(DATES[2], "typical", "1-1", "湖北武汉", "丙", "2019年1月2日")
    pushes.fold()
    assert pushes.rows("select title, data_date from core.pushed_case") == [("甲案（更正）", DATES[1])]
    assert pushes.rows("select count(*) from ops.issue where issue_code = 'push_contradicts'") == [(2,)]


def test_a_case_of_other_provinces_is_referred_to_nobody_and_says_so(pushes: Pushes) -> None:
    pushes.push(DATES[0], "typical", "1-1", "湖南长沙", "武汉人在长沙开的医院", "2019年1月2日").fold()
    assert pushes.rows("select region_codes from core.pushed_case") == [([],)]
    assert pushes.rows("select count(*) from core.case_unit") == [(0,)]
    assert pushes.rows("select issue_code from ops.issue") == [("region_missing",)]


def test_a_case_of_no_known_industry_goes_to_its_place_alone_and_says_so(pushes: Pushes) -> None:
    pushes.push(DATES[0], "typical", "1-1", "湖北武汉", "甲案", "2019年1月2日").fold()
    assert pushes.rows("select unit_code, reason from core.case_unit") == [("420100", "region")]
    assert pushes.rows("select issue_code from ops.issue") == [("industry_unknown",)]


def test_what_is_gone_from_the_evidence_is_gone_from_the_cases(pushes: Pushes) -> None:
    pushes.sample(*DATES).fold()
    pushes.connection.execute("delete from evidence.pushed_case where case_id <> '3-1'")
    pushes.fold()
    left = [pushes.rows(f"select count(*) from {table}")[0][0] for table in TABLES]
    assert left == [1, 1, 2, 0]


def decided(pushes: Pushes, one: str, other: str, judgement: Judgement) -> Pushes:
    number = next(TICKS)
    at = datetime(2019, 2, 2, 4, number, tzinfo=UTC)
    decide_link(pushes.connection, LinkDecision(one, other, judgement, "样例审核员", at))
    return pushes


def test_people_join_two_appearances_and_take_it_back(pushes: Pushes) -> None:
    pushes.sample(*DATES).fold()
    before = pushes.everything()
    decided(pushes, "top100/71", "typical/36-3", "same").fold()
    assert pushes.case_of("71") == pushes.case_of("36-3")
    basis = "select distinct link_basis from core.pushed_case where case_id in ('71', '36-3')"
    assert pushes.rows(basis) == [("people",)]
    decided(pushes, "typical/36-3", "top100/71", "withdraw").fold()
    assert pushes.everything() == before


def test_what_people_called_different_is_not_linked_nor_proposed_again(pushes: Pushes) -> None:
    pushes.sample(*DATES)
    counts = decided(pushes, "typical/5-1", "top100/88", "different").fold()
    assert pushes.case_of("5-1") != pushes.case_of("88")
    assert (counts["cases"], counts["link_proposals"]) == (7, 0)
    decided(pushes, "typical/5-1", "top100/88", "same").fold()
    assert pushes.case_of("5-1") == pushes.case_of("88")
    assert pushes.rows(
        "select judgement, deleted_at is null from core.case_link_decision order by decided_at"
    ) == [("different", False), ("same", True)]


def test_a_weak_likeness_waits_in_the_queue_until_people_decide(pushes: Pushes) -> None:
    pushes.push(DATES[0], "typical", "1-1", "湖北武汉", "样例公司欠薪百人讨薪", "2019年1月8日")
    pushes.push(DATES[0], "typical", "1-2", "湖北武汉", "样例公司欠薪百人讨要工资", "2019年1月9日").fold()
    ((left, right, _),) = link_queue(pushes.connection)
    decided(pushes, left, right, "different").fold()
    assert link_queue(pushes.connection) == []

"""Pulls of what a platform should not send: slipping rows, circling pages, columns nobody expects."""

from __future__ import annotations

from conduct_records.records.build import build
from tests.exchange_support import case, plan
from tests.sql.pulls_bench import DAY, EVIDENCE, LATER, NOW, Bench


def test_reordered_rows_give_the_same_evidence(bench: Bench):
    bench.push(*map(case, range(1, 6)))
    bench.pull()
    before = bench.ask(EVIDENCE)
    plan(bench.simulator, "reordered", times=-1, seed=3)
    outcome = bench.pull(known_at=LATER, refresh=True)
    assert (outcome.state, outcome.rows) == ("complete", 5)
    assert bench.ask(EVIDENCE) == before


def test_rows_that_slipped_between_reordered_pages_are_found_missing_and_fetched_later(bench: Bench):
    bench.push(*map(case, range(1, 12)))
    plan(bench.simulator, "reordered", "pushed_cases", times=-1)
    outcome = bench.pull()
    assert (outcome.state, outcome.reason) == ("incomplete", "rows_missing")
    kept = bench.cases()
    assert 0 < len(kept) < 11
    bench.simulator.faults.set()
    assert bench.pull(known_at=LATER).state == "complete"
    assert len(bench.cases()) == 11
    assert kept < bench.cases()


def test_pages_that_turn_in_a_circle_end_as_incomplete_and_are_completed_later(bench: Bench):
    bench.push(*map(case, range(1, 6)))
    plan(bench.simulator, "looping", "pushed_cases", times=-1, skip=1)
    outcome = bench.pull()
    assert outcome.state == "incomplete"
    assert outcome.reason in {"paging_stalled", "bad_request"}
    bench.simulator.faults.set()
    assert bench.pull(known_at=LATER).state == "complete"


def test_the_same_page_for_ever_ends_as_incomplete(bench: Bench):
    bench.push(*map(case, range(1, 6)))
    plan(bench.simulator, "repeated", "pushed_cases", times=-1)
    outcome = bench.pull()
    assert (outcome.state, outcome.reason, outcome.pages, outcome.rows) == (
        "incomplete",
        "paging_stalled",
        1,
        2,
    )


def test_a_total_above_what_comes_is_incomplete_and_one_below_is_a_notice(bench: Bench):
    bench.push(case(1), case(2))
    plan(bench.simulator, "wrong_total", times=-1, add=1)
    outcome = bench.pull()
    assert (outcome.state, outcome.reason, outcome.rows) == ("incomplete", "rows_missing", 2)
    plan(bench.simulator, "wrong_total", times=-1, add=-1)
    assert bench.pull(known_at=LATER).state == "complete"
    assert bench.ask("select issue_code, severity, value from ops.issue") == [
        ("total_mismatch", "notice", "2/1")
    ]


def test_what_the_platform_no_longer_pushes_stays(bench: Bench):
    bench.push(case(1), case(2))
    bench.pull()
    bench.push(case(2))
    assert bench.pull(known_at=LATER, refresh=True).state == "complete"
    assert bench.cases() == {"1-1", "2-1"}


def test_a_row_that_changed_stands_beside_what_it_was(bench: Bench):
    bench.push(case(1))
    bench.pull()
    bench.push(case(1, 案例标题="更正后的标题"))
    assert bench.pull(known_at=LATER, refresh=True).state == "complete"
    assert sorted(bench.ask("select case_id, title from evidence.pushed_case")) == [
        ("1-1", "更正后的标题"),
        ("1-1", "案例 1"),
    ]


def test_new_columns_are_kept_and_reported_once(bench: Bench):
    bench.push(case(1), case(2, 行业="医疗"), case(3, 行业="教育"))
    assert bench.pull().state == "complete"
    assert bench.ask("select issue_code, field, row_no, severity from ops.issue") == [
        ("unknown_column", "行业", None, "notice")
    ]
    assert bench.ask("select extra ->> '行业' from evidence.pushed_case where case_id = '2-1'") == [("医疗",)]


def test_a_row_without_an_id_is_quarantined_and_the_others_stand(bench: Bench):
    bench.push(case(1), case(2, 案例ID=""), case(3, 清单="other"), case(4, 案例标题="坏\x00字"))
    outcome = bench.pull()
    assert (outcome.state, outcome.rows) == ("complete", 4)
    assert bench.cases() == {"1-1"}
    assert sorted(bench.ask("select issue_codes, kind from quarantine.row")) == [
        (["mojibake"], "pushed_cases"),
        (["required"], "pushed_cases"),
        (["unknown_code"], "pushed_cases"),
    ]


def test_a_case_whose_number_no_index_bears_stops_no_build(bench: Bench):
    number = "".join(chr(0x4E00 + place * 7919 % 20_000) for place in range(9_000))  # nothing packs it
    bench.push(case(1), case(2, 案例ID=number))
    bench.pull()
    assert bench.cases() == {"1-1"}
    assert bench.ask("select issue_codes from quarantine.row") == [(["too_long"],)]
    build(DAY, NOW, bench.settings)
    assert bench.ask("select count(*) from core.pushed_case") == [(1,)]


def test_a_date_that_cannot_be_read_is_a_warning_and_keeps_its_text(bench: Bench):
    bench.push(case(1, 发布时间="去年冬天"))
    bench.pull()
    assert bench.ask("select published_on, published_text from evidence.pushed_case") == [(None, "去年冬天")]
    assert bench.ask("select issue_code, severity, value from ops.issue") == [
        ("date_format", "warning", "去年冬天")
    ]


def test_an_answer_of_another_shape_leaves_the_pull_incomplete(bench: Bench):
    bench.push(case(1))
    plan(bench.simulator, "misshapen", "pushed_cases", times=-1)
    assert bench.pull().reason == "not_understood"

"""Walking through pages, and reading a row: pure, without HTTP and without a database."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduct_records.exchange.errors import Unavailable
from conduct_records.exchange.feeds import feeds, parse_date, read_row, row_number, storable
from conduct_records.exchange.messages import Page
from conduct_records.exchange.pages import BARREN_PAGES, Stalled, walk
from tests.exchange_support import SAMPLES, case

CASES = feeds()["pushed_cases"]
EVALUATIONS = feeds()["evaluations"]


def page(rows: list[int], next_cursor: str | None) -> Page:
    return Page("2019-01-28", 5, 1, next_cursor, tuple({"n": row} for row in rows), {})


def platform(pages: dict[str | None, Page]) -> tuple[list[str | None], Callable[[str | None], Page]]:
    asked: list[str | None] = []

    def fetch(cursor: str | None) -> Page:
        asked.append(cursor)
        return pages[cursor]

    return asked, fetch


def test_pages_follow_their_cursors_from_any_start():
    pages = {None: page([1], "b"), "b": page([2], "c"), "c": page([3], None)}
    asked, fetch = platform(pages)
    assert [each.items[0]["n"] for each in walk(fetch)] == [1, 2, 3]
    assert [each.items[0]["n"] for each in walk(fetch, "c")] == [3]
    assert asked == [None, "b", "c", "c"]


def test_a_page_is_there_before_the_next_is_asked_for():
    asked, fetch = platform({None: page([1], "b"), "b": page([2], None)})
    walked = walk(fetch)
    next(walked)
    assert asked == [None]


def test_a_circle_of_cursors_ends():
    pages = {None: page([1], "b"), "b": page([2], "c"), "c": page([3], "b")}
    asked, fetch = platform(pages)
    with pytest.raises(Stalled):
        list(walk(fetch))
    assert len(asked) == 3 + BARREN_PAGES


def test_a_platform_that_never_ends_with_new_cursors_ends():
    with pytest.raises(Stalled):
        list(walk(lambda cursor: page([1], f"{cursor}x")))


def test_an_error_in_the_middle_comes_after_the_pages_before_it():
    def fetch(cursor: str | None) -> Page:
        if cursor:
            raise Unavailable("http_503")
        return page([1], "b")

    walked = walk(fetch)
    assert next(walked).items == ({"n": 1},)
    with pytest.raises(Unavailable):
        next(walked)


def test_sample_rows_are_read_without_a_finding():
    read = {
        item["案例ID"]: read_row(CASES, item)
        for path in (SAMPLES / "pushed_cases").glob("*.json")
        for item in json.loads(path.read_text(encoding="utf-8"))
    }
    assert set(read) == {"3-1", "5-1", "27-1", "33-2", "36-3", "71", "88"}
    assert not any(row.findings or row.extra for row in read.values())
    assert read["3-1"].values["published_on"] == date(2018, 12, 4)
    assert read["3-1"].values["published_text"] == "2018 年 12 月 4 日"
    assert read["3-1"].values["handling_opinion"] is None
    assert "黄浦区共 117 家" in str(read["71"].values["body"])


def test_unknown_columns_are_kept_and_change_no_row_number():
    plain, more = read_row(CASES, case(1)), read_row(CASES, case(1, 行业="医疗", 热度=7))
    assert more.extra == {"行业": "医疗", "热度": "7"}
    assert plain.row_no == more.row_no


def test_blanks_inside_a_column_name_do_not_hide_it():
    item = case(1)
    item["案例 ＩＤ"] = item.pop("案例ID")
    assert read_row(CASES, item) == read_row(CASES, case(1))


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        ({"案例ID": " "}, ("required", "案例ID", None)),
        ({"清单": "hot"}, ("unknown_code", "清单", "hot")),
        ({"发布时间": "去年"}, ("date_format", "发布时间", "去年")),
        ({"发布时间": "2018 年 2 月 30 日"}, ("date_format", "发布时间", "2018 年 2 月 30 日")),
        ({"案例标题": "医院\ufffd"}, ("mojibake", "案例标题", "医院\ufffd")),
        ({"案例ID": "1" * 101}, ("too_long", "案例ID", "1" * 101)),
    ],
)
def test_what_is_wrong_with_a_row_is_a_finding(change, finding):
    [found] = read_row(CASES, case(1, **change)).findings
    assert (found.issue_code, found.field, found.value) == finding


def test_a_value_of_another_type_is_kept_as_its_json():
    row = read_row(CASES, case(1, 案例ID=71, 标签=["持续追踪"]))
    assert (row.values["case_id"], row.values["tags"]) == ("71", '["持续追踪"]')


@pytest.mark.parametrize(
    "text", ["2018 年 12 月 4 日", "2018-12-04", "2018/12/4", "2018.12.4", "２０１８年12月4日"]
)
def test_dates_are_read_by_the_declared_formats(text):
    [formats] = [field.formats for field in CASES.fields if field.name == "published_on"]
    assert parse_date(text, formats) == date(2018, 12, 4)


@given(st.lists(st.one_of(st.none(), st.text()), max_size=4))
def test_row_numbers_fit_json_and_depend_on_content_alone(texts):
    number = row_number([storable(text) for text in texts])
    assert 0 <= number < 2**53
    assert number == row_number([storable(text) for text in texts])
    assert number != row_number([*map(storable, texts), None])


@given(
    st.recursive(
        st.text() | st.none() | st.integers(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_storable_json_has_no_nul_and_no_half_of_a_pair(value):
    assert "\\u0000" not in json.dumps(storable(value))
    json.dumps(storable(value), ensure_ascii=False).encode("utf-8")


def test_what_cannot_be_stored_is_marked():
    assert storable({"a": ["x\x00", "\ud800y", "😀"]}) == {"a": ["x\ufffd", "\ufffdy", "😀"]}

"""A decision's own row that says 撤销 under another code or none: what it may mean waits (D2, G2, I9)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sql.story import HE, YUN, Row, Story, file, penalty, registered, same_when_rebuilt

MISTYPED = YUN | {"party_code": "91420100MA00000999"}
BY_NAME: Row = YUN | {"party_code": None}
CODE = YUN["party_code"]
SHOWN, HELD = ("active", "public"), ("active", "internal")


def told(story: Story, on: str, *rows: Row, **more: Any) -> dict[str | None, tuple[str, str]]:
    """Rows of the decision in a file of that day; state and class of each record after the build."""
    decisions = (penalty("甲", "2018-06-01", row) for row in rows)
    story.deliver(file("penalty_decision", on, "HB-AMR", *decisions, **more))
    story.build()
    records = story.rows("select party_code, state, disclosure_class from core.record")
    return {code: (state, seen) for code, state, seen in records}


def revoked(row: Row) -> Row:
    return row | {"status_code": "revoked"}


def normal(row: Row) -> Row:
    return row | {"status_code": "normal"}


@pytest.mark.parametrize(
    "row",
    [MISTYPED, BY_NAME, YUN | {"authority_name": "另一样例局", "authority_code": None}],
    ids=["another code", "no code", "another authority"],
)
def test_the_record_that_a_withdrawing_row_may_mean_waits_until_its_code_is_given(
    story: Story, row: Row
) -> None:
    story.deliver(file("registry_extract", "2019-01-28", "HB-AMR", registered()))
    assert told(story, "2019-01-28", normal(YUN)) == {CODE: SHOWN}
    told(story, "2019-01-29", revoked(row))
    assert story.rows("select state, disclosure_class from core.record where state = 'active'") == [HELD]
    assert story.one("select count(*) from ops.issue where issue_code = 'act_unplaced'") == 2
    same_when_rebuilt(story)
    told(story, "2019-01-30", revoked(YUN))
    assert story.rows("select 1 from core.record where state = 'active'") == []
    assert "act_unplaced" not in story.issues()
    same_when_rebuilt(story)


@pytest.mark.parametrize("row", [YUN, MISTYPED], ids=["the decision's", "the withdrawing row's"])
def test_a_later_row_that_says_the_decision_is_in_force_ends_the_doubt(story: Story, row: Row) -> None:
    told(story, "2019-01-28", YUN)
    assert told(story, "2019-01-29", revoked(BY_NAME))[CODE] == HELD
    assert told(story, "2019-01-30", YUN)[CODE] == HELD
    assert told(story, "2019-01-31", normal(YUN))[CODE] == SHOWN
    assert told(story, "2019-02-01", revoked(row))[CODE][0] == ("active" if row is MISTYPED else "revoked")
    assert told(story, "2019-02-02", normal(row))[CODE][0] == "active"
    assert "act_unplaced" not in story.issues()
    same_when_rebuilt(story)


def test_the_doubt_ends_with_the_file_that_raised_it(story: Story) -> None:
    told(story, "2019-01-28", YUN)
    assert told(story, "2019-01-29", revoked(MISTYPED))[CODE] == HELD
    assert told(story, "2019-01-29", YUN, revoked(HE), sequence=2, scope="replace")[CODE] == SHOWN
    same_when_rebuilt(story)


def test_a_withdrawing_row_that_finds_its_own_decision_holds_nobody(story: Story) -> None:
    """Another party of the decision, its mistyped row, and a list sent whole that tells no other row."""
    story.deliver(file("registry_extract", "2019-01-28", "HB-AMR", registered(), registered(HE)))
    assert told(story, "2019-01-28", YUN, HE, MISTYPED)[CODE] == SHOWN
    assert told(story, "2019-01-29", revoked(MISTYPED), revoked(HE))[CODE] == SHOWN
    assert told(story, "2019-01-30", revoked(HE), YUN, scope="replace")[CODE] == SHOWN
    assert "act_unplaced" not in story.issues()
    same_when_rebuilt(story)

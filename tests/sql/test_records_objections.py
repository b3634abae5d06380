"""An objection under another code than its decision's holds the record until a ruling answers it (G1, E6)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sql.story import YUN, Row, Story, file, objection, penalty, ruling

OTHER = YUN | {"party_code": "91420100MA00000999"}
WITHDRAWN = {"ruling_code": "upheld", "correction_code": "withdraw"}
HELD, SHOWN, ENDED = ("active", "internal"), ("active", "public"), ("revoked", "public")


@pytest.fixture
def story(warehouse: str) -> Story:
    """A decision, and an objection to it under another code."""
    told = Story(warehouse)
    told.deliver(file("penalty_decision", "2019-01-28", "HB-AMR", penalty("甲", "2018-06-01", OTHER)))
    told.deliver(file("objection", "2019-01-28", "HB-AMR", objection("异", "2019-01-20", "甲")))
    told.build()
    assert standing(told) == HELD
    return told


def ruled(story: Story, row: Row, day: str = "29", unit: str = "HB-AMR", **more: Any) -> None:
    story.deliver(file("objection_ruling", f"2019-01-{day}", unit, row, **more))
    story.build()


def standing(story: Story) -> tuple[str, str]:
    """State and class of the record, which a full build gives alike, with the same issues."""
    state = "select state, disclosure_class from core.record"
    issues = "select issue_id from ops.issue where origin = 'fold' order by 1"
    (built,), found = story.rows(state), story.rows(issues)
    story.build(full=True)
    assert (story.rows(state), story.rows(issues)) == ([built], found)
    return built


@pytest.mark.parametrize("party", [YUN, OTHER], ids=["objection's", "decision's"])
def test_a_ruling_that_rejects_it_lets_the_record_go_under_either_code(story: Story, party: Row) -> None:
    ruled(story, ruling("异", "2019-01-25", "甲", party))
    assert standing(story) == SHOWN
    assert "act_unplaced" not in story.issues()
    assert "objection_without_record" in story.issues()


@pytest.mark.parametrize(("party", "expected"), [(YUN, HELD), (OTHER, ENDED)])
def test_a_ruling_that_upholds_it_acts_on_the_record_that_it_finds_and_holds_any_other(
    story: Story, party: Row, expected: tuple[str, str]
) -> None:
    ruled(story, ruling("异", "2019-01-25", "甲", party, **WITHDRAWN))
    assert standing(story) == expected


@pytest.mark.parametrize(
    "row",
    [
        ruling("异二", "2019-01-25", "甲"),
        ruling("异", "2019-01-19", "甲"),
        ruling("异", "2019-03-01", "甲"),
        ruling("异", "2019-01-25", "乙"),
    ],
    ids=["objection", "earlier", "later", "decision"],
)
def test_a_ruling_on_another_objection_or_of_another_day_answers_nothing(story: Story, row: Row) -> None:
    ruled(story, row)
    assert standing(story) == HELD


def test_a_ruling_by_who_may_not_submit_it_answers_nothing(story: Story) -> None:
    ruled(story, ruling("异", "2019-01-25", "甲"), unit="nobody")
    assert standing(story) == HELD


def test_of_several_rulings_the_last_counts(story: Story) -> None:
    ruled(story, ruling("异", "2019-01-24", "甲", **WITHDRAWN))
    ruled(story, ruling("异", "2019-01-25", "甲"), day="30")
    assert standing(story) == SHOWN
    ruled(story, ruling("异", "2019-01-26", "甲", **WITHDRAWN), day="31")
    assert standing(story) == HELD
    ruled(story, ruling("异", "2019-01-26", "甲", YUN), day="31", sequence=2)
    assert standing(story) == SHOWN


def test_the_objection_holds_the_record_again_once_its_ruling_is_taken_back(story: Story) -> None:
    ruled(story, ruling("异", "2019-01-25", "甲", OTHER))
    assert standing(story) == SHOWN
    ruled(story, ruling("异二", "2019-01-25", "甲", OTHER), sequence=2, scope="replace")
    assert standing(story) == HELD

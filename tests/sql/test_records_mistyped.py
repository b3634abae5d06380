"""A decision told under a mistyped code, acted on there, and told again under the right one (D2, E6, I6)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sql.story import YUN, Row, Story, change, file, objection, penalty, registered, repair, ruling

MISTYPED = YUN | {"party_code": "91420100MA00000999"}
WRONG, RIGHT = MISTYPED["party_code"], YUN["party_code"]
HELD, SHOWN, ENDED = ("active", "internal"), ("active", "public"), ("revoked", "public")


def decided(story: Story, day: str, party: Row, **more: Any) -> None:
    told(story, "penalty_decision", day, penalty("甲", "2018-06-01", party), **more)


def revoked(story: Story, day: str, party: Row, **more: Any) -> None:
    told(story, "decision_change", day, change("撤", "2019-01-20", "甲", party), **more)


def told(story: Story, kind: str, day: str, row: Row, **more: Any) -> None:
    story.deliver(file(kind, f"2019-01-{day}", "HB-AMR", row, **more))
    story.build()


def standing(story: Story) -> dict[str, tuple[str, str]]:
    """State and class of the record under each code, which a full build gives alike, with the same issues."""
    records = "select party_code, state, disclosure_class from core.record order by 1"
    issues = "select issue_id from ops.issue where origin = 'fold' order by 1"
    built, found = story.rows(records), story.rows(issues)
    story.build(full=True)
    assert (story.rows(records), story.rows(issues)) == (built, found)
    return {code: (state, seen) for code, state, seen in built}


@pytest.mark.parametrize(
    ("kind", "act", "then"),
    [
        ("decision_change", change("撤", "2019-01-20", "甲", MISTYPED), ENDED),
        ("repair_ruling", repair("修", "2019-01-20", "甲", MISTYPED), ("repaired", "public")),
        ("objection", objection("异", "2019-01-20", "甲", MISTYPED), SHOWN),
    ],
)
def test_what_acted_on_the_mistyped_row_holds_the_record_under_the_right_code_until_it_acts_there(
    story: Story, kind: str, act: Row, then: tuple[str, str]
) -> None:
    decided(story, "28", MISTYPED)
    told(story, kind, "29", act)
    decided(story, "30", YUN)
    assert standing(story)[RIGHT] == HELD
    assert "act_unplaced" in story.issues()
    told(story, kind, "31", act | YUN)
    assert standing(story)[RIGHT] == then
    assert "act_unplaced" not in story.issues()


def test_told_again_under_the_wrong_code_it_took_out_the_mistyped_row_alone(story: Story) -> None:
    decided(story, "28", MISTYPED)
    revoked(story, "29", MISTYPED)
    decided(story, "30", YUN)
    assert standing(story)[RIGHT] == HELD
    revoked(story, "31", MISTYPED)
    assert standing(story)[RIGHT] == SHOWN
    assert "act_unplaced" not in story.issues()


def test_a_revocation_that_came_after_the_right_row_took_out_the_mistyped_one(story: Story) -> None:
    decided(story, "28", MISTYPED)
    decided(story, "29", YUN)
    revoked(story, "30", MISTYPED)
    decided(story, "31", YUN)
    assert standing(story)[RIGHT] == SHOWN


def test_a_revocation_of_the_last_word_holds_what_was_told_before_it_too(story: Story) -> None:
    decided(story, "27", YUN)
    decided(story, "28", MISTYPED)
    revoked(story, "29", MISTYPED)
    decided(story, "30", YUN)
    assert standing(story)[RIGHT] == HELD


def test_two_enterprises_that_the_register_knows_by_one_name_are_each_their_own(story: Story) -> None:
    story.deliver(file("registry_extract", "2019-01-28", "HB-AMR", registered(), registered(MISTYPED)))
    both = (penalty("甲", "2018-06-01", MISTYPED), penalty("甲", "2018-06-01"))
    story.deliver(file("penalty_decision", "2019-01-28", "HB-AMR", *both))
    story.build()
    revoked(story, "29", MISTYPED)
    assert standing(story) == {WRONG: ENDED, RIGHT: SHOWN}


def test_a_rejected_objection_to_the_mistyped_row_holds_nothing(story: Story) -> None:
    decided(story, "28", MISTYPED)
    told(story, "objection", "28", objection("异", "2019-01-20", "甲", MISTYPED))
    told(story, "objection_ruling", "29", ruling("异", "2019-01-25", "甲", MISTYPED))
    decided(story, "30", YUN)
    assert standing(story)[RIGHT] == SHOWN


def test_the_hold_ends_with_the_row_that_raised_it(story: Story) -> None:
    decided(story, "28", MISTYPED)
    revoked(story, "29", MISTYPED)
    decided(story, "30", YUN)
    told(story, "decision_change", "29", change("撤", "2019-01-20", "乙"), sequence=2, scope="replace")
    assert standing(story)[RIGHT] == SHOWN

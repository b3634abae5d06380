"""A decision told again under another number: both records stay, the unit is asked (I6)."""

from __future__ import annotations

from typing import Any

from tests.sql.story import YUN, Story, change, file, penalty, same_when_rebuilt


def told(story: Story, day: str, *numbers: str, unit: str = "HB-AMR", **more: Any) -> None:
    """Decisions of one day and one content under these numbers, in a file of its own of that day."""
    rows = [penalty(number, "2018-06-01", **more) for number in numbers]
    story.deliver(file("penalty_decision", f"2019-01-{day}", unit, *rows))
    story.build()


def asked(story: Story) -> list[Any]:
    """Numbers of the rows asked about, which a full build gives alike."""
    same_when_rebuilt(story)
    found = "select value from ops.issue where issue_code = 'told_under_another_number' order by 1"
    return [number for (number,) in story.rows(found)]


def test_the_unit_is_asked_whether_a_number_was_corrected_until_it_revokes_the_wrong_one(
    story: Story,
) -> None:
    told(story, "28", "罚〔2018〕303号")
    told(story, "29", "罚〔2018〕3030号")
    assert asked(story) == ["罚〔2018〕3030号"]
    assert story.one("select count(*) from core.record where disclosure_class = 'public'") == 2
    wrong = change("撤", "2019-01-20", "罚〔2018〕303号", YUN)
    story.deliver(file("decision_change", "2019-01-30", "HB-AMR", wrong))
    story.build()
    assert asked(story) == []


def test_decisions_told_side_by_side_or_of_another_content_are_no_correction(story: Story) -> None:
    """I6: a haulier is fined five times a day; the unit's next list tells both again."""
    told(story, "28", "甲", "乙")
    assert asked(story) == []
    told(story, "29", "丙", penalty_content="罚款两万元")
    told(story, "29", "丁", violation_facts="另一样例事实")
    told(story, "29", "戊", unit="420100", region_code="420100")
    assert asked(story) == []
    told(story, "30", "己")
    assert asked(story) == ["己"]
    told(story, "31", "甲", "乙", "己")
    assert asked(story) == []

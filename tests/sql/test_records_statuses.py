"""What a decision's own rows say of its state, in either template (B8, G2)."""

from __future__ import annotations

import pytest

from tests.sql.story import Row, Story, file, penalty, same_when_rebuilt

WITHOUT_CODE = {"authority_name": "武汉市市场监督管理局", "authority_code": None}
WITH_CODE = WITHOUT_CODE | {"authority_code": "11420100YL2000011K"}


def told(story: Story, on: str, **row: object) -> str:
    """The decision in a file of its own of that day; its state after the build."""
    story.deliver(file("penalty_decision", on, "HB-AMR", penalty("甲", "2018-06-01", **(WITH_CODE | row))))
    story.build()
    return story.state("甲")


def asked(story: Story, code: str) -> list[str]:
    """Data dates of the rows that an issue asks about."""
    rows = "select data_date::text from ops.issue join landing.file using (file_id) where issue_code = %s"
    return [day for (day,) in story.rows(rows, code)]


@pytest.mark.parametrize("authority", [WITH_CODE, WITHOUT_CODE], ids=["2018", "2017"])
def test_a_decision_revoked_in_its_own_row_stays_revoked_until_a_row_says_otherwise(
    story: Story, authority: Row
) -> None:
    """G2, B8: the template of 2017 gives the authority no code; a quarter told again states no status."""
    told(story, "2019-01-28")
    assert told(story, "2019-01-29", status_code="revoked", **authority) == "revoked"
    assert asked(story, "revoked_before") == []
    assert told(story, "2019-01-30", remarks="样例季度补报") == "revoked"
    assert asked(story, "revoked_before") == ["2019-01-30"]
    state = story.one("select provenance -> 'state' from core.record")
    assert told(story, "2019-01-31", status_code="revoked", **authority) == "revoked"
    assert asked(story, "revoked_before") == []
    assert story.one("select provenance -> 'state' from core.record") == state
    assert told(story, "2019-02-01", status_code="normal") == "active"
    assert told(story, "2019-02-02") == "active"
    same_when_rebuilt(story)


@pytest.mark.parametrize("status", ["objection", "other"])
def test_only_a_row_that_says_so_puts_a_revoked_decision_in_force_again(story: Story, status: str) -> None:
    """G2: a challenge or another state of what was revoked displays nothing, and the unit is asked."""
    assert told(story, "2019-01-29", status_code="revoked") == "revoked"
    assert told(story, "2019-01-30", status_code=status) == "revoked"
    assert asked(story, "revoked_before") == ["2019-01-30"]
    assert told(story, "2019-01-31", status_code="normal") == "active"
    assert asked(story, "revoked_before") == []
    same_when_rebuilt(story)


def test_what_one_unit_revoked_another_puts_in_force_for_nobody_and_is_asked(story: Story) -> None:
    """G2, B1: a city's list of last month does not know that the authority revoked its decision."""

    def of_the_city(on: str, **row: object) -> str:
        row = WITH_CODE | {"region_code": "420100"} | row
        story.deliver(file("penalty_decision", on, "420100", penalty("甲", "2018-06-01", **row)))
        story.build()
        return story.state("甲")

    told(story, "2019-01-28", status_code="normal", region_code="420100")
    assert of_the_city("2019-01-29", status_code="normal") == "active"
    assert told(story, "2019-01-30", status_code="revoked") == "revoked"
    assert asked(story, "revoked_by_another_unit") == []
    assert of_the_city("2019-01-31", status_code="normal") == "revoked"
    assert of_the_city("2019-02-01", status_code="normal") == "revoked"
    assert asked(story, "revoked_by_another_unit") == ["2019-02-01"]
    assert of_the_city("2019-02-02", status_code="revoked") == "revoked"
    assert asked(story, "revoked_by_another_unit") == []
    assert told(story, "2019-02-03", status_code="normal") == "revoked"
    assert of_the_city("2019-02-04", status_code="normal") == "active"
    assert story.issues() == {"subject_unknown"}
    same_when_rebuilt(story)


def test_a_row_revokes_under_each_name_that_the_decision_gave_its_authority(story: Story) -> None:
    """G2: renamed between two rows with its code, it bears the old name in the row without."""
    told(story, "2019-01-28", authority_name="甲局")
    told(story, "2019-01-29", authority_name="乙局")
    told(story, "2019-01-30", authority_name="甲局", authority_code=None, status_code="revoked")
    assert story.rows("select state, authority_name from core.record") == [("revoked", "乙局")]


def test_another_penalty_in_the_template_without_codes_changes_nothing_and_is_asked_about(
    story: Story,
) -> None:
    """B8: its row has neither the amount nor the violation of the fuller one."""
    told(story, "2019-01-28")
    for on, text in (("2019-01-29", "罚款"), ("2019-01-30", "罚款1000元")):
        told(story, on, fine_yuan=None, penalty_content=text, **WITHOUT_CODE)
    assert story.rows("select penalty_text, fine_yuan from core.record") == [("罚款", 20000)]
    assert asked(story, "fuller_template_differs") == ["2019-01-30"]
    told(story, "2019-01-31", penalty_content="罚款1000元", fine_yuan=1000)
    assert asked(story, "fuller_template_differs") == []

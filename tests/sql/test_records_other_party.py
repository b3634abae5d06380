"""A decision that a unit tells of one enterprise and later of another: both stay, the unit is asked (I6)."""

from __future__ import annotations

from typing import Any

from psycopg import connect

from conduct_records.records.rekey import record_rekey
from tests.sql.story import HE, SHAN, YUN, Row, Story, change, file, listed, penalty, same_when_rebuilt

ASKED = "told_of_another_party"
TRADER = {"party_name": "样例丑", "party_code": None, "party_person_token": "person1"}


def told(story: Story, day: str, *parties: Row, unit: str = "HB-AMR", **more: Any) -> None:
    """The decision about these parties, in a file of its own of that day."""
    rows = [penalty("甲", "2018-06-01", party, **more) for party in parties]
    story.deliver(file("penalty_decision", f"2019-01-{day}", unit, *rows))


def revoked(story: Story, day: str, party: Row, **more: Any) -> None:
    row = change("撤", "2019-01-20", "甲", party)
    story.deliver(file("decision_change", f"2019-01-{day}", "HB-AMR", row, **more))


def asked(story: Story) -> list[Any]:
    """Data dates of the rows asked about, which a full build gives alike."""
    found = f"""select to_char(f.data_date, 'DD')
        from ops.issue as i inner join landing.file as f using (file_id)
        where i.issue_code = '{ASKED}' order by 1"""
    same_when_rebuilt(story)
    return [day for (day,) in story.rows(found)]


def shown(story: Story) -> set[str]:
    return {seen for (seen,) in story.rows("select disclosure_class from core.record where state = 'active'")}


def test_the_unit_is_asked_whether_the_later_row_replaces_the_earlier_and_nothing_is_held(
    story: Story,
) -> None:
    told(story, "28", YUN)
    story.build()
    told(story, "29", HE)
    assert asked(story) == ["29"]
    assert shown(story) == {"public"}
    to_whom = "select severity, responsibility, value from ops.issue where issue_code = %s"
    assert story.rows(to_whom, ASKED) == [("warning", "department", "甲")]


def test_a_question_that_stands_folds_nobody_again(story: Story) -> None:
    told(story, "28", YUN)
    told(story, "29", HE)
    assert story.build().counts["subjects"] == 2
    assert story.build().counts["subjects"] == 0


def test_a_question_outlives_the_fold_that_another_decision_of_its_subject_asks_for(story: Story) -> None:
    """The row of the other decision touches the enterprise beside it, and that one's own question stays."""
    told(story, "28", YUN)
    told(story, "29", HE)
    assert asked(story) == ["29"]
    for party in (HE, SHAN):
        story.deliver(file("penalty_decision", "2019-01-30", "HB-AMR", penalty("乙", "2018-06-01", party)))
        story.build()
    assert asked(story) == ["29"]


def test_the_question_does_not_go_by_which_file_came_first(story: Story) -> None:
    told(story, "29", HE)
    story.build()
    told(story, "28", YUN)
    assert asked(story) == ["29"]


def test_a_revocation_of_either_answers_it_and_ends_with_its_file(story: Story) -> None:
    told(story, "28", YUN)
    told(story, "29", HE)
    assert asked(story) == ["29"]
    revoked(story, "30", YUN, scope="replace")
    assert asked(story) == []
    of_another = change("撤", "2019-01-20", "乙")
    story.deliver(file("decision_change", "2019-01-31", "HB-AMR", of_another, scope="replace"))
    assert asked(story) == ["29"]
    revoked(story, "31", HE, sequence=2)
    assert asked(story) == []


def test_a_row_that_says_itself_revoked_answers_it(story: Story) -> None:
    told(story, "28", YUN)
    told(story, "29", HE)
    told(story, "30", YUN, status_code="revoked")
    assert asked(story) == []


def test_a_replaced_file_answers_it(story: Story) -> None:
    first = penalty("甲", "2018-06-01")
    story.deliver(file("penalty_decision", "2019-01-28", "HB-AMR", first, scope="replace"))
    told(story, "29", HE)
    assert asked(story) == ["29"]
    other = penalty("乙", "2018-06-01")
    story.deliver(file("penalty_decision", "2019-01-28", "HB-AMR", other, scope="replace", sequence=2))
    assert asked(story) == []


def test_parties_told_on_one_day_or_by_two_units_or_by_two_authorities_are_several(story: Story) -> None:
    told(story, "28", YUN, HE)
    told(story, "29", HE)
    told(story, "29", SHAN, unit="HB-DRC")
    told(story, "30", SHAN, authority_name="样例县市场监督管理局", authority_code=None)
    assert asked(story) == []


def test_whom_another_authority_decided_about_under_the_same_number_is_not_folded_again(story: Story) -> None:
    told(story, "28", YUN)
    story.build()
    told(story, "29", HE, authority_name="样例县市场监督管理局", authority_code=None)
    assert story.build().counts["subjects"] == 1


def test_one_party_under_another_code_or_another_name_is_no_other_party(story: Story) -> None:
    told(story, "28", YUN)
    told(story, "29", YUN | {"party_code": HE["party_code"]})
    told(story, "30", YUN | {"party_name": "武汉样例云贸易有限公司"})
    assert asked(story) == []


def test_a_person_punished_beside_an_enterprise_is_no_other_enterprise(story: Story) -> None:
    told(story, "28", YUN)
    told(story, "29", TRADER, party_category_code="natural_person")
    assert asked(story) == []


def test_a_listing_is_asked_about_too_and_a_change_of_key_answers_it(story: Story) -> None:
    for day, party in (("28", YUN), ("29", HE)):
        story.deliver(file("list_decision", f"2019-01-{day}", "HB-AMR", listed("列", "2018-06-01", party)))
    assert asked(story) == ["29"]
    old, new = (story.one("select core.key('uscc', %s)", party["party_code"]) for party in (HE, YUN))
    with connect(story.url) as connection:
        record_rekey(connection, old, new, "credit code changed", story.tick())
    assert asked(story) == []

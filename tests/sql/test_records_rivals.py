"""One decision about one party under two codes: the doubtful record waits inside the centre (D2, I6, I9)."""

from __future__ import annotations

from typing import Any

import pytest

from conduct_records.records.rekey import record_rekey
from conduct_records.warehouse.connection import connect
from tests.sql.story import HE, YUN, Story, change, file, penalty, registered, same_when_rebuilt

MISTYPED = YUN | {"party_code": "91420100MA00000999"}
WRONG, RIGHT = MISTYPED["party_code"], YUN["party_code"]
DOUBT = {"code_in_doubt", "subject_unknown"}


def told(story: Story, day: str, party: dict[str, Any], unit: str = "HB-AMR", **more: Any) -> None:
    """One decision about one party, in a file of its own of that day."""
    row = penalty("甲", "2018-06-01", party, **more)
    story.deliver(file("penalty_decision", f"2019-01-{day}", unit, row))
    story.build()


def shown(story: Story) -> dict[str, str]:
    return dict(story.rows("select party_code, disclosure_class from core.record"))


def test_a_decision_told_again_with_another_code_leaves_the_first_enterprise_alone(story: Story) -> None:
    told(story, "28", MISTYPED)
    told(story, "29", YUN)
    assert shown(story) == {WRONG: "internal", RIGHT: "public"}
    assert story.one("select disclosure_reason from core.record where disclosure_class = 'internal'") == (
        "code_in_doubt"
    )
    assert story.issues() == DOUBT
    story.build()
    assert shown(story)[WRONG] == "internal"


def test_the_register_says_which_of_two_codes_is_right_whichever_came_later(story: Story) -> None:
    told(story, "28", YUN)
    told(story, "29", MISTYPED)
    assert shown(story) == {WRONG: "public", RIGHT: "internal"}
    story.deliver(file("registry_extract", "2019-01-30", "HB-AMR", registered()))
    story.build()
    assert shown(story) == {WRONG: "internal", RIGHT: "public"}


def test_of_two_codes_in_one_file_neither_is_shown(story: Story) -> None:
    both = (penalty("甲", "2018-06-01", MISTYPED), penalty("甲", "2018-06-01"))
    story.deliver(file("penalty_decision", "2019-01-28", "HB-AMR", *both))
    story.build()
    assert set(shown(story).values()) == {"internal"}


def test_a_doubt_ends_with_the_file_that_raised_it(story: Story) -> None:
    told(story, "28", MISTYPED)
    story.deliver(file("penalty_decision", "2019-01-28", "nobody", penalty("甲", "2018-06-01")))
    story.build()
    assert shown(story) == {WRONG: "internal", RIGHT: "internal"}
    other = penalty("乙", "2018-06-01")
    story.deliver(file("penalty_decision", "2019-01-29", "nobody", other, scope="replace"))
    story.build()
    assert shown(story)[WRONG] == "public"
    assert "code_in_doubt" not in story.issues()


def test_parties_of_other_names_and_another_authoritys_document_raise_no_doubt(story: Story) -> None:
    story.deliver(
        file(
            "penalty_decision", "2019-01-28", "HB-AMR",
            penalty("甲", "2018-06-01"),
            penalty("甲", "2018-06-01", MISTYPED | {"party_name": "武汉样例雨商贸有限公司"}),
            penalty("甲", "2018-06-01", MISTYPED, authority_name="样例县市场监督管理局", authority_code=None),
        )
    )  # fmt: skip
    story.build()
    assert "code_in_doubt" not in story.issues()


def test_whoever_is_told_again_has_the_last_word(story: Story) -> None:
    """What stands is the row that said it first; the doubt goes by the row that said it last."""
    told(story, "28", YUN)
    told(story, "29", MISTYPED)
    assert shown(story) == {WRONG: "public", RIGHT: "internal"}
    told(story, "30", YUN)
    assert shown(story) == {WRONG: "internal", RIGHT: "public"}
    same_when_rebuilt(story)


def test_a_code_that_the_register_knows_by_another_name_outweighs_nothing(story: Story) -> None:
    story.deliver(file("registry_extract", "2019-01-28", "HB-AMR", registered(HE)))
    told(story, "28", YUN)
    told(story, "29", YUN | {"party_code": HE["party_code"]})
    assert shown(story) == {RIGHT: "public", HE["party_code"]: "internal"}


def test_two_enterprises_of_one_name_that_the_register_knows_raise_no_doubt(story: Story) -> None:
    known = file("registry_extract", "2019-01-28", "HB-AMR", registered(), registered(MISTYPED))
    both = (penalty("甲", "2018-06-01", MISTYPED), penalty("甲", "2018-06-01"))
    story.deliver(known, file("penalty_decision", "2019-01-28", "HB-AMR", *both))
    story.build()
    assert set(shown(story).values()) == {"public"}


def test_an_authority_of_one_code_and_two_spellings_is_one(story: Story) -> None:
    told(story, "28", MISTYPED)
    told(story, "29", YUN, authority_name="省市场监督管理局")
    assert shown(story) == {WRONG: "internal", RIGHT: "public"}


def test_a_decision_told_again_as_a_natural_persons_is_shown_no_more_whatever_the_register_knows(
    story: Story,
) -> None:
    """E1: a trader's register bears the person's name too; the last word says who was punished."""
    person = YUN | {"party_code": None, "party_person_token": "person1"}
    as_person = {"party_category_code": "natural_person"}
    story.deliver(file("registry_extract", "2019-01-28", "HB-AMR", registered()))
    told(story, "28", YUN)
    told(story, "29", person, **as_person)
    assert shown(story) == {RIGHT: "internal", None: "internal"}
    assert story.rows("select value from ops.issue where issue_code = 'code_in_doubt'") == [(RIGHT,)]
    same_when_rebuilt(story)
    told(story, "30", YUN)
    assert shown(story) == {RIGHT: "public", None: "internal"}
    told(story, "31", YUN, **as_person)
    assert set(shown(story).values()) == {"internal"}


def test_two_persons_of_one_name_and_who_may_be_one_for_want_of_a_category_raise_no_doubt(
    story: Story,
) -> None:
    four = {"party_name": "样例小店", "party_code": YUN["party_code"]}
    told(story, "28", four)
    told(story, "29", four | {"party_code": None}, party_category_code=None)
    twins = [{"party_name": "样例寅", "party_code": None, "party_person_token": f"person{n}"} for n in "12"]
    rows = (penalty("乙", "2018-06-01", each, party_category_code="natural_person") for each in twins)
    story.deliver(file("penalty_decision", "2019-01-30", "HB-AMR", *rows))
    story.build()
    assert shown(story)[RIGHT] == "public"
    assert "code_in_doubt" not in story.issues()


def test_a_credit_code_outweighs_a_registration_number_of_the_same_night(story: Story) -> None:
    told(story, "28", YUN)
    told(story, "28", YUN | {"party_code": None, "party_registration_no": "420100000000017"}, "420100")
    assert shown(story)[RIGHT] == "public"


def test_revoking_the_wrong_row_closes_its_issue(story: Story) -> None:
    told(story, "28", MISTYPED)
    told(story, "29", YUN)
    gone = change("撤", "2019-01-30", "甲", MISTYPED)
    story.deliver(file("decision_change", "2019-01-30", "HB-AMR", gone))
    story.build()
    assert "code_in_doubt" not in story.issues()
    assert shown(story) == {WRONG: "internal", RIGHT: "public"}


def test_a_rekey_ends_the_doubt_as_a_rebuild_would(story: Story) -> None:
    told(story, "28", MISTYPED)
    told(story, "29", YUN)
    keys = dict(story.rows("select party_code, subject_key from core.record"))
    with connect(story.settings, "records_builder") as connection:
        record_rekey(connection, keys[WRONG], keys[RIGHT], "test", story.tick())
    same_when_rebuilt(story)
    assert shown(story) == {RIGHT: "public"}


@pytest.mark.parametrize("decided_on", ["2018-06-01", "2019-06-01"])
def test_a_rival_that_leaves_takes_the_doubt_along_before_the_decision_takes_effect_too(
    story: Story, decided_on: str
) -> None:
    first = file("penalty_decision", "2019-01-28", "HB-AMR", penalty("甲", decided_on, MISTYPED))
    rival = file("penalty_decision", "2019-01-28", "nobody", penalty("甲", decided_on))
    for each in (first, rival):
        story.deliver(each)
        story.build()
    other = penalty("乙", decided_on)
    story.deliver(file("penalty_decision", "2019-01-29", "nobody", other, scope="replace"))
    same_when_rebuilt(story)
    assert "code_in_doubt" not in story.issues()

"""An act that may mean a record of another subject: the record waits until that is settled (D2, E6, I9)."""

from __future__ import annotations

from typing import Any

import pytest

from conduct_records.records.rekey import record_rekey
from conduct_records.warehouse.connection import connect
from tests.sql.story import (
    HE,
    YUN,
    Row,
    Story,
    change,
    file,
    objection,
    penalty,
    registered,
    repair,
    ruling,
    same_when_rebuilt,
)

OTHER = YUN | {"party_code": "91420100MA00000999"}
BY_NAME: Row = YUN | {"party_code": None}
ELSEWHERE = {"authority_name": "邻省样例局", "authority_code": "11430000YL0000020Y"}
CODE, OTHER_CODE = YUN["party_code"], OTHER["party_code"]
NUMBER = {"party_registration_no": "420100000012345"}
FORMER = "武汉样例雾商贸有限公司"


def decided(story: Story, *parties: Row, on: str = "2019-01-28", **more: Any) -> None:
    story.deliver(
        file("penalty_decision", on, "HB-AMR", *(penalty("甲", "2018-06-01", p) for p in parties), **more)
    )
    story.build()


def revoked(story: Story, party: Row, on: str = "2019-01-29", number: str = "撤", **more: Any) -> None:
    row = change(number, "2019-01-20", "甲", party, **more)
    story.deliver(file("decision_change", on, "HB-AMR", row))
    story.build()


def standing(story: Story) -> dict[str, tuple[str, str]]:
    """State and disclosure class of the record under each code."""
    rows = story.rows("select party_code, state, disclosure_class from core.record")
    return {code: (state, seen) for code, state, seen in rows}


def test_a_revocation_by_name_holds_every_record_that_it_may_mean(story: Story) -> None:
    story.deliver(file("registry_extract", "2019-01-28", "HB-AMR", registered(), registered(OTHER)))
    decided(story, YUN, OTHER)
    assert standing(story) == dict.fromkeys((CODE, OTHER_CODE), ("active", "public"))
    revoked(story, BY_NAME)
    assert standing(story) == dict.fromkeys((CODE, OTHER_CODE), ("active", "internal"))
    assert story.one("select count(*) from ops.issue where issue_code = 'act_unplaced'") == 3
    assert "change_without_decision" not in story.issues()
    same_when_rebuilt(story)


def test_the_same_revocation_with_its_code_ends_the_record_it_means_and_no_other(story: Story) -> None:
    story.deliver(file("registry_extract", "2019-01-28", "HB-AMR", registered(), registered(OTHER)))
    decided(story, YUN, OTHER)
    revoked(story, BY_NAME)
    revoked(story, YUN, on="2019-01-30")
    assert standing(story)[CODE][0] == "revoked"
    assert standing(story)[OTHER_CODE] == ("active", "public")
    assert "act_unplaced" not in story.issues()
    same_when_rebuilt(story)


@pytest.mark.parametrize(
    ("kind", "act"),
    [
        ("decision_change", change("撤", "2019-01-20", "甲")),
        ("repair_ruling", repair("修", "2019-01-20", "甲")),
        ("objection", objection("异", "2019-01-20", "甲")),
    ],
)
def test_an_act_under_another_code_than_the_decisions_holds_it(story: Story, kind: str, act: Row) -> None:
    decided(story, OTHER)
    story.deliver(file(kind, "2019-01-29", "HB-AMR", act))
    story.build()
    assert standing(story)[OTHER_CODE] == ("active", "internal")
    assert "act_unplaced" in story.issues()
    decided(story, YUN, scope="replace", sequence=2)
    assert OTHER_CODE not in standing(story)
    assert "act_unplaced" not in story.issues()
    same_when_rebuilt(story)


def test_the_doubt_ends_with_the_file_that_raised_it(story: Story) -> None:
    decided(story, OTHER)
    revoked(story, YUN)
    another = change("撤", "2019-01-20", "乙")
    story.deliver(file("decision_change", "2019-01-29", "HB-AMR", another, sequence=2, scope="replace"))
    story.build()
    assert standing(story)[OTHER_CODE] == ("active", "public")
    assert story.issues() == {"change_without_decision", "subject_unknown"}
    same_when_rebuilt(story)


def test_the_doubt_ends_with_the_decision_that_it_was_about(story: Story) -> None:
    decided(story, OTHER)
    revoked(story, YUN)
    story.deliver(
        file(
            "penalty_decision",
            "2019-01-28",
            "HB-AMR",
            penalty("乙", "2018-06-01"),
            sequence=2,
            scope="replace",
        )
    )
    story.build()
    assert story.issues() == {"change_without_decision", "subject_unknown"}
    same_when_rebuilt(story)


def test_an_act_that_takes_effect_later_holds_nothing_before_its_day(story: Story) -> None:
    decided(story, OTHER)
    story.deliver(file("decision_change", "2019-01-29", "HB-AMR", change("撤", "2019-03-01", "甲")))
    story.build()
    assert standing(story)[OTHER_CODE] == ("active", "public")
    story.deliver(file("registry_extract", "2019-03-02", "HB-AMR", registered(HE)))
    story.build()
    assert standing(story)[OTHER_CODE] == ("active", "internal")
    same_when_rebuilt(story)


def test_an_authority_that_the_act_only_names_is_the_decisions(story: Story) -> None:
    story.deliver(
        file("penalty_decision", "2019-01-28", "HB-AMR", penalty("甲", "2018-06-01", YUN, **ELSEWHERE))
    )
    story.build()
    revoked(story, BY_NAME, **(ELSEWHERE | {"authority_code": None}))
    assert standing(story)[CODE][0] == "revoked"


@pytest.mark.parametrize(
    "told",
    [HE, YUN | {"authority_name": "另一样例局", "authority_code": None}, YUN | {"document_no": "乙"}],
    ids=["party", "authority", "decision"],
)
def test_another_party_authority_or_decision_holds_nothing(story: Story, told: Row) -> None:
    decided(story, OTHER)
    story.deliver(
        file("decision_change", "2019-01-29", "HB-AMR", change("撤", "2019-01-20", "甲", YUN) | told)
    )
    story.build()
    assert standing(story)[OTHER_CODE] == ("active", "public")
    assert "act_unplaced" not in story.issues()


@pytest.mark.parametrize(
    ("kind", "act"),
    [
        ("repair_ruling", repair("修", "2019-01-20", "甲", ruling_code="refused")),
        ("objection_ruling", ruling("异", "2019-01-20", "甲")),
    ],
)
def test_an_act_that_would_change_nothing_holds_nothing(story: Story, kind: str, act: Row) -> None:
    decided(story, OTHER)
    story.deliver(file(kind, "2019-01-29", "HB-AMR", act))
    story.build()
    assert standing(story)[OTHER_CODE] == ("active", "public")


def test_of_two_rows_of_one_revocation_the_mistyped_one_means_the_other_party(story: Story) -> None:
    story.deliver(file("registry_extract", "2019-01-28", "HB-AMR", registered(), registered(OTHER)))
    decided(story, YUN, OTHER)
    mistyped = YUN | {"party_code": "91420100MA00000888"}
    rows = [change("撤", "2019-01-20", "甲", party) for party in (YUN, mistyped)]
    story.deliver(file("decision_change", "2019-01-29", "HB-AMR", *rows))
    story.build()
    assert standing(story) == {CODE: ("revoked", "public"), OTHER_CODE: ("active", "internal")}
    same_when_rebuilt(story)


def test_a_party_is_known_by_each_name_that_the_decision_or_the_register_gave_it(story: Story) -> None:
    decided(story, OTHER)
    decided(story, OTHER | {"party_name": "武汉样例云新商贸有限公司"}, on="2019-01-29")
    revoked(story, YUN, on="2019-01-30")
    assert standing(story)[OTHER_CODE] == ("active", "internal")
    story.deliver(file("registry_extract", "2019-01-28", "HB-AMR", registered(HE, former_names=FORMER)))
    decided(story, HE, on="2019-01-30")
    revoked(story, BY_NAME | {"party_name": FORMER}, on="2019-01-31", number="撤二")
    assert standing(story)[HE["party_code"]] == ("active", "internal")
    same_when_rebuilt(story)


def test_a_name_that_a_rekey_brought_along_tells_who_is_meant_after_a_rebuild_too(story: Story) -> None:
    story.deliver(file("registry_extract", "2019-01-28", "HB-AMR", registered(OTHER), registered(HE)))
    decided(story, HE)
    keys = dict(story.rows("select uscc, subject_key from core.subject"))
    with connect(story.settings, "records_builder") as connection:
        record_rekey(connection, keys[OTHER_CODE], keys[HE["party_code"]], "test", story.tick())
    revoked(story, YUN)
    assert standing(story) == {HE["party_code"]: ("active", "internal")}
    same_when_rebuilt(story)


def test_another_authority_of_the_same_party_and_number_holds_the_record_until_it_is_corrected(
    story: Story,
) -> None:
    """G2, E6: authorities are merged and renamed; the number and the party are the decision's."""
    decided(story, YUN)
    revoked(story, YUN, **ELSEWHERE)
    assert standing(story)[CODE] == ("active", "internal")
    revoked(story, YUN, on="2019-01-30")
    assert standing(story)[CODE] == ("revoked", "public")
    assert "act_unplaced" not in story.issues()
    same_when_rebuilt(story)


def test_what_people_said_of_a_name_holds_for_acts_on_its_decision_too(story: Story) -> None:
    """By another code it is held, by that name it is found, also where another unit tells it (I9)."""
    story.deliver(
        file("registry_extract", "2019-01-28", "HB-AMR", registered()),
        file("penalty_decision", "2019-01-28", "420100", penalty("甲", "2018-06-01", BY_NAME)),
    )
    story.build()
    story.rows("update core.match_decision set judgement = 'same', decided_at = '2019-01-30' returning 1")
    story.build()
    revoked(story, OTHER)
    assert standing(story) == {None: ("active", "internal")}
    revoked(story, BY_NAME, on="2019-01-30")
    assert standing(story) == {None: ("revoked", "public")}
    same_when_rebuilt(story)
    story.rows("update core.match_decision set deleted_at = '2019-01-31' returning 1")
    story.build()
    assert standing(story) == {None: ("active", "internal")}
    same_when_rebuilt(story)


@pytest.mark.parametrize("order", [(0, 1, 2), (0, 2, 1), (2, 1, 0)])
def test_what_names_a_party_alone_goes_where_the_register_sends_its_decision(
    story: Story, order: tuple[int, ...]
) -> None:
    files = (
        file("penalty_decision", "2019-01-28", "HB-AMR", penalty("甲", "2018-06-01", BY_NAME | NUMBER)),
        file("registry_extract", "2019-01-28", "HB-AMR", registered(**NUMBER)),
        file("decision_change", "2019-01-29", "HB-AMR", change("撤", "2019-01-20", "甲", BY_NAME)),
    )
    for each in order:
        story.deliver(files[each])
        story.build()
    assert standing(story) == {None: ("revoked", "public")}
    same_when_rebuilt(story)

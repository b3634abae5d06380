"""Which record an act is about: number, party and authority say so, as any row of a decision told (D1)."""

from __future__ import annotations

import pytest

from tests.sql.story import YUN, Row, Story, change, file, objection, penalty, repair

CODE = "11430000YL0000020Y"
FORMER, LATER = ({"authority_name": name, "authority_code": CODE} for name in ("邻省样例局", "邻省样例新局"))
BY_FORMER_NAME: Row = FORMER | {"authority_code": None}
MODIFIED = BY_FORMER_NAME | {"change_code": "modified"}
ACTS = [
    ("decision_change", change("撤", "2019-01-20", "甲", **BY_FORMER_NAME), "revoked"),
    ("decision_change", change("变", "2019-01-20", "甲", **MODIFIED), "corrected"),
    ("repair_ruling", repair("修", "2019-01-20", "甲", **BY_FORMER_NAME), "repaired"),
    ("objection", objection("异", "2019-01-20", "甲", **BY_FORMER_NAME), "active"),
]


@pytest.fixture
def story(warehouse: str) -> Story:
    """One decision told twice under one code of its authority, which bears another name in the later row."""
    told = Story(warehouse)
    for day, authority in (("2019-01-28", FORMER), ("2019-01-29", LATER)):
        told.deliver(file("penalty_decision", day, "HB-AMR", penalty("甲", "2018-06-01", **authority)))
        told.build()
    assert told.rows("select state, authority_name from core.record") == [("active", LATER["authority_name"])]
    return told


@pytest.mark.parametrize(("kind", "act", "state"), ACTS, ids=[state for _, _, state in ACTS])
def test_an_act_that_names_the_authority_as_an_older_row_of_the_decision_did_finds_it(
    story: Story, kind: str, act: Row, state: str
) -> None:
    story.deliver(file(kind, "2019-01-30", "HB-AMR", act))
    digest = story.build().digest
    assert story.state("甲") == state
    assert story.one("select is_under_objection from core.record") is (kind == "objection")
    assert story.issues() == {"subject_unknown"}
    assert story.build(full=True).digest == digest


def test_of_a_unit_that_may_not_submit_it_such_an_act_holds_the_record(story: Story) -> None:
    revoked = change("撤", "2019-01-20", "甲", YUN, **BY_FORMER_NAME)
    story.deliver(file("decision_change", "2019-01-30", "nobody", revoked))
    digest = story.build().digest
    assert story.state("甲") == "active"
    assert story.one("select disclosure_reason from core.record") == "authority_not_entitled"
    assert story.build(full=True).digest == digest

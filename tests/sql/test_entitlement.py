"""What a unit may not submit changes no record, and holds it back until people settle it (B1)."""

from __future__ import annotations

import pytest

from conduct_records.records.build import rebuild
from tests.sql.story import (
    YUN,
    Delivery,
    Row,
    Story,
    change,
    file,
    objection,
    penalty,
    recognised,
    repair,
    ruling,
    same_when_rebuilt,
    verified,
)

SHIELD: Row = {**YUN, "document_no": "破", "approved_on": "2019-01-02", "shielded_on": "2019-01-02",
               "authority_name": "样例法院", "until_on": None}  # fmt: skip
ACTS: dict[str, tuple[str, Row]] = {
    "revocation": ("decision_change", change("撤", "2019-01-20", "罚")),
    "change": ("decision_change", change("变", "2019-01-20", "罚", change_code="modified", fine_yuan=1)),
    "upheld ruling": (
        "objection_ruling",
        ruling("异", "2019-01-20", "罚", ruling_code="upheld", correction_code="withdraw"),
    ),
    "granted repair": ("repair_ruling", repair("修", "2019-01-20", "罚")),
    "shield": ("reorganisation_shield", SHIELD),
    "version of the decision": ("penalty_decision", penalty("罚", "2018-06-01", status_code="revoked")),
}
RECORD = "select state, fine_yuan, is_under_objection, disclosure_class, disclosure_reason from core.record"
OPEN = [("active", 20000, True, "public", "open_by_law")]
HELD = [("active", 20000, True, "internal", "authority_not_entitled")]
DECIDED = file("penalty_decision", "2019-01-25", "HB-AMR", penalty("罚", "2018-06-01"))
OBJECTED = file("objection", "2019-01-25", "HB-AMR", objection("异", "2019-01-10", "罚"))


def by_nobody(kind: str, act: Row, on: str = "2019-01-28") -> Delivery:
    return file(kind, on, "nobody", act)


def disclosed(story: Story) -> int:
    (count,) = story.rows("select count(*) from share.disclosable_record")
    return int(count[0])


@pytest.mark.parametrize("act", ACTS)
def test_an_act_by_whoever_may_not_submit_it_changes_no_record_but_holds_it_back(
    story: Story, act: str
) -> None:
    story.deliver(DECIDED, OBJECTED)
    story.build()
    assert (story.rows(RECORD), disclosed(story)) == (OPEN, 2)
    story.deliver(by_nobody(*ACTS[act]))
    last = story.build()
    assert (story.rows(RECORD), disclosed(story)) == (HELD, 0)
    assert story.rows(
        "select distinct responsibility, value from ops.issue where issue_code = 'authority_not_entitled'"
    ) == [("centre", "nobody")]
    assert story.one("select state from core.objection") == "open"
    assert rebuild(story.tick(), story.settings).digest == last.digest


def test_the_same_act_by_an_entitled_unit_settles_it(story: Story) -> None:
    kind, act = ACTS["revocation"]
    story.deliver(DECIDED, by_nobody(kind, act))
    story.build()
    assert story.state("罚") == "active"
    story.deliver(file(kind, "2019-01-29", "HB-AMR", act))
    story.build()
    assert story.rows("select state, disclosure_class from core.record") == [("revoked", "public")]


def test_an_act_replaced_by_its_unit_holds_nothing_any_more(story: Story) -> None:
    kind, act = ACTS["revocation"]
    story.deliver(DECIDED, file(kind, "2019-01-28", "nobody", act, scope="replace"))
    story.build()
    assert disclosed(story) == 0
    other = change("撤", "2019-01-20", "另")
    story.deliver(file(kind, "2019-01-29", "nobody", other, scope="replace"))
    story.build()
    assert disclosed(story) == 2


def test_an_act_whose_unit_is_given_the_right_acts(story: Story) -> None:
    story.deliver(DECIDED, by_nobody(*ACTS["revocation"]))
    story.build()
    story.execute(
        """insert into ref.code (list_code, code, label, attributes) values ('entitlement', 'mended', '',
           '{"holder_code": "nobody", "kind": "decision_change", "region_code": "420000"}')"""
    )
    story.build(full=True)
    assert story.state("罚") == "revoked"


def test_what_a_unit_submitted_while_it_had_the_right_stands_after_it_lost_it(story: Story) -> None:
    """B1: a reform takes a unit's right away; its old decisions stand, its later acts do not."""
    story.execute(
        """insert into ref.code (list_code, code, label, attributes) values
           ('entitlement', 'former', '', '{"holder_code": "nobody", "kind": "penalty_decision",
            "region_code": "420000", "effective_until": "2019-01-28"}'),
           ('entitlement', 'later', '', '{"holder_code": "nobody", "kind": "decision_change",
            "region_code": "420000", "effective_from": "2019-01-29"}')"""
    )
    for on, number in (("2019-01-28", "罚"), ("2019-01-29", "另")):
        story.deliver(by_nobody("penalty_decision", penalty(number, "2018-06-01"), on))
        story.deliver(by_nobody("decision_change", change("撤", "2019-01-20", "罚"), on))
        story.build()
        assert story.state("罚") == ("active" if number == "罚" else "revoked")
    seen = dict(story.rows("select document_no, disclosure_class from core.record"))
    assert seen == {"罚": "public", "另": "internal"}
    same_when_rebuilt(story)


def test_a_verification_counts_where_its_unit_had_the_right_on_its_day(story: Story) -> None:
    story.execute(
        """insert into ref.code (list_code, code, label, attributes) values
           ('entitlement', 'former', '', '{"holder_code": "nobody", "kind": "verification_result",
            "region_code": "420000", "effective_until": "2019-01-28"}')"""
    )
    story.deliver(file("recognition", "2019-01-28", "HB-HEALTH", recognised("认", "2019-01-28", "5-1")))
    for on, count in (("2019-01-29", 0), ("2019-01-28", 1)):
        story.deliver(file("verification_result", on, "nobody", verified("5-1", "2019-01-20")))
        story.build()
        assert story.one("select count(*) from core.record") == count


def test_an_entitled_word_is_not_displaced_by_a_later_one_of_whoever_is_not(story: Story) -> None:
    kind, act = ACTS["revocation"]
    undone = act | {"change_code": "modified", "fine_yuan": 1}
    story.deliver(DECIDED, file(kind, "2019-01-26", "HB-AMR", act), by_nobody(kind, undone))
    story.build()
    assert story.rows("select state, fine_yuan from core.record") == [("revoked", 20000)]


def test_a_ruling_that_changes_nothing_settles_no_objection_and_holds_nothing(story: Story) -> None:
    story.deliver(DECIDED, OBJECTED, by_nobody("objection_ruling", ruling("异", "2019-01-20", "罚")))
    story.build()
    assert story.rows(RECORD) == OPEN
    assert story.one("select state from core.objection") == "open"


def test_an_objection_flags_the_record_whoever_passes_it_on(story: Story) -> None:
    story.deliver(DECIDED, by_nobody("objection", objection("异", "2019-01-10", "罚")))
    story.build()
    assert story.rows(RECORD) == OPEN


def test_a_verification_by_whoever_may_not_verify_gives_no_recognition_its_force(story: Story) -> None:
    story.deliver(
        by_nobody("verification_result", verified("5-1", "2019-01-20")),
        file("recognition", "2019-01-28", "HB-HEALTH", recognised("认", "2019-01-22", "5-1")),
    )
    story.build()
    assert story.rows(RECORD) == []
    assert {"authority_not_entitled", "recognition_without_verification"} <= story.issues()


def test_a_later_denial_by_whoever_may_not_verify_holds_the_record_and_does_not_remove_it(
    story: Story,
) -> None:
    story.deliver(
        file("verification_result", "2019-01-25", "421100", verified("5-1", "2019-01-20")),
        file("recognition", "2019-01-25", "HB-HEALTH", recognised("认", "2019-01-22", "5-1")),
    )
    story.build()
    assert disclosed(story) == 2
    denial = verified("5-1", "2019-01-26", verdict_code="not_confirmed", verifier_name="样例核查单位")
    story.deliver(by_nobody("verification_result", denial))
    last = story.build()
    assert (story.state("认"), disclosed(story)) == ("active", 0)
    assert rebuild(story.tick(), story.settings).digest == last.digest

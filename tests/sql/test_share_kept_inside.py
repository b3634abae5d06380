"""What the gate keeps inside: each condition stops it alone, whatever else would stop it too (B1, D2, E1)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sql.share_support import ENDS, STAYS, commitment, punishment, training, two_decisions
from tests.sql.story import HE, SHAN, Row, Story, file, listed, recognised, repair, verified

SHOWN = "select kind from share.disclosable where audience = 'public' group by 1"
EVERY = {"record", "entry", "punishment", "commitment", "repair", "clarification", "report"}
ACTS = {"punishment", "commitment"}


@pytest.fixture
def story(warehouse: str, tmp_path: Path) -> Story:
    """Something of each kind that the public is shown."""
    told = two_decisions(warehouse, tmp_path)
    denial = verified(
        "3-1", "2019-01-20", verdict_code="not_confirmed", clarification="样例澄清",
        clarification_release_code="subject_wish",
    )  # fmt: skip
    notified = {
        "case_no": "通-1", "case_title": "样例案例", "region_text": "襄阳市", "notified_on": "2019-01-10",
        "authority_name": "样例机关",
    }  # fmt: skip
    case = {"list_code": "notified"}
    told.deliver(
        file("notified_case", "2019-01-28", "HB-AMR", notified),
        file("joint_punishment", "2019-01-28", "HB-AMR", punishment(STAYS)),
        file("commitment", "2019-01-28", "HB-AMR", commitment(STAYS)),
        file("list_decision", "2019-01-28", "HB-AMR", listed("样例列", "2019-01-20")),
        file("repair_ruling", "2019-01-28", "HB-AMR", repair("样例修", "2019-01-20", ENDS, SHAN)),
        file(
            "verification_result", "2019-01-28", "420600", denial, verified("通-1", "2019-01-20", HE, **case)
        ),
        file("recognition", "2019-01-28", "HB-HEALTH", recognised("认", "2019-01-22", "通-1", HE, **case)),
    )
    told.build()
    assert kinds(told) == EVERY
    return told


def kinds(story: Story) -> set[str]:
    return {kind for (kind,) in story.rows(SHOWN)}


@pytest.mark.parametrize(
    ("spoiled", "gone"),
    [
        ("core.claim set is_entitled = false", ACTS | {"clarification", "report"}),
        ("core.claim set party_category_code = 'natural_person'", ACTS),
        ("core.claim set party_scheme = 'person'", ACTS),
        ("core.claim set body = body - 'is_public'", ACTS),
        ("core.claim set body = jsonb_set(body, '{is_public}', 'false')", ACTS),
        ("core.claim set document_on = '2018-01-27'", {"commitment"}),
        ("core.list_entry set state = 'removed'", {"entry"}),
        ("core.list_entry set display_until = valid_on - 1", {"entry"}),
        ("core.repair set state = 'too_early'", {"repair"}),
        ("core.repair set ruled_on = '2018-10-27'", {"repair"}),
        ("core.verification set clarification_release_code = 'withheld'", {"clarification"}),
        ("core.verification set concluded_on = '2018-01-27'", {"clarification"}),
        ("core.verification set recognition_no = null", {"report"}),
        ("core.verification set verdict_code = 'not_confirmed'", {"report"}),
        (
            "core.record set state = 'expired' where state <> 'repaired'",
            {"record", "entry", "punishment", "report"},
        ),
        ("core.record set disclosure_class = 'government'", EVERY - {"commitment", "clarification"}),
        ("core.record set disclosure_class = 'internal'", EVERY - {"clarification"}),
        ("core.subject set state = 'proposed'", EVERY),
    ],
)
def test_what_fails_one_condition_of_the_gate_is_kept_inside(
    story: Story, spoiled: str, gone: set[str]
) -> None:
    story.execute(f"update {spoiled}")
    assert EVERY - kinds(story) == gone


@pytest.mark.parametrize(
    ("kind", "row"),
    [
        ("commitment", commitment(STAYS, HE)),
        ("joint_punishment", punishment(STAYS)),
        ("repair_training", training(STAYS, HE)),
    ],
)
def test_what_a_unit_may_not_submit_is_told_to_nobody(
    warehouse: str, tmp_path: Path, kind: str, row: Row
) -> None:
    """B1: the record that it names, if any, is not touched by it, and nobody is told of it."""
    told = two_decisions(warehouse, tmp_path)
    before = told.rows("select audience, kind, item_key from share.disclosable order by 1, 2, 3")
    told.deliver(file(kind, "2019-01-28", "nobody", row))
    told.build()
    assert told.rows("select audience, kind, item_key from share.disclosable order by 1, 2, 3") == before
    assert "authority_not_entitled" in told.issues()


@pytest.mark.parametrize(
    ("stated", "entries", "seen"),
    [("government", 1, ["record", "verification_report"]), ("internal", 0, [])],
)
def test_a_recognition_says_who_may_read_of_it(
    warehouse: str, tmp_path: Path, stated: str, entries: int, seen: list[str]
) -> None:
    """E1, F2: nor is the entry public by which the subject comes under key supervision."""
    story = two_decisions(warehouse, tmp_path)
    story.deliver(
        file("verification_result", "2019-01-28", "420600", verified("5-1", "2019-01-20", HE)),
        file(
            "recognition", "2019-01-28", "HB-HEALTH",
            recognised("认", "2019-01-22", "5-1", HE, disclosure_code=stated),
        ),
    )  # fmt: skip
    story.build()
    under = "select count(*) from core.list_entry where list_code = 'key_supervision'"
    told = story.rows(
        "select kind, audience from share.disclosable where content ->> 'subject_code' = %s order by 1",
        HE["party_code"],
    )
    assert (story.one(under), told) == (entries, [(kind, "government") for kind in seen])

"""What the gate keeps inside: each condition stops it alone, whatever else would stop it too (B1, D2, E1)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sql.share_support import STAYS, commitment, punishment, training, two_decisions
from tests.sql.story import HE, Row, Story, file, listed, recognised, verified

SHOWN = "select kind from share.disclosable where audience = 'public' group by 1 order by 1"


@pytest.fixture
def story(warehouse: str, tmp_path: Path) -> Story:
    told = two_decisions(warehouse, tmp_path)
    told.deliver(
        file("commitment", "2019-01-28", "HB-AMR", commitment(STAYS)),
        file("list_decision", "2019-01-28", "HB-AMR", listed("样例列", "2019-01-20")),
    )
    told.build()
    assert told.rows(SHOWN) == [("commitment",), ("entry",), ("record",)]
    return told


@pytest.mark.parametrize(
    ("spoiled", "left"),
    [
        ("core.claim set is_entitled = false", ["entry", "record"]),
        ("core.claim set party_category_code = 'natural_person'", ["entry", "record"]),
        ("core.claim set party_scheme = 'person'", ["entry", "record"]),
        ("core.list_entry set state = 'removed'", ["commitment", "record"]),
        ("core.list_entry set display_until = valid_on - 1", ["commitment", "record"]),
        ("core.record set disclosure_class = 'government'", ["commitment"]),
        ("core.record set disclosure_class = 'internal'", []),
        ("core.subject set state = 'proposed'", []),
    ],
)
def test_what_fails_one_condition_of_the_gate_is_kept_inside(
    story: Story, spoiled: str, left: list[str]
) -> None:
    story.execute(f"update {spoiled}")
    assert [kind for (kind,) in story.rows(SHOWN)] == left


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


def test_an_entry_whose_record_the_government_alone_may_see_is_not_public(story: Story) -> None:
    """E1, F2: the recognition puts its subject under key supervision, and says who may read of it."""
    told = recognised("认", "2019-01-22", "5-1", HE, disclosure_code="government")
    story.deliver(
        file("verification_result", "2019-01-28", "420600", verified("5-1", "2019-01-20", HE)),
        file("recognition", "2019-01-28", "HB-HEALTH", told),
    )
    story.build()
    under = "select count(*) from core.list_entry where list_code = 'key_supervision'"
    assert story.one(under) == 1
    about_it = (
        "select audience, kind from share.disclosable where content ->> 'subject_code' = %s order by 1, 2"
    )
    assert story.rows(about_it, HE["party_code"]) == [
        ("government", "record"),
        ("government", "verification_report"),
    ]

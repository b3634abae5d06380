"""What the fold does with evidence that makes no sense by itself: the rows of docs/outcomes.md."""

from __future__ import annotations

from pathlib import Path

import pytest
from psycopg import connect

from conduct_records.records.build import rebuild
from conduct_records.records.rekey import record_rekey
from conduct_records.settings import ROOT
from tests.sql.story import (
    YUN,
    Row,
    Story,
    change,
    file,
    listed,
    objection,
    penalty,
    registered,
    repair,
    ruling,
)

NEW_CODE = YUN | {"party_code": "91420100MA00000099"}
NUMBER = {"party_registration_no": "420100000012345"}
CASES: dict[str, tuple[tuple[str, Row], str, str]] = {
    "revocation before its decision": (
        ("decision_change", change("撤", "2019-01-20", "罚")), "change_without_decision", "department"
    ),
    "change of an unknown decision": (
        ("decision_change", change("变", "2019-01-20", "罚", change_code="modified", fine_yuan=1)),
        "change_without_decision", "department",
    ),
    "removal without a listing": (
        ("list_decision", listed("移", "2019-01-20", action_code="removed", listed_document_no="列")),
        "removal_without_listing", "department",
    ),
    "objection to an unknown decision": (
        ("objection", objection("异", "2019-01-20", "罚")), "objection_without_record", "department"
    ),
    "ruling on an unknown objection": (
        ("objection_ruling", ruling("异", "2019-01-20", "罚")), "ruling_without_objection", "department"
    ),
    "repair of an unknown decision": (
        ("repair_ruling", repair("修", "2019-01-20", "罚")), "repair_without_record", "department"
    ),
    "document that takes effect later": (
        ("penalty_decision", penalty("罚", "2099-01-01")), "takes_effect_later", "department"
    ),
}  # fmt: skip


def responsible(story: Story, issue: str) -> str:
    return story.one(
        "select distinct responsibility from ops.issue where origin = 'fold' and issue_code = %s", issue
    )


@pytest.mark.parametrize("case", CASES)
def test_evidence_without_what_it_speaks_of_makes_no_record_and_says_who_must_act(
    story: Story, case: str
) -> None:
    (kind, row), issue, who = CASES[case]
    story.deliver(file(kind, "2019-01-28", "HB-AMR", row))
    story.build()
    assert story.rows("select 1 from core.record union all select 1 from core.list_entry") == []
    assert responsible(story, issue) == who


def test_a_document_that_takes_effect_later_makes_its_record_on_its_day(story: Story) -> None:
    story.deliver(file("penalty_decision", "2019-01-28", "HB-AMR", penalty("罚", "2019-01-30")))
    story.build()
    assert "takes_effect_later" in story.issues()
    story.rows("insert into ops.open_date values ('2019-01-30', '2019-01-30') returning 1")
    last = story.build()
    assert story.state("罚") == "active"
    assert "takes_effect_later" not in story.issues()
    assert rebuild(story.tick(), story.settings).digest == last.digest


def test_a_document_of_long_ago_is_kept_and_never_shown(story: Story) -> None:
    story.deliver(file("penalty_decision", "2019-01-28", "HB-AMR", penalty("罚", "1990-05-04")))
    story.build()
    assert story.state("罚") == "expired"
    assert story.one("select count(*) from share.disclosable_record") == 0
    assert responsible(story, "window_over_on_arrival") == "department"


def test_a_bare_name_without_a_category_is_treated_as_a_persons_until_the_category_is_stated(
    story: Story,
) -> None:
    bare = {"party_name": "样例商行", "party_code": None}
    story.deliver(
        file("penalty_decision", "2019-01-28", "HB-AMR",
             penalty("罚", "2018-06-01", bare, party_category_code=None)),
    )  # fmt: skip
    story.build()
    assert story.rows("select disclosure_class, disclosure_reason from core.record") == [
        ("internal", "natural_person")
    ]
    assert responsible(story, "party_category_missing") == "department"
    stated = penalty("罚", "2018-06-01", YUN | {"party_name": "样例商行"})
    story.deliver(file("penalty_decision", "2019-01-29", "HB-AMR", stated))
    story.build()
    assert story.rows("select disclosure_class from core.record where party_code is not null") == [
        ("public",)
    ]


def test_a_code_that_changes_is_two_subjects_until_people_say_it_is_one(story: Story) -> None:
    by_number = {"party_name": YUN["party_name"], "party_code": None, **NUMBER}
    story.deliver(
        file("registry_extract", "2019-01-28", "HB-AMR", registered(YUN, **NUMBER)),
        file("penalty_decision", "2019-01-28", "HB-AMR", penalty("罚1", "2018-06-01"),
             penalty("罚2", "2018-06-01", by_number)),
    )  # fmt: skip
    story.build()
    assert story.one("select count(distinct subject_key) from core.record") == 1
    addresses = "select document_no, record_key from core.record order by 1"
    before = story.rows(addresses)
    story.deliver(file("registry_extract", "2019-01-29", "HB-AMR", registered(NEW_CODE, **NUMBER)))
    story.build()
    assert responsible(story, "identifier_shared") == "centre"
    assert story.one("select count(*) from ops.issue where issue_code = 'identifier_shared'") == 2
    assert story.one("select count(distinct subject_key) from core.record") == 2
    (old,), (new,) = story.rows("select subject_key from core.subject where uscc is not null order by uscc")
    with connect(story.url) as connection:
        record_rekey(connection, old, new, "credit code changed", story.tick())
        with pytest.raises(KeyError):
            record_rekey(connection, "nobody", new, "x", story.tick())
        with pytest.raises(ValueError, match="leads to"):
            record_rekey(connection, new, old, "x", story.tick())
    last = story.build()
    assert story.rows("select distinct subject_key from core.record") == [(new,)]
    assert story.rows(addresses) == before
    assert "identifier_shared" not in story.issues()
    assert rebuild(story.tick(), story.settings).digest == last.digest


def test_every_issue_in_the_table_of_outcomes_is_in_the_catalogue(story: Story) -> None:
    text = Path(ROOT / "docs" / "outcomes.md").read_text(encoding="utf-8")
    told = {part.strip("` ") for line in text.splitlines() if line.startswith("|")
            for part in line.split("|")[3:4]} - {"issue", "---", ""}  # fmt: skip
    known = {code for (code,) in story.rows("select code from ref.code where list_code = 'issues'")}
    assert told
    assert told <= known | {"none"}

"""Subjects come from codes first; a name alone only proposes, and people decide (D2, I9)."""

from __future__ import annotations

import psycopg
import pytest

from conduct_records.warehouse.statements import statement
from tests.sql.story import YUN, Story, change, file, penalty, registered

BY_NAME = {"party_name": "武汉样例云商贸有限公司", "party_code": None}


def test_a_code_in_lower_case_is_the_same_subject(story: Story) -> None:
    lower = {"party_name": YUN["party_name"], "party_code": YUN["party_code"].lower()}
    story.deliver(file("penalty_decision", "2019-01-28", "HB-AMR", penalty("甲", "2018-06-01"),
                       penalty("乙", "2018-06-01", lower)))  # fmt: skip
    story.build()
    assert story.one("select count(distinct subject_key) from core.record") == 1


def test_a_name_alone_proposes_and_its_record_stays_inside(story: Story) -> None:
    story.deliver(
        file("registry_extract", "2019-01-28", "HB-AMR", registered()),
        file("penalty_decision", "2019-01-28", "420100", penalty("甲", "2018-06-01", BY_NAME)),
    )
    story.build()
    assert story.rows("select disclosure_class, disclosure_reason from core.record") == [
        ("internal", "subject_proposed")
    ]
    assert story.rows("select judgement, features ->> 'name' from core.match_decision") == [
        ("proposed", "exact")
    ]
    assert "subject_by_name_only" in story.issues()


def test_a_name_in_another_region_is_not_proposed(story: Story) -> None:
    story.deliver(
        file("registry_extract", "2019-01-28", "HB-AMR", registered()),
        file("penalty_decision", "2019-01-28", "420600", penalty("甲", "2018-06-01", BY_NAME)),
    )
    story.build()
    assert story.one("select count(*) from core.match_decision") == 0


def test_what_people_decide_moves_the_claims_and_keeps_the_address(story: Story) -> None:
    test_a_name_alone_proposes_and_its_record_stays_inside(story)
    before = story.one("select record_key from core.record")
    story.rows("update core.match_decision set judgement = 'same', decided_at = '2019-01-30' returning 1")
    story.build()
    assert story.rows("select record_key, disclosure_class from core.record") == [(before, "public")]
    assert story.one("select state from core.subject") == "identified"
    story.rows("update core.match_decision set deleted_at = '2019-01-31' returning 1")
    story.build()
    assert story.one("select disclosure_class from core.record") == "internal"


def test_an_org_code_finds_the_credit_code_that_holds_it_whichever_comes_first(story: Story) -> None:
    party = {"party_name": YUN["party_name"], "party_code": None, "party_org_code": YUN["party_code"][8:17]}
    story.deliver(file("penalty_decision", "2019-01-28", "HB-AMR", penalty("甲", "2018-06-01", party)))
    story.build()
    story.deliver(file("penalty_decision", "2019-01-29", "HB-AMR", penalty("乙", "2018-06-01")))
    story.build()
    assert story.rows("select count(*), count(distinct subject_key) from core.record") == [(2, 1)]
    assert story.one("select count(*) from core.subject") == 1


def test_a_registration_number_is_resolved_through_the_registry(story: Story) -> None:
    party = {"party_name": YUN["party_name"], "party_code": None, "party_registration_no": "420100000012345"}
    story.deliver(
        file("penalty_decision", "2019-01-28", "HB-AMR", penalty("甲", "2018-06-01", party)),
        file("registry_extract", "2019-01-28", "HB-AMR", registered(party_registration_no="420100000012345")),
    )
    story.build()
    assert story.rows("select uscc, state from core.subject") == [(YUN["party_code"], "identified")]


def test_a_name_the_registry_does_not_know_for_the_code_holds_the_record(story: Story) -> None:
    other = YUN | {"party_name": "武汉样例雨商贸有限公司"}
    story.deliver(
        file("registry_extract", "2019-01-28", "HB-AMR", registered()),
        file("penalty_decision", "2019-01-28", "HB-AMR", penalty("甲", "2018-06-01", other)),
    )
    story.build()
    assert story.one("select disclosure_reason from core.record") == "name_code_disagree"
    assert "name_code_disagree" in story.issues()
    story.deliver(
        file("registry_extract", "2019-01-29", "HB-AMR", registered(former_names=other["party_name"]))
    )
    story.build()
    assert story.one("select disclosure_class from core.record") == "public"
    assert "name_code_disagree" not in story.issues()


def test_a_code_the_registry_does_not_know_is_a_warning_only(story: Story) -> None:
    story.deliver(file("penalty_decision", "2019-01-28", "HB-AMR", penalty("甲", "2018-06-01")))
    story.build()
    assert story.one("select disclosure_class from core.record") == "public"
    assert story.issues() == {"subject_unknown"}


def test_a_branch_stands_for_itself(story: Story) -> None:
    branch = {"party_name": "武汉样例云商贸有限公司黄陂分公司", "party_code": "91420116MA00000041"}
    story.deliver(
        file("registry_extract", "2019-01-28", "HB-AMR", registered(), registered(branch,
             head_office_code=YUN["party_code"])),
        file("penalty_decision", "2019-01-28", "HB-AMR", penalty("甲", "2018-06-01", branch)),
    )  # fmt: skip
    story.build()
    assert (
        story.one("select s.uscc from core.record join core.subject s using (subject_key)")
        == branch["party_code"]
    )


BRANCH = YUN["party_name"] + "江岸分公司"
BEIJING = "91110000MA00000017"


@pytest.mark.parametrize(
    ("name", "code", "others", "seen"),
    [
        (BRANCH, YUN["party_code"], [YUN["party_name"]], "internal"),
        (BRANCH, YUN["party_code"], [], "public"),
        (BRANCH, YUN["party_code"], ["武汉样例云商贸有限公司黄陂分公司"], "public"),
        ("样例银行武汉分行", BEIJING, [], "internal"),
        ("样例银行郑州分行", BEIJING, [], "public"),
        ("样例银行", BEIJING, ["样例银行武汉分行"], "public"),
    ],
)
def test_a_branch_under_its_head_offices_code_is_held_until_the_register_or_its_own_code_is_there(
    story: Story, name: str, code: str, others: list[str], seen: str
) -> None:
    """D2: where the register does not know the code; GB 32100 says where it was issued."""
    rows = [
        penalty(f"乙{number}", "2018-06-01", {"party_name": other, "party_code": code})
        for number, other in enumerate(others)
    ]
    branch = penalty("甲", "2018-06-01", {"party_name": name, "party_code": code})
    story.deliver(file("penalty_decision", "2019-01-28", "HB-AMR", branch, *rows))
    story.build()
    of_branch = "select disclosure_class from core.record where document_no = '甲'"
    assert story.one(of_branch) == seen
    held = {"branch_under_head_office"} & story.issues()
    assert bool(held) == (seen == "internal" or name == "样例银行")
    itself = registered({"party_name": name, "party_code": code})
    story.deliver(file("registry_extract", "2019-01-29", "HB-AMR", itself))
    story.build()
    assert story.one(of_branch) == "public"


def test_a_unit_that_may_not_submit_the_kind_for_the_place_is_held_back(story: Story) -> None:
    away = penalty("甲", "2018-06-01", region_code="421100")
    story.deliver(file("penalty_decision", "2019-01-28", "420600", away))
    story.build()
    assert story.one("select disclosure_reason from core.record") == "authority_not_entitled"
    assert "authority_not_entitled" in story.issues()


def test_a_decision_with_a_thousand_parties_is_a_record_for_each(story: Story) -> None:
    parties = [{"party_name": f"样例{n}有限公司", "party_code": f"91420100MB{n:08d}"} for n in range(1000)]
    rows = [penalty("甲", "2018-06-01", party) for party in parties]
    story.deliver(file("penalty_decision", "2019-01-28", "HB-AMR", *rows))
    story.deliver(
        file("decision_change", "2019-01-29", "HB-AMR", change("撤", "2019-01-29", "甲", parties[7]))
    )
    story.build()
    assert story.rows("select state, count(*) from core.record group by state order by state") == [
        ("active", 999),
        ("revoked", 1),
    ]


def test_the_template_of_2017_without_a_category_tells_enterprises_from_persons(story: Story) -> None:
    """B1, E1: an id without a credit code is a person's; so may be a short mere name: no mart says one."""
    parties = {
        "甲": YUN,
        "乙": {"party_name": "样例寅", "party_code": None, "party_person_token": "person1"},
        "丙": {"party_name": "样例卯", "party_code": None},
        "丁": {"party_name": "武汉样例辰商贸有限公司", "party_code": None},
    }
    rows = [
        penalty(number, "2018-06-01", party, party_category_code=None) for number, party in parties.items()
    ]
    story.deliver(file("penalty_decision", "2019-01-28", "HB-AMR", *rows))
    story.build()
    assert dict(story.rows("select document_no, disclosure_reason from core.record")) == {
        "甲": "open_by_law", "乙": "natural_person", "丙": "natural_person", "丁": "subject_proposed"
    }  # fmt: skip
    assert story.rows("select distinct content ->> 'document_no' from share.disclosable_record") == [("甲",)]
    with psycopg.connect(story.url) as connection:
        named = {row[1] for row in connection.execute(statement("marts/dim_subject")).fetchall()}
    assert named == {YUN["party_name"]}

"""Names alone are proposed, near ones too, and only people match them (D2, I9)."""

from __future__ import annotations

from datetime import UTC, datetime

import psycopg
import pytest

from bench.matching import match
from bench.names import DAMAGES, enterprises, labelled
from conduct_records.records.matching import Decision, decide, queue, withdraw
from tests.sql.story import YUN, Story, file, penalty, registered

NOON = datetime(2019, 1, 30, 4, tzinfo=UTC)


def named(story: Story, name: str, unit: str = "420100") -> list[tuple[str, str]]:
    """What a decision that gives this name alone is proposed for: (subject's name, basis)."""
    story.deliver(file("registry_extract", "2019-01-28", "HB-AMR", registered()))
    party = {"party_name": name, "party_code": None}
    story.deliver(file("penalty_decision", "2019-01-28", unit, penalty("甲", "2018-06-01", party)))
    story.build()
    return story.rows("select features ->> 'subject_name', features ->> 'name' from core.match_decision")


def test_of_damaged_names_nearly_all_are_proposed_and_none_is_decided(warehouse: str) -> None:
    result = match(warehouse, enterprises(2000), 1500)
    assert result.recall >= 0.95, result.missed
    assert (result.decided, result.wrong_branches) == (0, 0)
    assert {pair.damage for pair in labelled(enterprises(2000), 1500)} == set(DAMAGES)


@pytest.mark.parametrize(
    ("name", "basis"),
    [
        ("武汉样例云商贸有限公司", "exact"),
        ("湖北省武汉市样例云商贸有限责任公司", "same_core"),
        ("样例云商贸有限公司", "same_core"),
        ("样例云商贸（武汉）有眼公司", "same_core"),
        ("武汉样例云商貿有限公司\ue5c5", "same_core"),
        ("武汉样列云商贸有限公司", "near"),
        ("武汗样例云商贸有限公司", "near"),
        ("武汉样例商贸有限公司", "near"),
        ("武汉样云例商贸有限公司", "near"),
    ],
)
def test_a_damaged_name_is_proposed_for_the_enterprise(story: Story, name: str, basis: str) -> None:
    assert named(story, name) == [("武汉样例云商贸有限公司", basis)]
    assert story.one("select disclosure_class from core.record") == "internal"


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("武汉样例云商贸有限公司江岸分公司", "420100"),
        ("武汉样例云商贸有限公司", "420600"),
        ("襄阳样例云商贸有限公司", "420100"),
        ("武汉样例雨贸易有限公司", "420100"),
    ],
)
def test_a_branch_another_place_and_another_name_are_not_proposed(story: Story, name: str, unit: str) -> None:
    assert named(story, name, unit) == []


def test_names_that_differ_in_a_number_alone_are_two_enterprises(story: Story) -> None:
    first = YUN | {"party_name": "武汉样例第一建材有限公司"}
    story.deliver(file("registry_extract", "2019-01-27", "HB-AMR", registered(first)))
    assert named(story, "武汉样例第二建材有限公司") == []


def test_a_register_that_comes_later_is_proposed_too(story: Story) -> None:
    party = {"party_name": "武汉样列云商贸有限公司", "party_code": None}
    story.deliver(file("penalty_decision", "2019-01-28", "420100", penalty("甲", "2018-06-01", party)))
    story.build()
    assert story.one("select count(*) from core.match_decision") == 0
    story.deliver(file("registry_extract", "2019-01-29", "HB-AMR", registered()))
    story.build()
    assert story.one("select features ->> 'name' from core.match_decision") == "near"


def test_people_decide_change_their_minds_and_all_of_it_is_kept(story: Story) -> None:
    named(story, "武汉样列云商贸有限公司")
    before = story.one("select record_key from core.record")
    with psycopg.connect(story.url) as connection:
        ((candidate, subject, *_),) = queue(connection)
        decide(connection, Decision(candidate, subject, "same", "样例审核员", NOON))
        assert queue(connection) == []
    story.build()
    assert story.rows("select record_key, disclosure_reason from core.record") == [(before, "open_by_law")]
    first = story.build(full=True).digest
    assert story.build(full=True).digest == first
    with psycopg.connect(story.url) as connection:
        withdraw(connection, candidate, subject, NOON.replace(hour=5))
        assert len(queue(connection)) == 1
        decide(connection, Decision(candidate, subject, "different", "样例复核员", NOON.replace(hour=6)))
        assert queue(connection) == []
    story.build()
    assert story.one("select disclosure_reason from core.record") == "subject_proposed"
    assert story.rows(
        "select judgement, decided_by, deleted_at is null from core.match_decision"
        " where judgement <> 'proposed' order by decided_at"
    ) == [("same", "样例审核员", False), ("different", "样例复核员", True)]


def test_what_was_not_proposed_cannot_be_decided(story: Story) -> None:
    with psycopg.connect(story.url) as connection, pytest.raises(KeyError):
        decide(connection, Decision("a", "b", "same", "样例审核员", NOON))

"""A media case is a reference; a recognition after a confirmed verification makes a record (A6, C2, D1)."""

from __future__ import annotations

import pytest

from conduct_records.records.build import rebuild
from tests.sql.story import (
    AMR,
    SHAN,
    Story,
    change,
    file,
    penalty,
    recognised,
    repair,
    same_when_rebuilt,
    verified,
)


def push(story: Story, case_id: str, list_code: str = "typical") -> None:
    pull = f"pull-{list_code}-{case_id}"
    story.rows(
        """insert into landing.pull (pull_id, feed, data_date, state, known_at)
           values (%s, %s, '2019-01-28', 'complete', '2019-01-28') returning 1""",
        pull, pull,
    )  # fmt: skip
    story.rows(
        """insert into evidence.pushed_case
             (file_id, row_no, data_date, list_code, case_id, region_text, title, published_on,
              known_at)
           values (%s, 1, '2019-01-28', %s, %s, '湖北黄冈', '样例案例', '2018-12-06', '2019-01-28')
           returning 1""",
        pull, list_code, case_id,
    )  # fmt: skip


def test_no_record_from_a_media_case_alone(story: Story) -> None:
    push(story, "5-1")
    story.build()
    assert story.one("select count(*) from core.record") == 0


def test_a_verification_alone_makes_no_record(story: Story) -> None:
    push(story, "5-1")
    story.deliver(file("verification_result", "2019-01-30", "421100", verified("5-1", "2019-01-30")))
    story.build()
    assert story.one("select count(*) from core.record") == 0


def test_a_recognition_of_a_confirmed_verification_makes_a_record_and_key_supervision(story: Story) -> None:
    push(story, "5-1")
    story.deliver(
        file("recognition", "2019-01-31", "HB-HEALTH", recognised("样例认〔2019〕1号", "2019-01-31", "5-1")),
        file("verification_result", "2019-01-30", "421100", verified("5-1", "2019-01-30")),
    )
    story.build()
    assert story.rows("select determination_kind, state, catalogue_class_code from core.record") == [
        ("recognition", "active", "administrative")
    ]
    assert story.rows("select list_code, state, entry_reason from core.list_entry") == [
        ("key_supervision", "listed", "verified_below_serious")
    ]


def test_the_verification_may_come_after_the_file_of_the_recognition(story: Story) -> None:
    story.deliver(file("recognition", "2019-01-31", "HB-HEALTH", recognised("甲", "2019-01-31", "5-1")))
    story.build()
    assert story.issues() == {"subject_unknown", "recognition_without_verification"}
    story.deliver(file("verification_result", "2019-01-30", "421100", verified("5-1", "2019-01-30")))
    story.build()
    assert story.one("select count(*) from core.record") == 1


def test_what_is_not_confirmed_makes_no_record(story: Story) -> None:
    wrong = verified("3-1", "2019-01-30", verdict_code="not_confirmed", clarification="样例澄清")
    story.deliver(
        file("verification_result", "2019-01-30", "420600", wrong),
        file("recognition", "2019-01-31", "HB-HEALTH", recognised("甲", "2019-01-31", "3-1")),
    )
    story.build()
    assert story.one("select count(*) from core.record") == 0
    assert "recognition_without_verification" in story.issues()


def test_a_later_verdict_takes_the_record_away_and_says_so(story: Story) -> None:
    test_a_recognition_of_a_confirmed_verification_makes_a_record_and_key_supervision(story)
    other = verified("5-1", "2019-02-01", verdict_code="not_confirmed", clarification="样例澄清")
    story.deliver(file("verification_result", "2019-02-01", "421100", other))
    story.build()
    assert story.one("select count(*) from core.record") == 0
    assert story.one("select count(*) from core.list_entry") == 0
    assert story.rows("select change from core.record_version order by version_no") == [
        ("created",),
        ("removed",),
    ]


@pytest.mark.parametrize(
    ("ending", "state"),
    [
        (("decision_change", change("撤", "2019-02-01", "甲", SHAN)), "revoked"),
        (("repair_ruling", repair("修", "2019-06-01", "甲", SHAN)), "removed"),
    ],
)
def test_an_entry_of_key_supervision_leaves_with_its_record(story: Story, ending: tuple, state: str) -> None:
    kind, row = ending
    health = {"authority_name": "湖北省卫生健康委员会", "authority_code": "11420000YL0000039U"}
    story.deliver(
        file("verification_result", "2019-01-30", "421100", verified("5-1", "2019-01-30")),
        file("recognition", "2019-01-31", "HB-HEALTH", recognised("甲", "2019-01-31", "5-1")),
        file(kind, "2019-06-01", "HB-HEALTH", row | health),
    )
    story.build()
    assert story.one("select state from core.list_entry") == state


def test_an_authority_known_by_code_in_one_row_and_by_name_in_another_is_one(story: Story) -> None:
    by_name = penalty("甲", "2018-06-01", SHAN) | {"authority_code": None}
    story.deliver(
        file("penalty_decision", "2019-01-28", "HB-AMR", penalty("甲", "2018-06-01", SHAN)),
        file("penalty_decision", "2019-01-29", "HB-AMR", by_name),
    )
    story.build()
    assert story.rows("select authority_code from core.record") == [(AMR["authority_code"],)]


def test_a_follow_up_that_confirms_once_more_takes_no_record_away(story: Story) -> None:
    test_a_recognition_of_a_confirmed_verification_makes_a_record_and_key_supervision(story)
    again = verified("5-1", "2019-03-01", facts="持续追踪：仍属实")
    story.deliver(file("verification_result", "2019-03-01", "421100", again))
    story.build()
    assert story.rows("select state, document_no from core.record") == [("active", "样例认〔2019〕1号")]
    assert story.rows("select finding, recognition_no from core.verification") == [
        ("持续追踪：仍属实", "样例认〔2019〕1号")
    ]


def test_what_was_denied_and_confirmed_again_needs_a_recognition_of_its_own(story: Story) -> None:
    test_a_later_verdict_takes_the_record_away_and_says_so(story)
    story.deliver(file("verification_result", "2019-03-01", "421100", verified("5-1", "2019-03-01")))
    story.build()
    assert story.one("select count(*) from core.record") == 0
    story.deliver(file("recognition", "2019-03-02", "HB-HEALTH", recognised("新认", "2019-03-02", "5-1")))
    story.build()
    assert story.rows("select document_no from core.record") == [("新认",)]


@pytest.mark.parametrize("known_by", ["name", "code"])
def test_a_denial_counts_whether_it_names_the_party_by_name_or_by_code(story: Story, known_by: str) -> None:
    by_name = SHAN | {"party_code": None}
    first, then = (SHAN, by_name) if known_by == "name" else (by_name, SHAN)
    denial = verified("5-1", "2019-02-05", then, verdict_code="not_confirmed", clarification="样例澄清")
    story.deliver(
        file("verification_result", "2019-01-30", "421100", verified("5-1", "2019-01-30", first)),
        file("recognition", "2019-01-31", "HB-HEALTH", recognised("甲", "2019-01-31", "5-1")),
    )
    story.build()
    assert story.one("select count(*) from share.disclosable_record") == 2
    story.deliver(file("verification_result", "2019-02-05", "421100", denial))
    story.build()
    assert story.rows("select 1 from core.record union all select 1 from core.list_entry") == []


NOBODY = {"party_name": None, "party_code": None}
DENIED = {"verdict_code": "not_confirmed", "clarification": "样例澄清"}


@pytest.mark.parametrize(("unit", "stands"), [("421100", 0), ("HB-HEALTH", 0), ("420600", 1)])
def test_a_denial_of_the_whole_case_counts_though_it_names_nobody(
    story: Story, unit: str, stands: int
) -> None:
    """C2: of the unit that confirmed it, or a provincial department; another city speaks for itself alone."""
    story.deliver(
        file("verification_result", "2019-01-30", "421100", verified("5-1", "2019-01-30")),
        file("recognition", "2019-01-31", "HB-HEALTH", recognised("甲", "2019-01-31", "5-1")),
    )
    story.build()
    assert story.one("select count(*) from share.disclosable_record") == 2
    denial = verified("5-1", "2019-01-30", NOBODY, **DENIED)
    story.deliver(file("verification_result", "2019-02-05", unit, denial))
    story.build()
    assert story.one("select count(*) from core.record") == stands
    assert ("recognition_without_verification" in story.issues()) is not bool(stands)
    assert story.one("select count(recognition_no) from core.verification") == stands
    same_when_rebuilt(story)


def test_of_one_file_a_denial_that_names_nobody_is_about_the_others(story: Story) -> None:
    found = verified("5-1", "2019-01-30"), verified("5-1", "2019-01-30", NOBODY, **DENIED)
    story.deliver(
        file("verification_result", "2019-01-30", "421100", *found),
        file("recognition", "2019-01-31", "HB-HEALTH", recognised("甲", "2019-01-31", "5-1")),
    )
    story.build()
    assert story.one("select count(*) from core.record") == 1


def test_of_two_verdicts_of_one_rank_the_denial_stands(story: Story) -> None:
    denial = verified("5-1", "2019-01-30", verdict_code="not_confirmed", verifier_name="样例另一单位")
    story.deliver(
        file("verification_result", "2019-01-30", "421100", verified("5-1", "2019-01-30")),
        file("verification_result", "2019-01-30", "HB-HEALTH", denial),
        file("recognition", "2019-01-31", "HB-HEALTH", recognised("甲", "2019-01-31", "5-1")),
    )
    story.build()
    assert story.one("select count(*) from core.record") == 0


def test_a_decision_told_with_its_authoritys_code_and_with_its_name_alone_is_one_record(story: Story) -> None:
    """The templates of 2018 and 2017, of an authority that no list knows (D1)."""
    county = {"authority_name": "样例区市场监督管理局", "authority_code": "11420102YL0000020Y"}
    story.deliver(file("penalty_decision", "2019-01-28", "HB-AMR",
                       penalty("甲", "2018-06-01", SHAN, **county | {"authority_code": None})))  # fmt: skip
    story.build()
    story.deliver(
        file("penalty_decision", "2019-01-29", "421100", penalty("甲", "2018-06-01", SHAN, **county)),
    )
    last = story.build()
    assert story.rows("select document_no, authority_code from core.record") == [
        ("甲", county["authority_code"])
    ]
    story.deliver(
        file("decision_change", "2019-01-30", "HB-AMR", change("撤", "2019-01-30", "甲", SHAN, **county))
    )
    story.build()
    assert story.rows("select state from core.record") == [("revoked",)]
    assert last.digest != rebuild(story.tick(), story.settings).digest == story.build().digest

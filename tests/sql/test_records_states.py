"""Records follow the evidence through every state of D5, and each end names its document."""

from __future__ import annotations

import pytest

from tests.sql.story import (
    YUN,
    Story,
    change,
    file,
    listed,
    objection,
    penalty,
    repair,
    ruling,
    same_when_rebuilt,
)


def decided(story: Story, number: str = "样例罚〔2018〕1号", on: str = "2018-06-01", **more: object) -> str:
    story.deliver(file("penalty_decision", "2019-01-28", "HB-AMR", penalty(number, on, **more)))
    return number


def open_until(story: Story, on: str) -> None:
    story.rows("insert into ops.open_date values (%s, '2019-01-01') returning 1", on)


def test_a_decision_makes_an_active_public_record(story: Story) -> None:
    number = decided(story)
    story.build()
    assert story.rows(
        """select state, disclosure_class, severity_code, display_from::text, display_until::text,
                  repairable_from::text, is_policy_confirmed from core.record where document_no = %s""",
        number,
    ) == [("active", "public", "ordinary", "2018-06-01", "2019-06-01", "2018-09-01", False)]


def test_a_revocation_ends_the_record_and_names_its_document(story: Story) -> None:
    number = decided(story)
    story.build()
    story.deliver(
        file("decision_change", "2019-02-01", "HB-AMR", change("样例撤〔2019〕1号", "2019-01-31", number))
    )
    story.build()
    assert story.rows("select state, state_reason, state_document_no, state_on::text from core.record") == [
        ("revoked", "revoked_by_authority", "样例撤〔2019〕1号", "2019-01-31")
    ]
    assert story.rows("select change, state from core.record_version order by version_no") == [
        ("created", "active"),
        ("changed", "revoked"),
    ]


def test_a_revocation_that_arrives_first_waits_for_its_decision(story: Story) -> None:
    number = "样例罚〔2018〕1号"
    story.deliver(
        file("decision_change", "2019-01-28", "HB-AMR", change("样例撤〔2019〕1号", "2019-01-20", number))
    )
    story.build()
    assert story.one("select count(*) from core.record") == 0
    assert "change_without_decision" in story.issues()
    decided(story)
    story.build()
    assert story.state(number) == "revoked"
    assert "change_without_decision" not in story.issues()


def test_a_revocation_by_name_finds_the_decision_by_number_authority_and_name(story: Story) -> None:
    number = decided(story)
    by_name = change("样例撤〔2019〕1号", "2019-01-31", number) | {"party_code": None}
    story.deliver(file("decision_change", "2019-02-01", "HB-AMR", by_name))
    story.build()
    assert story.state(number) == "revoked"


def test_an_objection_flags_the_record_which_still_counts(story: Story) -> None:
    number = decided(story)
    story.deliver(file("objection", "2019-01-31", "HB-DRC", objection("样例异1", "2019-01-31", number)))
    story.build()
    assert story.rows("select state, is_under_objection from core.record") == [("active", True)]
    # seven working days: 1 February, the 2nd and 3rd, which are worked, after the festival the 11th to 14th
    assert story.rows("select state, due_on::text from core.objection") == [("open", "2019-02-14")]


def test_a_rejected_objection_lifts_the_flag(story: Story) -> None:
    number = decided(story)
    story.deliver(
        file("objection", "2019-01-31", "HB-DRC", objection("样例异1", "2019-01-31", number)),
        file("objection_ruling", "2019-02-01", "HB-DRC", ruling("样例异1", "2019-02-01", number)),
    )
    story.build()
    assert story.rows("select state, is_under_objection from core.record") == [("active", False)]
    assert story.one("select state from core.objection") == "rejected"


@pytest.mark.parametrize("order", ["correct", "withdraw"])
def test_a_ruling_that_rejects_an_objection_does_nothing_to_the_record_whatever_it_orders(
    story: Story, order: str
) -> None:
    number = decided(story)
    told = ruling("样例异1", "2019-02-01", number, correction_code=order, fine_yuan=5000)
    story.deliver(file("objection_ruling", "2019-02-01", "HB-DRC", told))
    story.build()
    assert story.rows("select state, fine_yuan from core.record") == [("active", 20000)]


def test_an_upheld_objection_corrects_or_withdraws(story: Story) -> None:
    first, second = decided(story), decided(story, "样例罚〔2018〕2号")
    story.deliver(
        file(
            "objection_ruling", "2019-02-01", "HB-DRC",
            ruling("样例异1", "2019-02-01", first, ruling_code="partly_upheld", correction_code="correct",
                   corrected_content="罚款改为5000元", fine_yuan=5000),
            ruling("样例异2", "2019-02-01", second, ruling_code="upheld", correction_code="withdraw"),
        )
    )  # fmt: skip
    story.build()
    assert story.rows("select state, fine_yuan from core.record order by document_no") == [
        ("corrected", 5000),
        ("revoked", 20000),
    ]
    assert "ruling_without_objection" in story.issues()


@pytest.mark.parametrize("ruled_on", ["2019-02-01", "2019-02-02"])
def test_two_units_may_give_objections_to_two_decisions_one_number(story: Story, ruled_on: str) -> None:
    """E6: what one unit rules brings back nothing that another has withdrawn."""
    first, second = decided(story), decided(story, "样例罚〔2018〕2号")
    elsewhere = {"received_by_name": "另一受理单位"}
    withdrawn = {"ruling_code": "upheld", "correction_code": "withdraw"}
    story.deliver(
        file("objection", "2019-01-31", "HB-AMR", objection("异1", "2019-01-31", first)),
        file("objection_ruling", "2019-02-01", "HB-AMR", ruling("异1", "2019-02-01", first, **withdrawn)),
        file("objection", "2019-02-01", "HB-DRC", objection("异1", "2019-01-31", second, **elsewhere)),
    )
    story.build()
    standing = "select state, is_under_objection from core.record order by document_no"
    objections = "select state from core.objection order by state"
    assert story.rows(standing) == [("revoked", False), ("active", True)]
    assert story.rows(objections) == [("open",), ("upheld",)]
    rejected = ruling("异1", ruled_on, second, ruled_by_name="另一处理单位")
    story.deliver(file("objection_ruling", "2019-02-02", "HB-DRC", rejected))
    story.build()
    assert story.rows(standing) == [("revoked", False), ("active", False)]
    assert story.rows(objections) == [("rejected",), ("upheld",)]


def test_one_objection_may_be_to_several_decisions(story: Story) -> None:
    """G1, E6: each is flagged at once and answered for itself; a ruling on one brings no other back."""
    first, second = decided(story), decided(story, "样例罚〔2018〕2号")
    told = [objection("异1", "2019-01-31", number) for number in (first, second)]
    story.deliver(file("objection", "2019-01-31", "HB-DRC", *told))
    story.build()
    standing = "select state, is_under_objection from core.record order by document_no"
    assert story.rows(standing) == [("active", True), ("active", True)]
    withdrawn = {"ruling_code": "upheld", "correction_code": "withdraw"}
    for day, row in (
        ("01", ruling("异1", "2019-02-01", first, **withdrawn)),
        ("02", ruling("异1", "2019-02-01", second)),
    ):
        story.deliver(file("objection_ruling", f"2019-02-{day}", "HB-DRC", row))
        story.build()
    assert story.rows(standing) == [("revoked", False), ("active", False)]
    same_when_rebuilt(story)


def test_a_ruling_that_names_another_decision_settles_no_objection(story: Story) -> None:
    first, second = decided(story), decided(story, "样例罚〔2018〕2号")
    story.deliver(
        file("objection", "2019-01-31", "HB-AMR", objection("异1", "2019-01-31", first)),
        file("objection_ruling", "2019-02-01", "HB-AMR", ruling("异1", "2019-02-01", second)),
    )
    story.build()
    assert story.one("select state from core.objection") == "open"
    assert "ruling_without_objection" in story.issues()


@pytest.mark.parametrize(
    ("first", "changed"), [("withdraw", ("revoked", 20000)), ("correct", ("corrected", 5000))]
)
def test_a_later_ruling_on_the_same_objection_counts_for_the_record_too(
    story: Story, first: str, changed: tuple[str, int]
) -> None:
    number = decided(story)
    upheld = ruling("样例异1", "2019-02-01", number, ruling_code="upheld", correction_code=first,
                    corrected_content="罚款5000元", fine_yuan=5000)  # fmt: skip
    story.deliver(
        file("objection", "2019-01-31", "HB-DRC", objection("样例异1", "2019-01-31", number)),
        file("objection_ruling", "2019-02-01", "HB-DRC", upheld),
    )
    story.build()
    assert story.rows("select state, fine_yuan from core.record") == [changed]
    story.deliver(
        file("objection_ruling", "2019-02-10", "HB-DRC", ruling("样例异1", "2019-02-10", number)),
        file("objection_ruling", "2019-02-12", "nobody", ruling("样例异1", "2019-02-12", number)),
    )
    last = story.build()
    assert story.one("select state from core.objection") == "rejected"
    assert story.rows("select state, fine_yuan from core.record") == [("active", 20000)]
    assert story.build(full=True).digest == last.digest


def test_a_repair_ends_the_record_once_the_shortest_period_is_over(story: Story) -> None:
    old, fresh = decided(story), decided(story, "样例罚〔2019〕2号", "2019-01-20")
    story.deliver(
        file("repair_ruling", "2019-02-02", "HB-AMR", repair("样例修1", "2019-02-02", old),
             repair("样例修2", "2019-02-02", fresh))
    )  # fmt: skip
    story.build()
    assert (story.state(old), story.state(fresh)) == ("repaired", "active")
    assert story.rows("select state from core.repair order by ruling_no") == [("granted",), ("too_early",)]
    assert "repair_too_early" in story.issues()


def test_the_last_day_of_display_is_shown_and_the_next_day_it_is_expired(story: Story) -> None:
    number = decided(story, on="2018-01-31")
    open_until(story, "2019-01-31")
    story.build()
    assert story.state(number) == "active"
    open_until(story, "2019-02-01")
    story.build()
    assert story.rows("select state, state_reason, state_on::text from core.record") == [
        ("expired", "window_over", "2019-02-01")
    ]


def test_a_stronger_end_names_the_state(story: Story) -> None:
    number = decided(story, on="2017-01-31")
    story.deliver(file("repair_ruling", "2019-02-02", "HB-AMR", repair("样例修1", "2019-02-02", number)))
    story.build()
    assert story.state(number) == "repaired"
    story.deliver(file("decision_change", "2019-02-02", "HB-AMR", change("样例撤1", "2019-02-02", number)))
    story.build()
    assert story.state(number) == "revoked"


def test_two_contradicting_changes_of_one_day_change_nothing(story: Story) -> None:
    number = decided(story)
    story.deliver(
        file("decision_change", "2019-01-31", "HB-AMR",
             change("变1", "2019-01-31", number, change_code="modified", fine_yuan=1, changed_content="甲"),
             change("变2", "2019-01-31", number, change_code="modified", fine_yuan=9, changed_content="乙"))
    )  # fmt: skip
    story.build()
    assert story.rows("select state, fine_yuan from core.record") == [("active", 20000)]
    assert "contradicting_versions" in story.issues()


def test_a_change_that_states_categories_states_the_whole_penalty(story: Story) -> None:
    """D6, E1, G2: what is a warning by now is not displayed, and no longer bears the fine it was."""
    number = decided(story)
    story.build()
    assert story.rows("select disclosure_class, fine_yuan from core.record") == [("public", 20000)]
    warned = {"change_code": "modified", "changed_content": "警告", "penalty_category_codes": "warning"}
    story.deliver(
        file("decision_change", "2019-01-31", "HB-AMR", change("变", "2019-01-31", number, **warned))
    )
    last = story.build()
    query = (
        "select disclosure_class, fine_yuan, penalty_text, policy_rule, display_until::text from core.record"
    )
    assert story.rows(query) == [("government", None, "警告", "a_warning", "2018-09-01")]
    assert story.build(full=True).digest == last.digest


def test_of_two_changes_each_keeps_what_the_later_is_silent_about(story: Story) -> None:
    number = decided(story)
    modified = {"change_code": "modified", "changed_content": "罚款一万元"}
    first = change("变1", "2019-01-30", number, **modified, fine_yuan=10000)
    later = change("变2", "2019-01-31", number, **modified | {"changed_content": "限期改正"})
    story.deliver(file("decision_change", "2019-01-31", "HB-AMR", later, first))
    story.build()
    assert story.rows("select fine_yuan, penalty_text from core.record") == [(10000, "限期改正")]


def test_a_corrected_submission_stands_and_the_old_one_stays_in_history(story: Story) -> None:
    number = decided(story)
    story.build()
    story.deliver(
        file("penalty_decision", "2019-01-29", "HB-AMR", penalty(number, "2018-06-01", fine_yuan=30000))
    )
    story.build()
    assert story.one("select fine_yuan from core.record") == 30000
    assert story.rows("select content ->> 'fine_yuan' from core.record_version order by version_no") == [
        ("20000.00",),
        ("30000.00",),
    ]


def test_a_corrected_file_corrects_the_date_of_the_decision_either_way(story: Story) -> None:
    number = decided(story, on="2018-06-01")
    window = "select document_on::text, display_until::text from core.record"
    for day, on, until in (("29", "2018-01-06", "2019-01-06"), ("30", "2018-10-06", "2019-10-06")):
        story.deliver(file("penalty_decision", f"2019-01-{day}", "HB-AMR", penalty(number, on)))
        last = story.build()
        assert story.rows(window) == [(on, until)]
    assert story.build(full=True).digest == last.digest


def test_a_corrected_file_corrects_the_date_of_what_acts_on_a_record(story: Story) -> None:
    number = decided(story)
    story.deliver(
        file("objection", "2019-02-08", "HB-DRC", objection("异", "2019-02-08", number)),
        file("objection_ruling", "2019-02-08", "HB-DRC", ruling("异", "2019-02-01", number)),
    )
    story.build()
    assert story.one("select state from core.objection") == "open"  # the ruling is older than its objection
    assert "ruling_without_objection" in story.issues()
    story.deliver(file("objection", "2019-02-09", "HB-DRC", objection("异", "2019-01-28", number)))
    story.build()
    assert story.rows("select state, raised_on::text from core.objection") == [("rejected", "2019-01-28")]
    assert "ruling_without_objection" not in story.issues()
    assert story.rows("select is_under_objection from core.record") == [(False,)]


def test_equal_rank_and_other_content_is_a_contradiction_and_the_record_does_not_change(story: Story) -> None:
    number = decided(story)
    story.deliver(
        file("penalty_decision", "2019-01-29", "HB-AMR", penalty(number, "2018-06-01", fine_yuan=1)),
        file("penalty_decision", "2019-01-29", "420100", penalty(number, "2018-06-01", fine_yuan=2)),
    )
    story.build()
    assert story.one("select fine_yuan from core.record") == 20000
    assert "contradicting_versions" in story.issues()


def test_warnings_and_simple_procedure_are_not_displayed_and_persons_stay_inside(story: Story) -> None:
    decided(story, "甲", penalty_category_codes="warning", fine_yuan=None)
    decided(story, "乙", procedure_code="simple")
    decided(
        story,
        "丙",
        party={"party_name": "张三", "party_person_token": "t1"},
        party_category_code="natural_person",
    )
    story.build()
    assert story.rows(
        "select document_no, disclosure_class, disclosure_reason from core.record order by 3, 1"
    ) == [
        ("丙", "internal", "natural_person"),
        ("乙", "government", "not_displayed_by_law"),
        ("甲", "government", "not_displayed_by_law"),
    ]


def test_only_a_list_decision_lists_and_a_removal_ends_the_entry(story: Story) -> None:
    decided(story)
    story.deliver(file("list_decision", "2019-01-28", "HB-AMR", listed("样例列1", "2019-01-10", YUN)))
    story.build()
    assert story.rows("select list_code, state, document_no from core.list_entry") == [
        ("serious_dishonesty", "listed", "样例列1")
    ]
    removal = listed("样例移1", "2019-02-01", YUN, action_code="removed", listed_document_no="样例列1")
    story.deliver(file("list_decision", "2019-02-01", "HB-AMR", removal))
    story.build()
    assert story.rows("select state, exit_reason, removed_on::text from core.list_entry") == [
        ("removed", "removed_from_list", "2019-02-01")
    ]
    assert story.one("select state from core.record where determination_kind = 'listing'") == "repaired"


def test_a_removal_without_a_listing_is_an_issue_and_no_entry(story: Story) -> None:
    removal = listed("样例移1", "2019-02-01", YUN, action_code="removed", listed_document_no="样例列1")
    story.deliver(file("list_decision", "2019-02-01", "HB-AMR", removal))
    story.build()
    assert story.one("select count(*) from core.list_entry") == 0
    assert "removal_without_listing" in story.issues()

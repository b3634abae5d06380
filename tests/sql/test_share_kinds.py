"""What the column shows beside records, and what is reported upward (A6, E2, E3)."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from conduct_records.disclosure.items import kinds
from conduct_records.disclosure.proof import prove
from conduct_records.disclosure.withdraw import withdraw
from tests.sql.share_support import (
    ENDS,
    ON,
    STAYS,
    Platform,
    commitment,
    current,
    held,
    punishment,
    share,
    supervision,
    training,
    two_decisions,
)
from tests.sql.story import (
    HE,
    HEALTH,
    SHAN,
    YUN,
    Story,
    change,
    file,
    listed,
    objection,
    penalty,
    recognised,
    registered,
    repair,
    verified,
)

Row = dict[str, Any]
STATES = """select c.body ->> 'state_code' from core.claim as c
    inner join core.standing_claim as s using (subject_key, claim_key) where c.act = 'punishment'"""


@pytest.fixture
def story(warehouse: str, tmp_path: Path) -> Story:
    told = two_decisions(warehouse, tmp_path)
    told.deliver(
        file("joint_punishment", "2019-01-28", "HB-AMR", punishment(STAYS), punishment(ENDS, SHAN)),
        file(
            "commitment", "2019-01-28", "HB-AMR",
            commitment(STAYS), commitment(ENDS, SHAN, is_public=False),
        ),
        file("supervision_action", "2019-01-28", "HB-AMR", supervision()),
        file("repair_training", "2019-01-28", "HB-AMR", training(STAYS)),
    )  # fmt: skip
    told.build()
    return told


def shown(stem: str) -> Any:
    return lambda story: current(story, f"data/{stem}.json")["items"]


def test_each_table_has_the_columns_and_types_that_its_schema_states(
    story: Story, platform: Platform
) -> None:
    """E3: each with a schema, as W3C's metadata for tables (CSVW) says it."""
    story.deliver(file("list_decision", "2019-01-28", "HB-AMR", listed("样例列", "2019-01-20")))
    story.build()
    share(story)
    filled = set()
    read = {"date": date.fromisoformat, "decimal": Decimal, "string": str}
    stated = current(story, "schemas/tables.csvw.json")["tables"]
    tables = {table["url"].removeprefix("../"): table for table in stated}
    assert set(tables) == {f"data/{kind.stem}.csv" for kind in kinds().values() if kind.csv}
    for path, table in tables.items():
        columns = {each["name"]: each["datatype"] for each in table["tableSchema"]["columns"]}
        text = (story.settings.portal / "current" / path).read_text(encoding="utf-8-sig")
        header, *rows = csv.reader(text.splitlines())
        assert header == list(columns) and table["tableSchema"]["primaryKey"] == header[0]
        filled |= {path for _ in rows}
        for row in rows:
            for kind, cell in zip(columns.values(), row, strict=True):
                if isinstance(kind, dict):
                    assert cell in kind["format"].split("|")
                elif cell:
                    read[kind](cell)
    assert len(filled) > 3


def test_a_measure_is_shown_while_its_record_is(story: Story, platform: Platform) -> None:
    share(story)
    measures = {item["subject_name"]: item for item in shown("punishments")(story)}
    assert set(measures) == {YUN["party_name"], SHAN["party_name"]}
    assert measures[YUN["party_name"]]["display_until"] == "2019-06-01"
    story.deliver(
        file("decision_change", "2019-01-28", "HB-AMR", change("样例撤〔2019〕1号", "2019-01-20", ENDS, SHAN))
    )
    story.build()
    share(story)
    assert [item["subject_name"] for item in shown("punishments")(story)] == [YUN["party_name"]]
    page = (story.settings.portal / "current/punishments.html").read_text("utf-8")
    assert "限制参加政府采购" in page and SHAN["party_name"] not in page
    prove(ON, story.tick(), story.settings)


@pytest.mark.parametrize("ends", ["2019-01-29", "2019-12-31"])
def test_a_measure_leaves_once_it_is_lifted_whatever_else_the_row_says(
    story: Story, platform: Platform, ends: str
) -> None:
    """G3: the row may leave out the feedback that was told before, and keep the end that was planned."""
    fed_back = punishment(STAYS, state_code="effective", fed_back_on="2019-01-28")
    lifted = punishment(STAYS, state_code="lifted", feedback=None, until_on=ends)
    story.deliver(
        file("joint_punishment", "2019-01-29", "HB-AMR", fed_back),
        file("joint_punishment", "2019-01-30", "HB-AMR", lifted),
    )
    story.build()
    share(story)
    assert [item["subject_name"] for item in shown("punishments")(story)] == [SHAN["party_name"]]
    assert "lifted" in {state for (state,) in story.rows(STATES)}
    prove(ON, story.tick(), story.settings)


def test_only_public_commitments_are_shown_and_name_no_decision(story: Story, platform: Platform) -> None:
    share(story)
    (only,) = shown("commitments")(story)
    assert only["statement"] == "样例承诺：依法经营"
    assert STAYS not in str(only)


def test_a_repair_shows_its_ruling_and_not_what_was_repaired(story: Story, platform: Platform) -> None:
    story.deliver(
        file("repair_ruling", "2019-01-28", "HB-AMR", repair("样例修〔2019〕1号", "2019-01-20", STAYS))
    )
    story.build()
    share(story)
    (only,) = shown("repairs")(story)
    assert only["ruling_no"] == "样例修〔2019〕1号" and STAYS not in str(only)
    everything = "".join(
        path.read_text("utf-8") for path in (story.settings.portal / "versions").rglob("*") if path.is_file()
    )
    assert STAYS not in everything
    prove(ON, story.tick(), story.settings)


def test_a_repair_of_what_was_never_public_or_is_revoked_makes_nothing_public(
    story: Story, platform: Platform
) -> None:
    """E1, G2: a repair would tell of a penalty that the law does not display, or that never stood."""
    never = "样例罚〔2018〕3号"
    story.deliver(
        file("penalty_decision", "2019-01-28", "HB-AMR",
             penalty(never, "2018-06-03", HE, procedure_code="simple")),
        file("repair_ruling", "2019-01-28", "HB-AMR", repair("样例修〔2019〕1号", "2019-01-20", never, HE),
             repair("样例修〔2019〕2号", "2019-01-20", ENDS, SHAN)),
    )  # fmt: skip
    story.build()
    share(story)
    assert [item["ruling_no"] for item in shown("repairs")(story)] == ["样例修〔2019〕2号"]
    assert (
        sum(message["kind"] == "repair" for message in platform.held.values()) == 2
    )  # both inside government
    revoked = change("样例撤〔2019〕1号", "2019-01-22", ENDS, SHAN)
    story.deliver(file("decision_change", "2019-01-28", "HB-AMR", revoked, sequence=2))
    story.build()
    share(story)
    assert shown("repairs")(story) == []
    assert sum(message["kind"] == "repair" for message in platform.held.values()) == 1
    prove(ON, story.tick(), story.settings)


def clarify(story: Story, unit: str, release: str | None) -> None:
    """A case is not confirmed by a unit, which says by whose word its clarification may be published."""
    denial = verified(
        "3-1", "2019-01-20", verdict_code="not_confirmed", clarification="样例澄清：报道不实",
        clarification_release_code=release,
    )  # fmt: skip
    story.deliver(file("verification_result", "2019-01-28", unit, denial))
    story.build()
    share(story)


@pytest.mark.parametrize(
    ("release", "is_shown"),
    [("lead_authority", True), ("subject_wish", True), ("withheld", False), (None, False)],
)
def test_a_clarification_is_shown_only_when_it_was_released(
    story: Story, platform: Platform, release: str | None, is_shown: bool
) -> None:
    clarify(story, "421100", release)
    texts = [item["clarification"] for item in shown("clarifications")(story)]
    assert texts == (["样例澄清：报道不实"] if is_shown else [])


def test_what_names_another_enterprise_than_the_register_does_for_its_code_is_told_to_nobody(
    story: Story, platform: Platform
) -> None:
    """D2: a commitment, an interview or a clarification under a wrong code is not that enterprise's."""
    clarify(story, "421100", "lead_authority")
    told = """select kind from share.disclosable
              where kind in ('commitment', 'clarification', 'supervision_start') order by kind"""
    assert story.rows(told) == [("clarification",), ("commitment",), ("supervision_start",)]
    other = [registered(party | {"party_name": "武汉样例雨商贸有限公司"}) for party in (YUN, SHAN)]
    story.deliver(file("registry_extract", "2019-01-28", "HB-AMR", *other))
    story.build()
    assert story.rows(told) == []
    share(story)
    prove(ON, story.tick(), story.settings)


def test_a_clarification_leaves_when_another_verifier_confirms_the_case(
    story: Story, platform: Platform
) -> None:
    clarify(story, "421100", "lead_authority")
    assert len(shown("clarifications")(story)) == 1
    story.deliver(file("verification_result", "2019-01-28", "420600", verified("3-1", "2019-01-25")))
    story.build()
    share(story)
    assert shown("clarifications")(story) == []


def test_training_supervision_and_repair_are_reported_upward(story: Story, platform: Platform) -> None:
    story.deliver(
        file("repair_ruling", "2019-01-28", "HB-AMR", repair("样例修〔2019〕1号", "2019-01-20", ENDS, SHAN))
    )
    story.build()
    share(story)
    kinds = sorted(message["kind"] for message in platform.held.values())
    assert kinds == ["record", "repair", "supervision_start", "training"]
    (start,) = (each for each in platform.held.values() if each["kind"] == "supervision_start")
    assert "11010519491231002X" not in str(start) and "张某" not in str(start)


def test_a_verification_is_reported_upward_and_names_its_subject_only_once_it_is_recognised(
    story: Story, platform: Platform
) -> None:
    """A6, E2: the platform learns how its case was verified; nobody is named before a document says so."""
    told = verified("5-1", "2019-01-20", HE)
    story.deliver(
        file("verification_result", "2019-01-28", "420600", told),
        file("verification_result", "2019-01-28", "nobody", verified("7-1", "2019-01-20", SHAN)),
    )
    story.build()
    share(story)

    def report() -> dict[str, Any]:
        (only,) = (each for each in platform.held.values() if each["kind"] == "verification_report")
        return dict(only["payload"])

    assert (report()["case_no"], report()["verdict_code"]) == ("5-1", "confirmed")
    assert HE["party_name"] not in str(report()) and HE["party_code"] not in str(report())
    assert "finding" not in report() and "recognition_no" not in report()
    story.deliver(file("recognition", "2019-01-28", "HB-HEALTH", recognised("认", "2019-01-22", "5-1", HE)))
    story.build()
    share(story)
    assert (report()["subject_code"], report()["finding"]) == (HE["party_code"], told["facts"])
    gone = change("撤", "2019-01-23", "认", HE, **HEALTH)
    story.deliver(file("decision_change", "2019-01-28", "HB-HEALTH", gone))
    story.build()
    share(story)
    assert HE["party_name"] not in str(report()) and "finding" not in report()
    prove(ON, story.tick(), story.settings)


def test_the_verification_of_whoever_may_not_verify_clarifies_nothing(
    story: Story, platform: Platform
) -> None:
    clarify(story, "nobody", "lead_authority")
    assert shown("clarifications")(story) == []


def test_a_repair_of_what_is_revoked_leaves_before_any_build(story: Story, platform: Platform) -> None:
    granted = repair("样例修〔2019〕1号", "2019-01-20", ENDS, SHAN)
    story.deliver(file("repair_ruling", "2019-01-28", "HB-AMR", granted))
    story.build()
    share(story)
    assert [item["ruling_no"] for item in shown("repairs")(story)] == ["样例修〔2019〕1号"]
    revoked = change("样例撤〔2019〕1号", "2019-01-22", ENDS, SHAN)
    story.deliver(file("decision_change", "2019-01-28", "HB-AMR", revoked))
    withdraw(ON, story.tick(), story.settings)
    assert shown("repairs")(story) == []
    assert not any(message["kind"] == "repair" for message in platform.held.values())


@pytest.mark.parametrize("ended", ["repaired", "expired", "shielded"])
def test_supervision_that_follows_from_a_record_ends_with_it(
    story: Story, platform: Platform, ended: str
) -> None:
    """D5, G3: nobody goes on supervising for a record that is no longer shared; what names none stays."""
    about = supervision(action_no="样例约谈〔2019〕2号", document_no=STAYS)
    story.deliver(file("supervision_action", "2019-01-28", "HB-AMR", about))
    story.build()
    started = "select count(*) filter (where kind = 'supervision_start') from share.disclosable"
    assert story.one(started) == 2
    plan = {
        "document_no": "破", **YUN, "authority_name": "样例法院", "approved_on": "2019-01-20",
        "shielded_on": "2019-01-20",
    }  # fmt: skip
    story.deliver({
        "repaired": file("repair_ruling", "2019-01-28", "HB-AMR", repair("修", "2019-01-20", STAYS)),
        "expired": file("registry_extract", "2019-06-02", "HB-AMR", registered()),
        "shielded": file("reorganisation_shield", "2019-01-28", "HB-DRC", plan),
    }[ended])  # fmt: skip
    story.build()
    assert (story.state(STAYS), story.one(started)) == (ended, 1)


def test_a_name_with_a_persons_number_in_it_gives_way_as_any_text(story: Story, platform: Platform) -> None:
    """E1: people type whom to call into the cell of a name."""
    call = "样例信用办13800000000"
    by_call = {"authority_name": call, "authority_code": None}
    story.deliver(
        file("penalty_decision", "2019-01-28", "HB-AMR",
             penalty("丙", "2018-06-01", HE | {"party_name": f"样例河{call}"}, **by_call)),
        file("joint_punishment", "2019-01-29", "HB-AMR",
             punishment(STAYS, executor_name=call, field_name=call)),
        file("commitment", "2019-01-29", "HB-AMR", commitment(STAYS, accepted_by_name=call)),
        file("supervision_action", "2019-01-29", "HB-AMR", supervision(HE, **by_call)),
    )  # fmt: skip
    story.build()
    share(story, date(2019, 1, 29))
    assert len(held(story)) == 3
    everything = [path.read_text("utf-8") for path in story.settings.portal.rglob("*") if path.is_file()]
    assert "13800000000" not in "".join(everything) + str(platform.held)


@pytest.mark.parametrize("before_any_build", [False, True])
def test_what_was_done_about_a_decision_leaves_when_the_decision_is_revoked(
    story: Story, platform: Platform, before_any_build: bool
) -> None:
    """E6, G2: supervision and training upward, the promise on the column; what names no decision stays."""
    about = supervision(action_no="样例约谈〔2019〕2号", document_no=STAYS)
    story.deliver(file("supervision_action", "2019-01-29", "HB-AMR", about))
    story.build()
    share(story)
    kinds = "select kind, count(*) from share.shown where kind = any(%s) group by 1 order by 1"
    followed = ["commitment", "supervision_start", "training"]
    assert story.rows(kinds, followed) == [("commitment", 1), ("supervision_start", 2), ("training", 1)]
    revoked = change("样例撤〔2019〕1号", "2019-01-29", STAYS)
    story.deliver(file("decision_change", "2019-01-29", "HB-AMR", revoked))
    if before_any_build:
        withdraw(date(2019, 1, 29), story.tick(), story.settings)
    else:
        story.build()
        share(story, date(2019, 1, 29))
    assert story.rows(kinds, followed) == [("supervision_start", 1)]
    assert shown("commitments")(story) == []


def test_what_was_done_about_a_case_leaves_when_the_case_is_denied(story: Story, platform: Platform) -> None:
    """C2, G2: nothing told of it has any ground left."""
    about = {"document_no": "认", **HEALTH}
    story.deliver(
        file("verification_result", "2019-01-28", "421100", verified("5-1", "2019-01-20", HE)),
        file("recognition", "2019-01-28", "HB-HEALTH", recognised("认", "2019-01-22", "5-1", HE)),
        file("supervision_action", "2019-01-29", "HB-AMR", supervision(HE, **about)),
        file("commitment", "2019-01-29", "HB-AMR",
             commitment("认", HE, authority_code=HEALTH["authority_code"])),
    )  # fmt: skip
    story.build()
    told = "select kind from share.disclosable where content ->> 'subject_code' = %s order by kind"
    kinds = ["commitment", "entry", "record", "record", "supervision_start", "verification_report"]
    assert [kind for (kind,) in story.rows(told, HE["party_code"])] == kinds
    denial = verified("5-1", "2019-01-25", HE, verdict_code="not_confirmed", clarification="样例澄清")
    story.deliver(file("verification_result", "2019-01-29", "421100", denial))
    story.build()
    assert story.rows(told, HE["party_code"]) == []
    share(story, date(2019, 1, 29))
    prove(date(2019, 1, 29), story.tick(), story.settings)


def test_an_entry_of_a_list_says_that_its_record_is_objected_to(story: Story, platform: Platform) -> None:
    story.deliver(file("list_decision", "2019-01-28", "HB-AMR", listed("列", "2019-01-20")))
    story.build()
    share(story)
    (before,) = shown("list_entries")(story)
    story.deliver(file("objection", "2019-01-28", "HB-DRC", objection("异", "2019-01-28", "列")))
    story.build()
    share(story)
    (after,) = shown("list_entries")(story)
    assert (before["is_under_objection"], after["is_under_objection"]) == (False, True)
    assert "异议处理中" in (story.settings.portal / "current/lists.html").read_text("utf-8")

"""The law as a table: what each dated document gives (D6). One row of law_examples.csv is one record."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.databases import Databases
from tests.sql.story import HE, Row, Story, change, file, listed, penalty, recognised, repair, verified

with (Path(__file__).parent / "law_examples.csv").open(encoding="utf-8", newline="") as source:
    EXAMPLES = list(csv.DictReader(source))
GIVEN = ("severity", "rule", "displayed", "from", "repairable", "display_until", "confirmed")


def party(number: int) -> Row:
    return {"party_name": f"样例法{number}有限公司", "party_code": f"91420100ML{number:08d}"}


def evidence(number: int, example: dict[str, str]) -> Iterator[tuple[str, Row]]:
    """The rows that make the record of one example."""
    document, on, who = f"法{number}", example["document_on"], party(number)
    if example["kind"] == "penalty":
        more: Row = {
            "penalty_category_codes": example["codes"], "procedure_code": example["procedure"] or None,
            "fine_yuan": example["fine_yuan"] or None, "display_until_on": example["until"] or None,
            "penalty_basis": example["words"] or "样例依据", "penalty_content": example["words"] or "罚款",
        }  # fmt: skip
        yield "penalty_decision", penalty(document, on, who, **more)
    elif example["kind"] == "recognition":
        yield "verification_result", verified(document, on, who)
        yield "recognition", recognised(document, on, document, who, seriousness_code=example["codes"])
    else:
        yield "list_decision", listed(document, on, who, dishonesty_list_code=example["codes"])


@pytest.fixture(scope="module")
def windows(databases: Databases, template: str) -> Iterator[dict[str, list[str]]]:
    """What the fold gives to every example, by document: built once for all of them."""
    with databases.lent(template, "law") as url:
        yield folded(Story(url))


def folded(story: Story) -> dict[str, list[str]]:
    rows: dict[str, list[Row]] = {}
    for number, example in enumerate(EXAMPLES):
        for kind, row in evidence(number, example):
            rows.setdefault(kind, []).append(row)
    story.deliver(*(file(kind, "2026-11-01", "HB-AMR", *many) for kind, many in rows.items()))
    story.build()
    found = story.rows(
        """select document_no, severity_code, policy_rule,
             (disclosure_reason <> 'not_displayed_by_law')::text,
             display_from::text, repairable_from::text, display_until::text, is_policy_confirmed::text
           from core.record"""
    )
    return {document: window for document, *window in found}


@pytest.mark.parametrize(
    "number", range(len(EXAMPLES)), ids=[f"{e['document_on']}-{e['why']}" for e in EXAMPLES]
)
def test_the_window_that_the_law_of_the_documents_date_gives(windows: dict[str, Any], number: int) -> None:
    assert windows[f"法{number}"] == [EXAMPLES[number][name] for name in GIVEN]


def test_every_rule_has_an_example_and_both_changes_of_law_have_their_eve_and_first_day(
    warehouse: str,
) -> None:
    rules = Story(warehouse).rows("select rule_code from core.window_rule")
    assert {example["rule"] for example in EXAMPLES} >= {code for (code,) in rules} - {
        "b_recognition",
        "c_recognition",
    }
    days = {example["document_on"] for example in EXAMPLES}
    assert {"2023-04-30", "2023-05-01", "2026-03-31", "2026-04-01"} <= days
    assert len(EXAMPLES) >= 30


@pytest.mark.parametrize(
    ("decided", "ruled", "state", "until"),
    [
        ("2018-11-05", "2019-02-04", "active", "2019-11-05"),
        ("2018-11-05", "2019-02-05", "repaired", "2019-11-05"),
        ("2026-04-01", "2026-06-30", "active", "2027-04-01"),
        ("2026-04-01", "2026-07-01", "repaired", "2027-04-01"),
        ("2026-03-31", "2026-06-29", "active", "2029-03-31"),
        ("2026-03-31", "2026-06-30", "repaired", "2029-03-31"),
    ],
)
def test_a_repair_counts_from_the_first_day_that_the_law_allows(
    warehouse: str, decided: str, ruled: str, state: str, until: str
) -> None:
    story = Story(warehouse)
    story.deliver(
        file("penalty_decision", ruled, "HB-AMR", penalty("法", decided)),
        file("repair_ruling", ruled, "HB-AMR", repair("修", ruled, "法")),
    )
    story.build()
    assert story.rows("select state, display_until::text from core.record") == [(state, until)]
    assert ("repair_too_early" in story.issues()) == (state == "active")


def test_the_last_day_is_shown_and_the_next_is_not(warehouse: str) -> None:
    story = Story(warehouse)
    story.deliver(file("penalty_decision", "2019-06-01", "HB-AMR", penalty("法", "2018-06-01")))
    story.build()
    shown = "select count(*) from share.disclosable_record where audience = 'public'"
    assert (story.state("法"), story.one(shown)) == ("active", 1)
    story.deliver(file("decision_change", "2019-06-02", "HB-AMR", change("别", "2019-06-02", "别的", HE)))
    story.build()
    assert (story.state("法"), story.one(shown)) == ("expired", 0)


def test_a_changed_decision_has_the_window_of_what_it_says_now(warehouse: str) -> None:
    story = Story(warehouse)
    revoked = penalty("法", "2026-04-10", penalty_category_codes="licence", penalty_content="吊销许可证")
    lighter = change("变", "2026-05-10", "法", change_code="modified", changed_content="暂扣许可证三个月")
    story.deliver(file("penalty_decision", "2026-05-01", "HB-AMR", revoked))
    story.build()
    window = "select severity_code, display_until::text from core.record"
    assert story.rows(window) == [("serious", "2029-04-10")]
    story.deliver(file("decision_change", "2026-05-11", "HB-AMR", lighter))
    story.build()
    assert story.rows(window) == [("ordinary", "2027-04-10")]


def test_a_penalty_that_only_the_cited_article_names_makes_no_window_longer(warehouse: str) -> None:
    story = Story(warehouse)
    cited = penalty("法", "2026-04-10", penalty_category_codes="licence", penalty_content="暂扣许可证三个月",
                    penalty_basis="情节严重的，吊销许可证")  # fmt: skip
    story.deliver(file("penalty_decision", "2026-05-01", "HB-AMR", cited))
    story.build()
    assert story.rows("select severity_code, policy_rule from core.record") == [
        ("ordinary", "c_ordinary_licence")
    ]


def test_a_decision_that_no_rule_is_about_is_seen_by_nobody(warehouse: str) -> None:
    """D6, E1: without a window that the law gives, none is guessed."""
    story = Story(warehouse)
    unnamed = penalty("法", "2018-06-01", penalty_category_codes=None)
    story.deliver(file("penalty_decision", "2019-01-28", "HB-AMR", unnamed))
    story.build()
    found = "select policy_rule, display_until, disclosure_class, disclosure_reason from core.record"
    assert story.rows(found) == [("none", None, "internal", "no_policy_rule")]
    assert story.rows("select kind from share.disclosable") == []

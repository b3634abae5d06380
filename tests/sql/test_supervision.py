"""What meets an industry's criteria is recommended, never listed; what is below is supervised (F1, F2)."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import psycopg
import pytest
from psycopg.rows import dict_row

from conduct_records.reports.referral_list import write_referral_lists
from conduct_records.settings import Settings
from conduct_records.warehouse.statements import statement
from tests.sql.story import (
    AMR,
    HEALTH,
    SHAN,
    YUN,
    Story,
    change,
    file,
    listed,
    penalty,
    recognised,
    registered,
    repair,
    verified,
)

DAY = date(2019, 2, 1)
NAME = "信用监管清单"
SERIOUS = {"penalty_category_codes": "licence", "penalty_basis": "《反不正当竞争法》第二十条"}
ORDER = {
    "action_no": "样例约谈1", "action_code": "rectification", **YUN, **AMR, "started_on": "2019-01-10",
    "due_on": "2019-01-31", "measure": "限期整改", "outcome_code": "open",
}  # fmt: skip


def lists(story: Story, tmp_path: Path, unit: str, day: date = DAY) -> dict[str, list[dict[str, Any]]]:
    """The lists of one unit as programs read them; empty where it gets none."""
    story.build()
    settings = Settings(dict(story.settings.environ) | {"CONDUCT_RECORDS_OUTBOX": str(tmp_path)})
    write_referral_lists(settings, day)
    path = tmp_path / unit / day.isoformat() / f"{NAME}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def test_a_serious_record_is_recommended_to_its_department_and_nobody_is_listed(
    story: Story, tmp_path: Path
) -> None:
    story.deliver(file("penalty_decision", "2019-01-28", "HB-AMR", penalty("甲", "2018-06-01", **SERIOUS)))
    (row,) = lists(story, tmp_path, "HB-AMR")["recommendations"]
    assert (row["subject_code"], row["document_no"], row["rule_code"]) == (YUN["party_code"], "甲", "market")
    assert story.one("select count(*) from core.list_entry where list_code = 'serious_dishonesty'") == 0
    book = openpyxl.load_workbook(tmp_path / "HB-AMR" / "2019-02-01" / f"{NAME}.xlsx")
    assert book.sheetnames == ["名单推荐"]


def test_the_departments_own_decision_ends_the_recommendation(story: Story, tmp_path: Path) -> None:
    story.deliver(
        file("penalty_decision", "2019-01-28", "HB-AMR", penalty("甲", "2018-06-01", **SERIOUS)),
        file("list_decision", "2019-01-29", "HB-AMR", listed("列", "2019-01-20")),
    )
    assert lists(story, tmp_path, "HB-AMR") == {}
    (entry,) = lists(story, tmp_path, "420100")["entries"]
    assert (entry["list_code"], entry["inspection_per_year"]) == ("serious_dishonesty", "12")


def test_who_was_removed_from_a_list_is_recommended_again_for_what_came_later_alone(
    story: Story, tmp_path: Path
) -> None:
    removal = listed("移", "2019-01-30", action_code="removed", listed_document_no="列")
    story.deliver(
        file("penalty_decision", "2019-01-28", "HB-AMR", penalty("甲", "2018-06-01", **SERIOUS)),
        file("list_decision", "2019-01-30", "HB-AMR", listed("列", "2019-01-20"), removal),
    )
    assert lists(story, tmp_path, "HB-AMR") == {}
    story.deliver(file("penalty_decision", "2019-02-01", "HB-AMR", penalty("乙", "2019-02-01", **SERIOUS)))
    (row,) = lists(story, tmp_path, "HB-AMR")["recommendations"]
    assert row["document_no"] == "乙"


def test_a_recommendation_whose_decision_is_revoked_leaves_an_empty_list_behind(
    story: Story, tmp_path: Path
) -> None:
    """E6: whoever decides on the list goes on with nothing that was withdrawn, on that day or a later one."""
    story.deliver(file("penalty_decision", "2019-01-28", "HB-AMR", penalty("甲", "2018-06-01", **SERIOUS)))
    assert lists(story, tmp_path, "HB-AMR", date(2019, 1, 31))["recommendations"]
    assert lists(story, tmp_path, "HB-AMR")["recommendations"]
    story.deliver(file("decision_change", "2019-02-01", "HB-AMR", change("撤", "2019-02-01", "甲")))
    assert lists(story, tmp_path, "HB-AMR")["recommendations"] == []
    assert lists(story, tmp_path, "HB-AMR", date(2019, 2, 2)) == {}
    book = openpyxl.load_workbook(tmp_path / "HB-AMR" / "2019-02-01" / f"{NAME}.xlsx")
    assert (book.sheetnames, book.active.max_row) == (["名单推荐"], 3)


def test_a_measure_is_lifted_with_its_record_whatever_was_last_reported(story: Story, tmp_path: Path) -> None:
    """G3: whoever carries it out is told."""
    story.deliver(
        file("penalty_decision", "2019-01-28", "HB-AMR", penalty("甲", "2018-06-01")),
        file("joint_punishment", "2019-01-28", "HB-DRC", measure(until_on="2019-12-31")),
    )
    (row,) = lists(story, tmp_path, "HB-EDU")["measures"]
    assert row["state"] == "effective"
    story.deliver(file("repair_ruling", "2019-02-02", "HB-AMR", repair("修", "2019-02-02", "甲")))
    (row,) = lists(story, tmp_path, "HB-EDU", date(2019, 2, 2))["measures"]
    assert row["state"] == "lifted"


def test_a_measure_is_lifted_when_the_case_it_follows_from_is_denied(story: Story, tmp_path: Path) -> None:
    """C2, G2: the record is gone, and whoever carries the measure out is told."""
    about = measure(document_no="认", **SHAN, **HEALTH, until_on="2019-12-31")
    story.deliver(
        file("verification_result", "2019-01-28", "421100", verified("5-1", "2019-01-20")),
        file("recognition", "2019-01-28", "HB-HEALTH", recognised("认", "2019-01-22", "5-1")),
        file("joint_punishment", "2019-01-28", "HB-DRC", about),
    )
    (row,) = lists(story, tmp_path, "HB-EDU")["measures"]
    assert row["state"] == "effective"
    denial = verified("5-1", "2019-02-01", verdict_code="not_confirmed", clarification="样例澄清")
    story.deliver(file("verification_result", "2019-02-02", "421100", denial))
    (row,) = lists(story, tmp_path, "HB-EDU", date(2019, 2, 2))["measures"]
    assert row["state"] == "lifted"


@pytest.mark.parametrize(
    ("document_on", "more"),
    [
        ("2018-06-01", {"penalty_basis": "《反不正当竞争法》第二十条"}),  # not serious
        ("2018-06-01", {"penalty_category_codes": "licence"}),  # no industry's words
        ("2015-06-01", SERIOUS),  # before the criteria held
    ],
)
def test_what_does_not_meet_the_criteria_of_its_day_is_not_recommended(
    story: Story, tmp_path: Path, document_on: str, more: dict[str, Any]
) -> None:
    row = penalty("甲", document_on, violation_type_name="样例行为", **more)
    story.deliver(file("penalty_decision", "2019-01-28", "HB-AMR", row))
    assert lists(story, tmp_path, "HB-AMR") == {}


def test_a_recognised_conduct_below_the_criteria_is_supervised_with_a_reason_until_it_is_repaired(
    story: Story, tmp_path: Path
) -> None:
    story.deliver(
        file("verification_result", "2019-01-28", "421100", verified("5-1", "2019-01-20")),
        file("recognition", "2019-01-28", "HB-HEALTH", recognised("认", "2019-01-22", "5-1")),
    )
    (entry,) = lists(story, tmp_path, "421100")["entries"]
    assert (entry["list_code"], entry["entry_reason"]) == ("key_supervision", "verified_below_serious")
    assert entry["inspection_per_year"] == "4" and "约谈" in entry["advice"]
    granted = repair("修", "2019-08-01", "认", SHAN, **HEALTH)
    story.deliver(file("repair_ruling", "2019-08-02", "HB-HEALTH", granted))
    (entry,) = lists(story, tmp_path, "421100", date(2019, 8, 2))["entries"]
    assert (entry["state"], entry["exit_reason"], entry["advice"]) == ("removed", "repair_granted", None)


def test_a_rectification_past_its_deadline_is_overdue(story: Story, tmp_path: Path) -> None:
    story.deliver(file("supervision_action", "2019-01-28", "HB-AMR", ORDER))
    before = lists(story, tmp_path, "HB-AMR", date(2019, 1, 31))["actions"]
    after = lists(story, tmp_path, "HB-AMR", date(2019, 2, 1))["actions"]
    assert [row["outcome"] for row in before + after] == ["open", "overdue"]
    done = ORDER | {"outcome_code": "done", "finished_on": "2019-02-03"}
    story.deliver(file("supervision_action", "2019-02-04", "HB-AMR", done))
    (row,) = lists(story, tmp_path, "HB-AMR", date(2019, 2, 4))["actions"]
    assert (row["outcome"], row["finished_on"]) == ("done", "2019-02-03")


def measure(**more: Any) -> dict[str, Any]:
    return {
        "measure_no": "样例惩〔2019〕1号", **YUN, "field_name": "政府采购", "cause": "样例事由",
        "measure": "限制参加政府采购，联系13800000000", "legal_basis": "样例依据", "document_no": "甲",
        "requester_name": "湖北省市场监督管理局", "requester_code": AMR["authority_code"],
        "executor_name": "湖北省教育厅", "executor_code": "11420000YL0000047N", "executed_on": "2019-01-10",
        "until_on": "2019-01-30", "state_code": "effective",
    } | more  # fmt: skip


def test_a_measure_goes_with_its_feedback_to_who_asked_who_acts_and_who_reported(
    story: Story, tmp_path: Path
) -> None:
    story.deliver(file("joint_punishment", "2019-01-28", "HB-DRC", measure()))
    for unit in ("HB-DRC", "HB-AMR", "HB-EDU"):
        (row,) = lists(story, tmp_path, unit, date(2019, 1, 29))["measures"]
        assert (row["measure_no"], row["state"], row["feedback"]) == ("样例惩〔2019〕1号", "effective", None)
        assert "13800000000" not in row["measure"]
    assert lists(story, tmp_path, "HB-HEALTH", date(2019, 1, 29)) == {}
    fed_back = measure(feedback="已限制", fed_back_on="2019-01-29")
    story.deliver(file("joint_punishment", "2019-01-29", "HB-DRC", fed_back))
    (row,) = lists(story, tmp_path, "HB-EDU")["measures"]
    assert (row["feedback"], row["fed_back_on"], row["state"]) == ("已限制", "2019-01-29", "over")
    book = openpyxl.load_workbook(tmp_path / "HB-EDU" / "2019-02-01" / f"{NAME}.xlsx")
    assert book.sheetnames == ["联合惩戒措施"]


def test_what_rests_on_a_shielded_record_goes_to_no_unit_until_the_shield_is_over(
    story: Story, tmp_path: Path
) -> None:
    """D5: recommendation, advice and measures; what a unit ordered itself stays in its own list."""
    story.deliver(
        file("penalty_decision", "2019-01-28", "HB-AMR", penalty("甲", "2018-06-01", **SERIOUS)),
        file("list_decision", "2019-01-28", "HB-TAX", listed("列", "2019-01-20", dishonesty_list_code="tax")),
        file("joint_punishment", "2019-01-28", "HB-DRC", measure(until_on="2019-12-31")),
        file("supervision_action", "2019-01-28", "HB-AMR", ORDER),
    )

    def told(day: date) -> dict[str, list[str]]:
        story.execute(f"insert into ops.open_date values ('{day}', '2019-01-01') on conflict do nothing")
        found = {unit: lists(story, tmp_path, unit, day) for unit in ("HB-AMR", "420100", "HB-EDU")}
        return {
            unit: [name for name, rows in each.items() if rows and isinstance(rows, list)]
            for unit, each in found.items()
        }

    before = told(DAY)
    assert before == {
        "HB-AMR": ["recommendations", "actions", "measures"], "420100": ["entries"], "HB-EDU": ["measures"]
    }  # fmt: skip
    shield = {**YUN, "document_no": "破", "authority_name": "样例法院", "approved_on": "2019-01-30",
              "shielded_on": "2019-02-02", "until_on": "2019-02-03"}  # fmt: skip
    story.deliver(file("reorganisation_shield", "2019-02-01", "HB-COURT", shield))
    assert told(date(2019, 2, 3)) == {"HB-AMR": ["actions"], "420100": [], "HB-EDU": []}
    assert told(date(2019, 2, 4)) == before


@pytest.mark.parametrize(("unit", "more"), [("nobody", {}), ("HB-DRC", {"document_no": "内"})])
def test_a_measure_that_nobody_may_rely_on_goes_to_nobody(
    story: Story, tmp_path: Path, unit: str, more: dict[str, Any]
) -> None:
    """B1, E1: of a unit that may not submit it; on a decision that is kept inside the centre."""
    story.deliver(
        file("penalty_decision", "2019-01-28", "nobody", penalty("内", "2018-06-01")),
        file("joint_punishment", "2019-01-28", unit, measure(**more)),
    )
    assert lists(story, tmp_path, "HB-EDU") == {}


def test_what_bears_another_enterprises_name_is_carried_out_on_nobody_and_counts_against_nobody(
    story: Story, tmp_path: Path
) -> None:
    """D2: of the code and the name that disagree, nobody knows which is wrong."""
    other = {"party_name": SHAN["party_name"]}
    story.deliver(
        file("penalty_decision", "2019-01-28", "HB-AMR", penalty("甲", "2018-06-01")),
        file("joint_punishment", "2019-01-28", "HB-DRC", measure(**other)),
        file("supervision_action", "2019-01-28", "HB-AMR", ORDER | other | {"outcome_code": "refused"}),
    )
    assert lists(story, tmp_path, "HB-EDU")["measures"]
    assert risk(story)["rule_code"] == "refused_supervision"
    story.deliver(file("registry_extract", "2019-01-28", "HB-AMR", registered()))
    assert lists(story, tmp_path, "HB-EDU")["measures"] == []
    assert risk(story)["rule_code"] != "refused_supervision"
    assert "supervision" not in {fact["item_code"] for fact in analysis(story)}


def test_an_entry_kept_inside_the_centre_goes_to_nobody(story: Story, tmp_path: Path) -> None:
    """E1, F1: whoever may not list has listed nobody, for units and for the risk grade."""
    story.deliver(file("list_decision", "2019-01-28", "420100", listed("列", "2019-01-20")))
    assert lists(story, tmp_path, "420100") == {}
    assert risk(story)["rule_code"] == "nothing_standing"


def test_a_refusal_stated_by_whoever_may_not_submit_it_is_no_risk(story: Story) -> None:
    """B1, C4: what no unit was entitled to say counts against nobody."""
    story.deliver(file("supervision_action", "2019-01-28", "nobody", ORDER | {"outcome_code": "refused"}))
    story.build()
    assert risk(story)["rule_code"] == "nothing_standing"


def test_a_refusal_that_was_put_right_is_no_longer_a_risk(story: Story) -> None:
    """C4, G2: the grade rests on what stands, not on what was once stated."""
    story.deliver(file("supervision_action", "2019-01-28", "HB-AMR", ORDER | {"outcome_code": "refused"}))
    story.build()
    assert risk(story)["rule_code"] == "refused_supervision"
    story.deliver(file("supervision_action", "2019-01-29", "HB-AMR", ORDER | {"outcome_code": "done"}))
    story.build()
    assert risk(story)["rule_code"] == "nothing_standing"


def risk(story: Story) -> dict[str, Any]:
    """The risk grade of the one subject there is."""
    (row,) = about(story, "reports/case_report#risk")
    return row


def analysis(story: Story) -> list[dict[str, Any]]:
    """What the six analyses say of it."""
    return about(story, "reports/case_analysis")


def about(story: Story, name: str) -> list[dict[str, Any]]:
    given = {"subject_key": story.one("select subject_key from core.subject"), "valid_on": DAY}
    with psycopg.connect(story.url, row_factory=dict_row) as connection:
        return connection.execute(statement(name), given).fetchall()

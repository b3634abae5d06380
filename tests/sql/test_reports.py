"""Verification reports and notices say what the evidence says, and where it stands (C2 to C4, G2, G4)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from conduct_records.intake.inbox import waiting
from conduct_records.records.build import build
from conduct_records.reports.subject_notice import write_subject_notices
from conduct_records.reports.verification_report import write_verification_reports
from conduct_records.settings import Settings
from conduct_records.warehouse.ingest import ingest, sightings
from tests.sql.pushes import DATES, Pushes
from tests.sql.story import HE, YUN, Row, Story, change, file, listed, penalty, ruling, verified

SAMPLES = Path(__file__).parents[2] / "samples"
HOSPITAL = "52421100YL10000578"
WITHDRAWN = {"ruling_code": "upheld", "correction_code": "withdraw"}
REMOVED = {"action_code": "removed", "listed_document_no": "列"}
ANALYSES = ("关联关系", "知识产权", "资格资质", "生产经营", "公共信用", "舆情信息")


@pytest.fixture(scope="module")
def told(databases, template, tmp_path_factory) -> dict[str, str]:
    """Every page that the sample story gives by 2019-02-02, by its path below the outbox."""
    state = tmp_path_factory.mktemp("reports")
    with databases.lent(template, "told") as url:
        tell(url, state)
    outbox = state / "outbox"
    return {str(path.relative_to(outbox)): path.read_text("utf-8") for path in outbox.rglob("*.html")}


def tell(url: str, state: Path) -> None:
    settings = Settings.load(
        {
            "WAREHOUSE_URL": url,
            "CONDUCT_RECORDS_STATE": str(state),
            "CONDUCT_RECORDS_INBOX": str(SAMPLES / "inbox"),
            "PERSON_TOKEN_KEY": "k" * 40,
        }
    )
    pushes = Pushes(settings.warehouse_url).sample(*DATES)
    pushes.connection.commit()
    pushes.connection.close()
    for day in [*DATES, DATES[-1] + timedelta(1)]:
        now = datetime.now(UTC)
        for lane in waiting(settings, day, sightings(settings)):
            ingest(lane, now, settings)
        valid_on = build(day, now, settings).valid_on
        write_verification_reports(settings, valid_on)
        write_subject_notices(settings, valid_on)


@pytest.fixture
def hospital(told: dict[str, str]) -> str:
    return told["421100/2019-02-02/信用核查报告_5-1.html"]


def test_the_report_of_case_5_1_goes_to_its_city_and_department_and_names_both_appearances(
    told: dict[str, str], hospital: str
) -> None:
    assert told["HB-HEALTH/2019-02-02/信用核查报告_5-1.html"] == hospital
    assert "<td>5-1</td>" in hospital and "<td>88</td>" in hospital
    assert "以上 2 条" in hospital


def test_the_subject_is_the_hospital_and_the_patient_appears_nowhere(hospital: str) -> None:
    assert re.findall(r"三、责任主体：(.*?)</h2>", hospital) == ["黄冈名仕医院"]
    assert "王某" not in hospital


def test_each_of_the_six_analyses_has_evidence_in_the_samples(hospital: str) -> None:
    for analysis in ANALYSES:
        row = re.search(rf"<th[^>]*>{analysis}</th>.*?</tr>", hospital, re.S)
        assert row and "href=" in row.group() and "数仓内无数据" not in row.group(), analysis


def test_an_analysis_without_data_says_so(pushes: Pushes, warehouse: str, tmp_path: Path) -> None:
    """C3: of a hospital that only the verification names, five analyses have nothing to tell."""
    pushes.sample(*DATES).connection.commit()
    story = Story(warehouse)
    story.deliver(file("verification_result", "2019-01-30", "421100", verified("5-1", "2019-01-30")))
    settings = Settings(dict(story.settings.environ) | {"CONDUCT_RECORDS_OUTBOX": str(tmp_path)})
    write_verification_reports(settings, story.build().valid_on)
    page = (tmp_path / "421100/2019-01-30/信用核查报告_5-1.html").read_text("utf-8")
    told = [re.search(rf"<th[^>]*>{each}</th>.*?</tr>", page, re.S) for each in ANALYSES]
    assert [bool(row and "数仓内无数据" in row.group()) for row in told] == [True] * 5 + [False]


def test_every_reference_leads_to_a_row_of_evidence(hospital: str) -> None:
    cited = {int(number) for number in re.findall(r'href="#e(\d+)"', hospital)}
    listed = [int(number) for number in re.findall(r'<tr id="e(\d+)"', hospital)]
    assert listed == list(range(1, len(listed) + 1)) and cited == set(listed)


def test_pushed_evidence_is_named_by_what_people_find_it_by(hospital: str) -> None:
    """C4: every figure traces to evidence; the number of a pushed row is a hash that says nothing."""
    places = re.findall(r'<tr id="e\d+"><td>\d+</td><td>[^<]*</td><td>[^<]*</td><td>([^<]*)</td>', hospital)
    assert places and all(re.fullmatch(r"第 \d{1,6} 行|.+，案例 .+|评价周期 .+", place) for place in places)
    assert {place.split("，案例 ")[1] for place in places if "案例" in place} >= {"5-1", "88"}


def test_the_risk_names_the_rule_that_gave_it(hospital: str) -> None:
    assert '<span class="grade">中</span>' in hospital
    assert "standing_record" in hospital and "该项计数 2" in hospital


def test_what_is_not_confirmed_is_clarified_and_analyses_no_subject(told: dict[str, str]) -> None:
    page = told["420600/2019-02-02/信用核查报告_3-1.html"]
    assert "报道所指行为与襄阳市登记的口腔医疗机构无关" in page
    assert "核查不属实，不形成失信记录" in page
    assert "不作主体分析" in page


def test_before_its_recognition_the_report_says_that_no_record_stands(told: dict[str, str]) -> None:
    assert "尚未认定，不形成失信记录" in told["421100/2019-01-30/信用核查报告_5-1.html"]


def test_a_notice_says_what_is_recorded_on_what_evidence_until_when_and_what_to_do(
    told: dict[str, str],
) -> None:
    page = told[f"421100/2019-01-31/信用主体告知书_{HOSPITAL}.html"]
    for said in (
        "样例黄卫医罚〔2018〕20号",
        "2018-04-20 至 2019-04-20",
        "行政处罚决定.xlsx，第",
        "7 个工作日",
        "信用承诺书",
    ):
        assert said in page


def test_a_repaired_record_is_told_again_and_needs_no_repair(told: dict[str, str]) -> None:
    page = told["420500/2019-02-02/信用主体告知书_91420500MA4KY0067H.html"]
    assert "已修复" in page and "已停止公示和共享（2019-02-01）" in page and "无需申请" in page


def test_a_subject_gets_a_notice_only_when_its_records_change(told: dict[str, str]) -> None:
    days = sorted(path.split("/")[1] for path in told if HOSPITAL in path)
    assert days == ["2019-01-29", "2019-01-31"]


def test_no_page_tells_of_a_natural_persons_penalty(told: dict[str, str]) -> None:
    for page in told.values():
        assert "样例寅" not in page and "样例黄卫医罚〔2018〕31号" not in page
    assert date(2019, 2, 2).isoformat() in {path.split("/")[1] for path in told}


def test_a_notice_names_the_list_its_basis_and_what_is_not_confirmed(warehouse: str, tmp_path: Path) -> None:
    """G4: an enterprise is told in words, not in codes of ours, and what the centre took from memory."""
    story = Story(warehouse)
    story.deliver(file("list_decision", "2019-01-28", "HB-AMR", listed("列", "2019-01-20")))
    valid_on = story.build().valid_on
    settings = Settings(dict(story.settings.environ) | {"CONDUCT_RECORDS_OUTBOX": str(tmp_path)})
    write_subject_notices(settings, valid_on)
    (path,) = tmp_path.rglob("*.html")
    page = path.read_text("utf-8")
    label = story.one("select label from ref.code where list_code = 'dishonesty_list' and code = 'market'")
    for said in (
        f"{label}：样例列入理由",
        "认定依据",
        "样例依据",
        "7 个工作日（暂定口径）",
        "发改办财金〔2018〕893号，暂定口径",
    ):
        assert said in page
    assert "a_listing" not in page and "market" not in page


@pytest.mark.parametrize(
    ("kind", "row", "said"),
    [
        ("objection_ruling", ruling("异", "2019-01-22", "列", **WITHDRAWN), ("异议成立，已撤下", "无需申请")),
        ("list_decision", listed("移", "2019-01-22", **REMOVED), ("已移出名单", "已停止公示和共享")),
        ("decision_change", change("撤", "2019-01-22", "列"), ("已撤销", "已停止公示和共享（2019-01-22）")),
        (
            "reorganisation_shield",
            {"document_no": "破", **YUN, "authority_name": "样例法院", "approved_on": "2019-01-20",
             "shielded_on": "2019-01-21"},
            ("重整期间暂停公示和共享（2019-01-21 起）", "2019-07-20 起"),
        ),
    ],
    ids=["upheld", "removed", "revoked", "shielded"],
)  # fmt: skip
def test_a_notice_says_why_a_record_is_shown_no_more_as_the_law_calls_it(
    warehouse: str, tmp_path: Path, kind: str, row: Row, said: tuple[str, ...]
) -> None:
    """G4: what is withdrawn was not revoked, who is removed was not repaired, a shield is no end."""
    story = Story(warehouse)
    story.deliver(file("list_decision", "2019-01-28", "HB-AMR", listed("列", "2019-01-20")))
    story.deliver(file(kind, "2019-01-28", "HB-DRC", row))
    settings = Settings(dict(story.settings.environ) | {"CONDUCT_RECORDS_OUTBOX": str(tmp_path)})
    write_subject_notices(settings, story.build().valid_on)
    (path,) = tmp_path.rglob("*.html")
    page = path.read_text("utf-8")
    assert all(words in page for words in said)
    assert ("已撤销" in page, "已修复" in page) == (kind == "decision_change", False)


def test_a_subject_without_a_credit_code_is_told_and_one_without_any_code_is_asked_for(
    warehouse: str, tmp_path: Path
) -> None:
    """G4: no record of an identified subject goes untold; a name alone is nobody until a code is stated."""
    story = Story(warehouse)
    by_code = {"party_name": "样例海研究所", "party_code": None, "party_org_code": "MA0000001"}
    by_name = {"party_name": "样例江商贸有限公司", "party_code": None}
    story.deliver(
        file("penalty_decision", "2019-01-28", "HB-AMR", penalty("罚1", "2018-06-01", by_code),
             penalty("罚2", "2018-06-01", by_name))
    )  # fmt: skip
    valid_on = story.build().valid_on
    settings = Settings(dict(story.settings.environ) | {"CONDUCT_RECORDS_OUTBOX": str(tmp_path)})
    write_subject_notices(settings, valid_on)
    (path,) = tmp_path.rglob("*.html")
    assert path.name == "信用主体告知书_MA0000001.html"
    assert "样例海研究所（MA0000001）" in path.read_text("utf-8")
    assert story.rows(
        "select responsibility, value from ops.issue where issue_code = 'subject_by_name_only'"
    ) == [("department", "样例江商贸有限公司")]


def test_an_enterprise_is_told_when_what_it_was_told_of_is_shown_no_more(
    warehouse: str, tmp_path: Path
) -> None:
    """G4: its record left with its evidence, or a doubt about the code keeps it inside."""
    story = Story(warehouse)
    settings = Settings(dict(story.settings.environ) | {"CONDUCT_RECORDS_OUTBOX": str(tmp_path)})

    def pages(day: str, *rows: Row, scope: str = "delta") -> dict[str, str]:
        story.deliver(file("penalty_decision", f"2019-01-{day}", "HB-AMR", *rows, scope=scope))
        write_subject_notices(settings, story.build().valid_on)
        return {
            path.stem.split("_")[1]: path.read_text("utf-8")
            for path in tmp_path.rglob(f"*/2019-01-{day}/*.html")
        }

    mistyped = YUN | {"party_code": "91420100MA00000999"}
    first = pages("28", penalty("罚1", "2018-06-01", mistyped))
    assert "已停止公示和共享的信息" not in first[mistyped["party_code"]]
    second = pages("29", penalty("罚1", "2018-06-01"))
    assert "罚1" in second[YUN["party_code"]] and "待核实" in second[mistyped["party_code"]]
    third = pages("30", penalty("罚2", "2018-06-01", HE), scope="replace")
    assert "已移出档案" in third[YUN["party_code"]] and "记入" not in third[YUN["party_code"]]
    assert mistyped["party_code"] not in third, "it was told before"

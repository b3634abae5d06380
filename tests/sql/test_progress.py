"""Reports say what figures can't: gaps, changed codes, merged departments; drafts and releases are files."""

from __future__ import annotations

import json
import zipfile
from datetime import date
from pathlib import Path

import pytest

from conduct_records.disclosure.marts import publish_marts
from conduct_records.disclosure.marts_checks import BoundViolated
from conduct_records.reports.progress import Period, Report, periods_ending, read_report
from conduct_records.reports.progress_files import DraftChanged, release, write_draft, write_drafts
from conduct_records.reports.progress_values import notes
from conduct_records.reports.scorecard import write_scorecards
from conduct_records.settings import Settings
from tests.sql.story import SHAN, Story, file, penalty

XIANTAO = {"party_name": "仙桃样例物流有限公司", "party_code": "91429004MA4KY00409"}
QUARTER = Period("quarterly", date(2019, 3, 1))
RECODED = """
  insert into ref.code values ('region_history', 'test', '仙桃市→仙桃市', jsonb_build_object(
    'old_code', '429004', 'old_name', '仙桃市', 'new_code', '429104', 'new_name', '仙桃市',
    'year', '2019', 'effective_on', '2019-02-15'
  ));
  update ref.code set code = '429104', attributes = attributes || '{"region_code": "429104"}'
  where list_code = 'reporting_unit' and code = '429004';
  update ref.code set code = '429104' where list_code = 'region' and code = '429004';
"""
RENUMBERED = """
  insert into ref.code values ('region_history', 'test2', '红安县→红安市', jsonb_build_object(
    'old_code', '421122', 'old_name', '红安县', 'new_code', '421189', 'new_name', '红安市',
    'year', '2019', 'effective_on', '2019-02-20'
  ));
  update ref.code set code = '421189', label = '红安市' where list_code = 'region' and code = '421122';
"""
MERGED = """
  update ref.code set attributes = attributes || '{"successor_code": "HB-AMR", "merged_on": "2019-02-01"}'
  where list_code = 'department' and code = 'HB-IP'
"""


@pytest.fixture
def story(warehouse: str, tmp_path: Path) -> Story:
    """January and March have data, February has none; a unit changes its code, a department is merged."""
    told = Story(warehouse)
    told.settings = Settings({**told.settings.environ, "CONDUCT_RECORDS_STATE": str(tmp_path)})
    told.deliver(
        file("penalty_decision", "2019-01-28", "429004", penalty("样例罚〔2019〕1号", "2019-01-20", XIANTAO)),
        file("penalty_decision", "2019-01-28", "HB-IP", penalty("样例罚〔2018〕2号", "2018-11-05", SHAN)),
        file("penalty_decision", "2019-03-31", "429104", penalty("样例罚〔2019〕3号", "2019-03-28", XIANTAO)),
        file("penalty_decision", "2019-03-31", "HB-AMR", penalty("样例罚〔2019〕4号", "2019-03-28", SHAN)),
    )
    told.execute(RECODED)
    told.execute(MERGED)
    told.build()
    publish_marts(date(2019, 3, 31), told.tick(), told.settings)
    return told


def said(report: Report) -> str:
    (part,) = [part for part in report.parts if part.code == "notes"]
    return "\n".join(notes(part))


def unit(report: Report, name: str) -> list[tuple[object, ...]]:
    (part,) = [part for part in report.parts if part.code == "units"]
    fields = ("department_code", "record_count", "on_time_count", "late_count")
    return [tuple(row[field] for field in fields) for row in part.rows if row["department_name"] == name]


def test_a_unit_that_changed_its_code_is_one_unit_and_the_report_says_so(story: Story) -> None:
    report = read_report(story.settings, QUARTER)
    assert unit(report, "仙桃市") == [("429104", 2, 2, 0)]
    assert "仙桃市（429004）自2019-02-15起代码变更为仙桃市（429104）" in said(report)
    lying = (
        "select unit_code, sum(denominator) from marts.city_indicator_month "
        "where indicator_code = 'gathered_in_time' and denominator > 0 group by unit_code"
    )
    assert story.rows(lying) == [("421100", 2), ("429104", 2)]


def test_a_region_that_changed_its_code_within_the_quarter_counts_once_and_the_report_says_so(
    story: Story,
) -> None:
    lying = (
        "select unit_code, sum(denominator)::integer from marts.city_indicator_month "
        "where indicator_code = 'gathered_in_time' and month_on > '2018-12-31' and denominator > 0 group by 1"
    )
    before = dict(story.rows(lying))
    for day, number, code in (
        ("2019-01-29", "样例罚〔2019〕11号", "421122"),
        ("2019-03-30", "样例罚〔2019〕12号", "421189"),
    ):
        story.deliver(
            file("penalty_decision", day, "HB-AMR", penalty(number, "2019-01-20", SHAN, region_code=code))
        )
    story.execute(RENUMBERED)
    story.build()
    publish_marts(date(2019, 3, 31), story.tick(), story.settings)
    kept = "select region_code, count(*) from marts.fact_record where region_code ~ '^4211[28]' group by 1"
    assert sorted(story.rows(kept)) == [("421122", 1), ("421189", 1)]
    assert dict(story.rows(lying)) == before | {"421100": before["421100"] + 2}
    assert "红安县（421122）自2019-02-20起变更为红安市（421189）" in said(
        read_report(story.settings, QUARTER)
    )
    january = read_report(story.settings, Period("monthly", date(2019, 1, 1)))
    assert "红安县" not in said(january)


def test_a_merged_department_counts_with_its_successor_and_the_report_says_so(story: Story) -> None:
    report = read_report(story.settings, QUARTER)
    assert unit(report, "湖北省市场监督管理局") == [("HB-AMR", 2, 1, 1)]
    assert unit(report, "湖北省知识产权局") == []
    assert "湖北省知识产权局（HB-IP）自2019-02-01起并入湖北省市场监督管理局（HB-AMR）" in said(report)


def test_a_month_without_data_and_units_that_never_reported_are_named(story: Story) -> None:
    report = read_report(story.settings, QUARTER)
    assert "2019-02没有任何单位报送" in said(report)
    assert "截至期末从未报送的单位（26个）：武汉市、" in said(report)
    assert unit(report, "武汉市") == [("420100", 0, 0, 0)]
    (months,) = [part for part in report.parts if part.code == "months"]
    assert [(row["month_name"], row["record_count"]) for row in months.rows] == [
        ("2019-01", 2),
        ("2019-02", 0),
        ("2019-03", 2),
    ]
    february = read_report(story.settings, Period("monthly", date(2019, 2, 1)))
    assert february.parts[0].rows[0]["timeliness_rate"] is None
    assert "以往报送过、本期未报送的单位（2个）：仙桃市、湖北省市场监督管理局" in said(february)


def test_a_period_before_any_data_is_a_report_without_figures(story: Story) -> None:
    files = write_draft(story.settings, Period("monthly", date(2018, 5, 1)))
    html = next(name for name in files if name.endswith(".html"))
    assert "无数据" in (story.settings.reports / html).read_text(encoding="utf-8")


def test_a_period_that_lies_ahead_is_unfinished_and_no_month_of_it_is_called_silent(story: Story) -> None:
    ahead = read_report(story.settings, Period("quarterly", date(2019, 6, 1)))
    assert "数据截至2019-03-31" in said(ahead)
    assert "没有任何单位报送" not in said(ahead)
    assert set(ahead.parts[0].rows[0].values()) == {None}


def test_stale_marts_are_said_in_the_report(story: Story) -> None:
    story.execute("delete from ref.code where list_code in ('region', 'region_history')")
    with pytest.raises(BoundViolated):
        publish_marts(date(2019, 3, 31), story.tick(), story.settings)
    report = read_report(story.settings, QUARTER)
    assert "最近一次发布未通过检查（dim_region: 0, wanted at least 1）" in said(report)
    assert unit(report, "仙桃市") == [("429104", 2, 2, 0)]


def test_what_is_due_depends_on_the_month() -> None:
    due = {month: [period.name for period in periods_ending(date(2019, month, 3))] for month in (2, 3, 12)}
    assert due == {2: ["2019-02"], 3: ["2019-03", "2019-Q1"], 12: ["2019-12", "2019-Q4", "2019"]}


def test_equal_figures_give_equal_files_with_native_charts_and_nothing_from_outside(story: Story) -> None:
    first = write_drafts(story.settings, date(2019, 3, 1))
    assert write_drafts(story.settings, date(2019, 3, 1)) == first
    assert len(first) == 4
    for name in first:
        path = story.settings.reports / name
        if path.suffix == ".xlsx":
            parts = zipfile.ZipFile(path).namelist()
            assert len([part for part in parts if part.startswith("xl/charts/chart")]) >= 2
        else:
            content = path.read_text(encoding="utf-8")
            assert content.count("<svg") >= 3
            assert "http" not in content.replace("http://www.w3.org/", "")
            assert 'href="#query-units"' in content and 'id="query-units"' in content


def test_each_unit_that_was_scored_gets_its_own_months_and_no_other(story: Story) -> None:
    """E4: quality scorecards, of the same figures as the province's report."""
    written = [Path(path) for path in write_scorecards(story.settings, date(2019, 3, 1))]
    units = {path.parts[-3] for path in written}
    assert {(path.parts[-2], path.name) for path in written} == {
        ("2019-03-31", "数据质量评价.xlsx"), ("2019-03-31", "数据质量评价.json"),
    }  # fmt: skip
    query = "select month_on::text, score from marts.score_unit_month where unit_code = %s and score > 0"
    for path in (path for path in written if path.suffix == ".json"):
        told = json.loads(path.read_text(encoding="utf-8"))
        months = {(row["month_name"], row["score"]) for row in told["months"]}
        scored = story.rows(query, told["unit_code"])
        assert months == {(month[:7], str(score)) for month, score in scored} and months
        assert all(1 <= row["place_no"] <= row["unit_count"] <= len(units) for row in told["months"])
    assert write_scorecards(story.settings, date(2018, 12, 1)) == []


def test_only_what_was_signed_off_is_released(story: Story) -> None:
    signed = write_drafts(story.settings, date(2019, 3, 1))
    said_by = {"signed_by": {"name": "样例签发人"}, "signed_at": "2019-04-03"}
    released = release(story.settings, signed, said_by)
    assert len(released) == 4 and released == release(story.settings, signed, said_by)
    for name in signed:
        to = story.settings.reports / Path("released", *Path(name).parts[1:])
        assert to.read_bytes() == (story.settings.reports / name).read_bytes()
    sign_off = story.settings.reports / "released" / "2019-Q1" / "sign-off.json"
    assert "样例签发人" in sign_off.read_text(encoding="utf-8")
    changed = next(iter(signed))
    (story.settings.reports / changed).write_bytes(b"other figures")
    with pytest.raises(DraftChanged, match="2019-03"):
        release(story.settings, signed, said_by)

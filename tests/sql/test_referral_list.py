"""Requirement A5: each unit gets its referrals as a workbook it can open and as a table."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import psycopg
import pytest

from conduct_records.reports.referral_list import write_referral_lists
from conduct_records.settings import Settings
from conduct_records.warehouse.reference import load_reference

DAY = date(2019, 1, 28)
NAME = "失信案例核查转办清单"
FORMULA = '=HYPERLINK("http://example.invalid")'
CORE = """
insert into core.conduct_case
  (case_key, title, published_on, first_pushed_on, appearance_count, is_followed_up, region_codes)
  values ('c', '样例案例', '2018-12-04', '2019-01-28', 2, true, '{420600}');
insert into core.pushed_case
  (list_code, case_id, case_key, link_basis, title, region_text, region_codes, published_on, source_name,
   tags, data_date, first_pushed_on, file_id, row_no)
  values
  ('typical', '3-1', 'c', 'x', '样例案例', '湖北襄阳', '{420600}', '2018-12-04', %(source)s, '{持续追踪}',
   '2019-01-28', '2019-01-28', 'f', 1),
  ('top100', '9', 'c', 'x', '样例案例', '湖北', '{420000}', '2018-12-05', null, '{}',
   '2019-01-28', '2019-01-28', 'f', 2);
insert into core.target
  (target_key, trigger_code, case_key, subject_name, lead_unit_code, opened_on, due_on, due_basis,
   state, basis)
  values
  ('t', 'typical_case', 'c', null, '420600', '2019-01-28', '2019-03-15', 'official', 'open', '{}'),
  ('e', 'worst_grade', null, '样例公司', '420100', '2019-02-01', '2019-03-20', 'official', 'open', '{}');
insert into core.referral
  (referral_key, target_key, unit_code, reason, referred_on, due_on, due_basis, state)
  values
  ('r1', 't', '420600', 'region', '2019-01-28', '2019-03-15', 'official', 'open'),
  ('r2', 't', 'HB-HEALTH', 'industry', '2019-01-28', '2019-03-15', 'official', 'overdue'),
  ('r3', 'e', '420100', 'region', '2019-02-01', '2019-03-20', 'official', 'open');
"""

GRADES = """
insert into evidence.evaluation
  (file_id, row_no, data_date, cycle_code, scale_code, grade_code, subject_name, subject_code, region_code,
   published_on, known_at)
  select 'p', number, '2019-01-31', '2018H' || number, 'ylzc', '差', '样例物流', '91429004MA4KY00409',
    '429004',
    '2019-01-28'::date + number, '2019-01-31'
  from generate_series(1, 2) as g (number)
"""


@pytest.fixture
def settings(warehouse: str, tmp_path: Path) -> Settings:
    with psycopg.connect(warehouse, cursor_factory=psycopg.ClientCursor) as connection:
        load_reference(connection, datetime(2019, 1, 28, tzinfo=UTC))
        connection.execute(CORE, {"source": FORMULA})
    return Settings({"WAREHOUSE_URL": warehouse, "CONDUCT_RECORDS_OUTBOX": str(tmp_path)})


def cells(path: Path) -> list[list[str | None]]:
    sheet = openpyxl.load_workbook(path).worksheets[0]
    return [list(row) for row in sheet.iter_rows(min_row=3, values_only=True)]


def test_each_unit_with_referrals_gets_both_files_in_its_own_folder(
    settings: Settings, tmp_path: Path
) -> None:
    paths = write_referral_lists(settings, DAY)
    written = [Path(path).relative_to(tmp_path).as_posix() for path in paths]
    assert written == [
        f"{unit}/2019-01-28/{NAME}.{ending}"
        for unit in ("420600", "HB-HEALTH")
        for ending in ("json", "xlsx")
    ]
    assert (
        sorted(path.name for path in tmp_path.rglob("*") if path.is_file())
        == [f"{NAME}.json"] * 2 + [f"{NAME}.xlsx"] * 2
    )


def test_the_workbook_shows_both_appearances_with_labels(settings: Settings, tmp_path: Path) -> None:
    write_referral_lists(settings, DAY)
    header, *rows = cells(tmp_path / "HB-HEALTH" / "2019-01-28" / f"{NAME}.xlsx")
    found = [dict(zip(header, row, strict=True)) for row in rows]
    assert [(row["案例ID"], row["地区"]) for row in found] == [("9", "湖北"), ("3-1", "湖北襄阳")]
    assert {
        (row["转办原因"], row["办理状态"], row["牵头单位"], row["核查期限"], row["持续追踪"]) for row in found
    } == {("行业主管", "已逾期", "襄阳市", "2019-03-15", "是")}


def test_text_of_a_push_is_no_formula(settings: Settings, tmp_path: Path) -> None:
    write_referral_lists(settings, DAY)
    with zipfile.ZipFile(tmp_path / "420600" / "2019-01-28" / f"{NAME}.xlsx") as archive:
        assert b"=HYPERLINK" in archive.read("xl/sharedStrings.xml")
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_a_target_without_a_case_is_listed_by_its_subject(settings: Settings, tmp_path: Path) -> None:
    write_referral_lists(settings, date(2019, 2, 1))
    text = (tmp_path / "420100" / "2019-02-01" / f"{NAME}.json").read_text(encoding="utf-8")
    (row,) = json.loads(text)["referrals"]
    assert (row["subject_name"], row["trigger_code"], row["title"]) == ("样例公司", "worst_grade", None)


def test_grades_are_passed_on_to_the_unit_where_the_subject_is_registered(
    settings: Settings, tmp_path: Path, warehouse: str
) -> None:
    with psycopg.connect(warehouse) as connection:
        connection.execute(GRADES)
    write_referral_lists(settings, date(2019, 1, 31))
    book = openpyxl.load_workbook(tmp_path / "429004" / "2019-01-31" / f"{NAME}.xlsx")
    assert book.sheetnames == ["转办清单", "公共信用评价结果"]
    shown = [row[:6] for row in book["公共信用评价结果"].iter_rows(min_row=4, values_only=True)]
    assert shown == [
        ("样例物流", "91429004MA4KY00409", "429004", "优良中差", cycle, "差")
        for cycle in ("2018H2", "2018H1")
    ]
    assert not (tmp_path / "420100" / "2019-01-31").exists()


def test_writing_again_leaves_equal_files_alone(settings: Settings) -> None:
    first = {path: Path(path).stat().st_mtime_ns for path in write_referral_lists(settings, DAY)}
    again = {path: Path(path).stat().st_mtime_ns for path in write_referral_lists(settings, DAY)}
    assert again == first and len(first) == 4


def test_the_same_rows_give_the_same_bytes(settings: Settings, tmp_path: Path) -> None:
    first = {path: Path(path).read_bytes() for path in write_referral_lists(settings, DAY)}
    for path in first:
        Path(path).unlink()
    assert {path: Path(path).read_bytes() for path in write_referral_lists(settings, DAY)} == first

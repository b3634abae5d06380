"""Receipts: what a clerk sees, that nothing in them runs or names a person, and that they always open."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conduct_records.cli.main import main
from conduct_records.receipts.desk import check_path
from conduct_records.receipts.texts import receipt_texts
from conduct_records.receipts.write import Receipt, write_chunks
from conduct_records.validation.check import check
from tests.submissions import BOOK, DAY, FOOD, SAMPLES, as_csv, penalty, table

TEXTS = receipt_texts()
ERRORS = SAMPLES / "inbox" / "2019-01-29" / "420600" / "行政处罚决定.csv"


def receipts(path, out, name=None):
    checked = check(path, name or path.name, "420600", DAY, BOOK)
    workbook, machine = write_chunks(Receipt(checked, str(out), BOOK), checked)
    return openpyxl.load_workbook(workbook), json.loads(Path(machine).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def errors(tmp_path_factory):
    return receipts(ERRORS, tmp_path_factory.mktemp("receipts"))


def test_the_summary_opens_with_the_verdict_and_the_figures(errors):
    workbook, machine = errors
    sheet = workbook[TEXTS.summary_sheet]
    lines = {sheet.cell(row, 1).value: sheet.cell(row, 2).value for row in range(1, 20)}
    assert lines["结论"] == machine["verdict"] == "文件已接收，其中21行退回修改，其余数据行已入库"
    assert (lines["已接收"], lines["退回修改"], lines["文字编码"]) == (11, 21, "UTF-8（带BOM）")
    assert machine["rows"] == {"total": 34, "accepted": 11, "quarantined": 21, "duplicate": 1, "skipped": 1}


@pytest.mark.parametrize(
    ("encoding", "stated"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8（带BOM）"),
        ("gb18030", "GB18030（含GBK）"),
        ("utf-16", "UTF-16LE"),
    ],
)
def test_the_encoding_is_stated(tmp_path, encoding, stated):
    path = tmp_path / "x.csv"
    path.write_bytes(as_csv(table(penalty()), encoding))
    workbook, _ = receipts(path, tmp_path / "out")
    assert ("文字编码", stated) in [line[:2] for line in workbook[TEXTS.summary_sheet].values]


def test_rows_stand_under_the_submitters_own_headers(errors):
    sheet = errors[0][TEXTS.rows_sheet]
    header = [cell.value for cell in sheet[1]]
    assert header[:4] == ["原文件行号", "处理结果", "问题与修改建议", "行政相对人名称"]
    assert sheet.max_row == 1 + 33


def test_a_bad_cell_is_coloured_and_says_why(errors):
    sheet = errors[0][TEXTS.rows_sheet]
    header = [cell.value for cell in sheet[1]]
    row = next(line for line in sheet.iter_rows(min_row=2) if line[0].value == 13)
    cell = row[header.index("罚款金额(万元)")]
    assert (cell.value, cell.fill.fgColor.rgb) == ("2000", "FFF8CBAD")
    assert "元与万元混淆" in cell.comment.text
    assert "元与万元混淆" in row[2].value
    assert row[1].value == "退回修改"
    assert row[header.index("行政相对人名称")].comment is None


def test_every_issue_is_in_the_machine_receipt(errors):
    _, machine = errors
    assert len(machine["issues"]) == 32 + 1 + 2
    assert {
        "file_id",
        "row_no",
        "field",
        "issue_code",
        "severity",
        "responsibility",
        "value",
        "message",
        "suggestion",
    } == set(machine["issues"][0])


def test_no_resident_id_is_in_a_receipt(errors, tmp_path):
    workbook, machine = errors
    cells = [
        str(cell.value) for sheet in workbook for line in sheet.iter_rows() for cell in line if cell.value
    ]
    for text in (*cells, json.dumps(machine, ensure_ascii=False)):
        assert "190001" not in text
        assert "pid" not in text


def test_a_refused_file_gets_its_reason(tmp_path):
    path = SAMPLES / "inbox" / "2019-01-30" / "420100" / "行政处罚决定.xlsx"
    workbook, machine = receipts(path, tmp_path)
    assert machine["state"] == "refused" and machine["refusal"] == "unreadable"
    assert "无法打开" in workbook[TEXTS.summary_sheet]["B1"].value
    assert TEXTS.rows_sheet not in workbook.sheetnames


def test_a_refusal_stands_for_all_that_was_found_before_it(tmp_path, monkeypatch):
    monkeypatch.setattr("conduct_records.intake.jsonlines._CHUNK_ROWS", 1)
    path = tmp_path / "x.jsonl"
    rows = [penalty(行政相对人名称=""), penalty(备注="样" * 200_000)]
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    workbook, machine = receipts(path, tmp_path / "out")
    assert [issue["issue_code"] for issue in machine["issues"]] == ["cell_too_long"]
    told = [cell for line in workbook[TEXTS.summary_sheet].values for cell in line]
    assert TEXTS.issue_counts_title not in told and "required" not in told
    assert workbook.sheetnames == [TEXTS.summary_sheet]


@pytest.mark.parametrize("start", [*list("=+-@\t\r"), "=cmd|' /C calc'!A0", "http://example.com", "{=1+1}"])
def test_no_cell_becomes_a_formula(tmp_path, start):
    path = tmp_path / "x.csv"
    row = penalty(备注=start + "1+1", 违法事实=start + "SUM(A1)") | {start + "1+2": start + "1+3"}
    path.write_bytes(as_csv(table(row)))
    workbook, _ = receipts(path, tmp_path / "out")
    for sheet in workbook:
        assert {cell.data_type for line in sheet.iter_rows() for cell in line} <= {"s", "n"}


@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30), min_size=1, max_size=4
    )
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_receipts_open_whatever_stands_in_the_cells(tmp_path, texts):
    path = tmp_path / "x.csv"
    path.write_bytes(as_csv(table(*(penalty(备注=text, 行政相对人名称=text) for text in texts))))
    workbook, machine = receipts(path, tmp_path / "out")
    assert TEXTS.summary_sheet in workbook.sheetnames
    assert machine["file_name"] == "x.csv"


def test_a_receipt_is_named_after_the_file_whatever_its_name(tmp_path):
    checked = check(ERRORS, "../../etc/passwd", "420600", DAY, BOOK)
    paths = write_chunks(Receipt(checked, str(tmp_path / "out"), BOOK), checked)
    assert all(str(tmp_path / "out") in path for path in paths)
    assert len(list((tmp_path / "out").iterdir())) == 2


def test_a_long_file_gives_back_only_rows_with_findings(tmp_path, monkeypatch):
    monkeypatch.setattr("conduct_records.receipts.spool.WHOLE_FILE_ROWS", 3)
    rows = [penalty(行政处罚决定书文号=f"样例罚〔2018〕{n}号") for n in range(6)]
    rows[4]["处罚决定日期"] = "昨天"
    path = tmp_path / "x.csv"
    path.write_bytes(as_csv(table(*rows)))
    workbook, _ = receipts(path, tmp_path / "out")
    sheet = workbook[TEXTS.rows_sheet]
    assert "只列出有问题的行" in sheet["A1"].value
    assert [sheet.cell(3, 1).value, sheet.max_row] == [6, 3]


def test_bytes_that_were_taken_before_get_a_note_and_their_receipts(tmp_path):
    checked = check(ERRORS, ERRORS.name, "420600", DAY, BOOK)
    paths = Receipt(checked, str(tmp_path), BOOK).known()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        path.rsplit("/", 1)[1] for path in paths
    )
    assert BOOK.issues["file_seen"].message in Path(paths[2]).read_text(encoding="utf-8")
    again = check(ERRORS, ERRORS.name, "420600", DAY, BOOK)
    Receipt(again, str(tmp_path), BOOK).known()
    assert again.totals.rows == 0  # the receipts were there: nothing was read again


def test_the_desk_tells_whether_someone_must_act(tmp_path):
    good = tmp_path / "good.csv"
    good.write_bytes(as_csv(table(penalty())))
    assert not check_path(good).has_issues
    assert check_path(ERRORS, unit="420600", data_date=date(2019, 1, 29)).has_issues
    with pytest.raises(FileNotFoundError):
        check_path(tmp_path / "none.csv")
    with pytest.raises(ValueError, match="no submission kind"):
        check_path(good, kind="nothing")


def test_the_desk_tells_in_the_receipts_words(tmp_path, capsys):
    path = tmp_path / "two.csv"
    nameless = penalty(行政相对人名称="") | {"录入人": "样例"}
    path.write_bytes(as_csv(table(nameless, nameless)))
    assert main(["check", str(path)]) == 1
    told = capsys.readouterr().out.splitlines()
    assert told[told.index("必填项缺失：2条（required）") + 1] == (
        "  第2行【错误】行政相对人名称未填写。请补填行政相对人名称"
    )
    assert told[-2:] == [
        "模板外栏目：1条（unknown_column）",
        "  【提示】表头“录入人”不在模板内，内容已原样保留。若为新增栏目，请联系信用信息中心登记",
    ]


def test_the_desk_does_not_import_great_expectations(tmp_path):
    program = (
        "import sys; from pathlib import Path; from conduct_records.receipts.desk import check_path;"
        f"check_path(Path({str(ERRORS)!r}), receipt_dir=Path({str(tmp_path)!r}));"
        "sys.exit('great_expectations' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True, env={"PYTHONPATH": "plugins", "PATH": ""})


ABNORMAL = {
    "企业名称": "襄阳样例食品有限公司",
    "统一社会信用代码": FOOD,
    "列入日期": "2018-07-10",
    "列入原因": "未按规定公示年度报告",
    "列入机关": "襄阳市市场监督管理局",
}


@pytest.mark.parametrize(
    ("rows", "asks_for"),
    [
        (
            table(penalty(), penalty(行政处罚决定书="样例襄市监罚〔2018〕2号", 处罚决定日期="无")),
            "已接收的行不必再报",
        ),
        (table(ABNORMAL, ABNORMAL | {"列入日期": "无"}), "重新报送整个文件（含已接收的行）"),
    ],
    ids=["delta", "replace"],
)
def test_a_receipt_says_whether_the_corrected_rows_or_the_whole_file_is_sent_again(tmp_path, rows, asks_for):
    """B6, B8: of a list told as a whole, the corrected rows alone would take the place of all others."""
    path = tmp_path / "x.csv"
    path.write_bytes(as_csv(rows))
    workbook, machine = receipts(path, tmp_path / "out")
    assert machine["rows"]["quarantined"] == 1
    assert any(asks_for in str(cell) for line in workbook[TEXTS.summary_sheet].values for cell in line)

"""Files as they come: formats, encodings, layouts, and hostile ones, each refused with its own reason."""

import datetime as dt
import io
import json
import zipfile

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conduct_records.intake.delimited import DelimitedSheet
from conduct_records.intake.limits import Limits
from conduct_records.intake.refusal import Refused
from conduct_records.intake.sniff import sniff
from conduct_records.intake.workbook import as_text
from tests.submissions import BOOK, FOOD, as_csv, examine, examine_bytes, examine_rows, penalty, table

GOOD = table(penalty())


def as_xlsx(lines, prepare=None):
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        if prepare:
            prepare(workbook, sheet)
        for row, line in enumerate(lines):
            for column, cell in enumerate(line):
                if cell not in {"", None}:
                    sheet.write(row, column, cell) if not isinstance(cell, str) else sheet.write_string(
                        row, column, cell
                    )
    return content.getvalue()


def as_zip(**members):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return content.getvalue()


@pytest.mark.parametrize(
    ("encoding", "mark", "stated"),
    [
        ("utf-8", "", "utf-8"),
        ("utf-8-sig", "", "utf-8-sig"),
        ("gb18030", "", "gb18030"),
        ("gbk", "", "gb18030"),
        ("utf-16-le", "\ufeff", "utf-16-le"),
        ("utf-16-le", "", "utf-16-le"),
    ],
)
def test_encodings_are_told_by_evidence(tmp_path, encoding, mark, stated):
    rows = table(penalty(违法事实="在硚口区销售"))
    content = (mark + as_csv(rows).decode()).encode(encoding)
    outcome = examine_bytes(tmp_path, content)
    assert (outcome.refusal, outcome.checked.encoding) == (None, stated)
    assert outcome.evidence[0]["violation_facts"] == "在硚口区销售"
    assert outcome.evidence[0]["party_name"] == "襄阳样例食品有限公司"


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_separator_is_told_by_the_rows_it_makes(tmp_path, delimiter):
    rows = [
        penalty(违法事实="，".join("1,2;3,4;5,6;7,8;9|0;1,2,3,4;5,6;7|8;9,0" * 3)),
        penalty(行政处罚决定书文号="2号"),
    ]
    outcome = examine_bytes(tmp_path, as_csv(table(*rows), delimiter=delimiter))
    assert (outcome.refusal, outcome.counts) == (None, (2, 0, 0, 0))


def test_a_workbook_gives_what_a_text_file_gives(tmp_path):
    text = examine_bytes(tmp_path, as_csv(GOOD))
    book = examine_bytes(tmp_path, as_xlsx(GOOD), "submission.xlsx")
    lines = examine_bytes(tmp_path, json.dumps(penalty(), ensure_ascii=False).encode(), "submission.jsonl")
    first = {k: v for k, v in text.evidence[0].items() if k != "row_no"}
    for other in (book, lines):
        assert {k: v for k, v in other.evidence[0].items() if k != "row_no"} == first


def test_title_rows_legends_and_blank_rows_are_no_data(tmp_path):
    header, row = map(list, GOOD)
    blank = [""] * len(header)
    lines = [
        ["公示表", *blank[1:]],
        header,
        row,
        blank,
        ["表格说明：单位为万元", *blank[1:]],
        ["1.如实填写", *blank[1:]],
    ]
    outcome = examine_bytes(tmp_path, as_csv(lines))
    assert outcome.counts == (1, 0, 0, 3)
    assert outcome.evidence[0]["row_no"] == 3
    assert outcome.codes == ["legend_row"]
    assert "第5-6行" in str(outcome.checked.file_issues["message"])


def test_a_header_of_two_rows_with_groups(tmp_path):
    header, row = map(list, GOOD)
    groups = ["主体信息", "", "", "", "", "", "", "", "处罚信息", *[""] * (len(header) - 9)]
    groups[0], header[0] = header[0], ""
    outcome = examine_bytes(tmp_path, as_csv([groups, header, row]))
    assert outcome.refusal is None
    assert outcome.evidence[0]["party_name"] == "襄阳样例食品有限公司"


def test_a_second_header_row_in_codes(tmp_path):
    header, row = map(list, GOOD)
    codes = {"行政相对人名称": "CF_XDR_MC", "行政处罚决定书文号": "CF_WSH", "处罚决定日期": "CF_JDRQ"}
    outcome = examine_bytes(tmp_path, as_csv([header, [codes.get(name, "") for name in header], row]))
    assert outcome.counts == (1, 0, 0, 0)


def test_header_variants_mean_the_same(tmp_path):
    header, row = map(list, GOOD)
    header[2], header[4], header[14] = (
        "行政相对人代码＿1 （统一社会信用代码） ",
        "行政相对人代码_3",
        "罚款金额（万元）",
    )
    outcome = examine_bytes(tmp_path, as_csv([header, row]))
    assert outcome.codes == []
    assert outcome.evidence[0]["party_code"] == FOOD


def test_the_template_of_2017_is_told_by_its_headers(tmp_path):
    row = {
        "行政相对人名称": "襄阳样例食品有限公司",
        "行政处罚决定书文号": "样例罚〔2017〕1号",
        "处罚名称": "样例",
        "处罚类别1": "罚款",
        "处罚事由": "样例",
        "处罚依据": "样例",
        "行政相对人代码_1 (统一社会信用代码)": FOOD,
        "行政相对人代码_2 (组织机构代码)": "MA4KY0024",
        "行政相对人代码_3 (工商登记码)": "420600000123458",
        "行政相对人代码_5 (居民身份证号)": "",
        "法定代表人姓名": "样例乙",
        "处罚结果": "罚款2000元",
        "处罚决定日期": "2017.5.7",
        "处罚机关": "襄阳市工商局",
        "当前状态": "0",
        "地方编码": "420600",
        "数据更新时间戳": "2017/5/8",
        "备注": "",
    }
    outcome = examine_rows(tmp_path, row)
    assert (outcome.checked.template, outcome.codes) == ("2017", [])
    evidence = outcome.evidence[0]
    assert (evidence["party_org_code"], evidence["party_registration_no"]) == ("MA4KY0024", "420600000123458")
    assert (evidence["penalty_content"], evidence["fine_yuan"], evidence["status_code"]) == (
        "罚款2000元",
        None,
        "normal",
    )


def test_unknown_columns_are_kept_and_reported(tmp_path):
    outcome = examine_rows(tmp_path, penalty() | {"录入人": "样例", "序号": "1"})
    assert outcome.issues == [(None, None, "unknown_column")]
    assert json.loads(outcome.evidence[0]["extra"]) == {"录入人": "样例", "序号": "1"}


def test_a_missing_required_column_refuses_with_its_name(tmp_path):
    row = penalty()
    del row["处罚机关"], row["违法事实"]
    outcome = examine_rows(tmp_path, row)
    assert outcome.refusal == "missing_required_column"
    assert {"处罚机关", "违法事实"} <= set(outcome.checked.refusal.detail.split("、"))


@pytest.mark.parametrize("header", ["CF_WSH", "★行政处罚决定书文号（必填）", "9、行政处罚决定书文号"])
def test_two_columns_of_one_meaning_refuse(tmp_path, header):
    assert examine_rows(tmp_path, penalty() | {header: "样例"}).refusal == "ambiguous_column"


def test_a_stranger_is_refused(tmp_path):
    refusal = examine_bytes(tmp_path, as_csv([["甲", "乙"], ["1", "2"]])).checked.refusal
    assert (refusal.code, refusal.value) == ("unknown_template", BOOK.vocabulary.no_template)


def test_numbers_in_workbooks_are_texts_or_damaged():
    assert [as_text(value) for value in (1.0, 0.2, 420600.0, 91420600000000000.0, 9.14206e17)] == [
        "1", "0.2", "420600", "9.14206E+16", "9.14206E+17",
    ]  # fmt: skip
    assert as_text(dt.datetime(2018, 7, 2)) == "2018-07-02"


def test_a_sheet_that_begins_lower_keeps_its_row_numbers(tmp_path):
    lines = [[], [], *[["", *line] for line in GOOD]]
    outcome = examine_bytes(tmp_path, as_xlsx(lines), "submission.xlsx")
    assert [row["row_no"] for row in outcome.evidence] == [4]


def test_merged_cells_are_said(tmp_path):
    lines = [*GOOD, [""] * len(GOOD[0])]
    lines[2][1:] = GOOD[1][1:]
    merged = openpyxl.load_workbook(io.BytesIO(as_xlsx(lines)))
    merged.active.merge_cells("A2:A3")
    content = io.BytesIO()
    merged.save(content)
    outcome = examine_bytes(tmp_path, content.getvalue(), "submission.xlsx")
    assert "merged_cells" in outcome.codes
    assert (3, "party_name", "required") in outcome.issues


LOCKED = b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600


def far_cells(place, stated=None):
    """A workbook of a few hundred bytes whose second cell is far away: readers make room for all between."""
    cells = f'<row r="1"><c r="A1"><v>1</v></c></row><row><c r="{place}"><v>1</v></c></row>'
    says = f'<dimension ref="{stated}"/>' if stated else ""
    return as_zip(
        **{"xl/worksheets/sheet1.xml": f"<worksheet>{says}<sheetData>{cells}</sheetData></worksheet>"}
    )


HOSTILE = {
    "empty": (b"", "x.csv", "empty_file"),
    "blank": (b"  \r\n \r\n", "x.csv", "empty_file"),
    "header only": (as_csv(GOOD[:1]), "x.csv", "no_rows"),
    "truncated": (as_xlsx(GOOD)[:3000], "x.xlsx", "unreadable"),
    "wrong extension": (as_xlsx(GOOD), "x.csv", "wrong_extension"),
    "html as xls": (b"<html><table></table></html>", "x.xls", "unsupported_format"),
    "pdf": (b"%PDF-1.4 ...", "x.pdf", "unsupported_format"),
    "other zip": (as_zip(a="1"), "x.xlsx", "unsupported_format"),
    "zip bomb": (as_zip(**{"xl/workbook.xml": "0" * 20_000_000}), "x.xlsx", "zip_bomb"),
    "entity": (
        as_zip(**{"xl/workbook.xml": "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}),
        "x.xlsx",
        "xml_entity",
    ),
    "path trick inside": (as_zip(**{"xl/a.xml": "", "../../etc/passwd": "x"}), "x.xlsx", "unsafe_name"),
    "nul": (as_csv(GOOD) + b"\x00", "x.csv", "nul_bytes"),
    "mixed encodings": (as_csv(GOOD) + as_csv(GOOD[1:], "gb18030"), "x.csv", "mixed_encoding"),
    "no encoding": (b"a,b\n\xff\xff\xff\xff\xff,1\n", "x.csv", "unknown_encoding"),
    "a million columns": (("甲," * 1_000_000).encode() + b"\n", "x.csv", "too_many_columns"),
    "as many columns as a sheet can have": (far_cells("XFD1"), "x.xlsx", "too_many_columns"),
    "two cells far apart": (far_cells("IV1048576"), "x.xlsx", "too_large"),
    "two cells far apart, denied": (far_cells("IV1048576", "A1:C2"), "x.xlsx", "too_large"),
    "a locked workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + LOCKED, "x.xlsx", "encrypted"),
    "many columns": (("甲," * 400).encode() + b"\n", "x.csv", "too_many_columns"),
    "endless quote": (as_csv(GOOD) + b'"' + b"a" * 9_000_000, "x.csv", "cell_too_long"),
    "no json": (b'{"a": \n', "x.jsonl", "unreadable"),
    "ole without a book": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "x.xls", "unreadable"),
}


@pytest.mark.parametrize("case", sorted(HOSTILE))
def test_hostile_files_are_refused_with_their_own_reason(tmp_path, case):
    content, name, reason = HOSTILE[case]
    outcome = examine_bytes(tmp_path, content, name)
    assert outcome.refusal == reason
    [told] = [row for row in outcome.checked.file_issues.to_pylist() if row["issue_code"] == reason]
    assert told["message"] and told["suggestion"] and "{" not in told["message"]


@pytest.mark.parametrize(
    "name", ["../x.csv", "a/b.csv", "x\x00.csv", "..", "C:\\x.csv", "", "x\u202excod.csv", "x\u2028.csv"]
)
def test_names_that_reach_elsewhere_or_hide_something_are_refused(tmp_path, name):
    path = tmp_path / "x.csv"
    path.write_bytes(as_csv(GOOD))

    assert examine(path, name=name).refusal == "unsafe_name"


def test_a_file_over_the_limit_is_refused(tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes(b"a,b\n")
    with pytest.raises(Refused, match="too_large"):
        sniff(path, "x.csv", Limits(file_bytes=2))


@pytest.mark.parametrize("harm", ["\x00", "\ud800"])
def test_what_no_table_holds_is_damage_and_stops_no_file(tmp_path, harm):
    """JSON writes NUL and half characters with plain letters, and the database takes neither."""
    text = json.dumps({**penalty(违法事实=f"食品{harm}标签"), f"附{harm}注": [harm]})
    outcome = examine_bytes(tmp_path, text.encode(), "submission.jsonl")
    [row] = outcome.evidence + outcome.quarantine
    assert "mojibake" in outcome.codes
    assert "食品\ufffd标签" in str(row)
    assert "附\ufffd注" in str(row)


def test_a_workbook_may_escape_what_no_table_holds(tmp_path):
    with zipfile.ZipFile(io.BytesIO(as_xlsx(table(penalty(违法事实="食品MARK标签"))))) as book:
        parts = {name: book.read(name).replace(b"MARK", b"_x0000_") for name in book.namelist()}
    outcome = examine_bytes(tmp_path, as_zip(**parts), "submission.xlsx")
    assert "mojibake" in outcome.codes
    assert "食品\ufffd标签" in str(outcome.evidence + outcome.quarantine)


def test_two_keys_of_a_line_that_damage_makes_equal_are_told(tmp_path):
    lines = [json.dumps(each) for each in (penalty(), {**penalty(), "附\x00": "1", "附\ud800": "2"})]
    assert "bad_line" in examine_bytes(tmp_path, "\n".join(lines).encode(), "submission.jsonl").codes


@given(st.binary(max_size=400), st.sampled_from(["x.csv", "x.xlsx", "x.xls", "x.jsonl", "x"]))
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_give_rows_or_a_refusal(tmp_path, content, name):
    outcome = examine_bytes(tmp_path, content, name)
    assert outcome.refusal or outcome.checked.totals.rows


WHOLE = [(as_xlsx(GOOD), "x.xlsx"), (as_csv(GOOD), "x.csv"), (as_csv(GOOD, "gb18030"), "x.csv")]


@given(st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damaged_files_give_rows_or_a_refusal(tmp_path, data):
    whole, name = data.draw(st.sampled_from(WHOLE))
    place = data.draw(st.integers(0, len(whole) - 1))
    content = (
        whole[:place] + data.draw(st.binary(max_size=8)) + whole[place + data.draw(st.integers(0, 40)) :]
    )
    outcome = examine_bytes(tmp_path, content, name)
    assert outcome.refusal or outcome.checked.totals.rows


@pytest.mark.parametrize("block", [200, 500, 2_000, 100_000])
@pytest.mark.parametrize("chunk", [1, 1_500, 1 << 20])
def test_rows_of_another_width_keep_their_numbers_across_blocks(tmp_path, block, chunk):
    wide = {3, 4, 17, 18, 60, 99, 100}
    lines = [["name", "code"], *([f"n{row}", "c", *(["more"] * (row in wide))] for row in range(2, 101))]
    path = tmp_path / "table.csv"
    path.write_bytes(as_csv(lines))
    sheet = DelimitedSheet(path, "utf-8", Limits(block_bytes=block, chunk_bytes=chunk))
    chunks = list(sheet.chunks(1, 2))
    assert sum(len(one.row_no) for one in chunks) + len(wide) == 99
    assert [row.row_no for chunk in chunks for row in chunk.broken] == sorted(wide)
    for chunk in chunks:
        assert chunk.columns[0].to_pylist() == [f"n{row}" for row in chunk.row_no.to_pylist()]


@pytest.mark.parametrize("block", [200, 100_000])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16-le"])
def test_rows_whose_end_was_left_out_stand_in_their_places(tmp_path, block, encoding):
    short, cut = set(range(17, 90)), {5, 95}
    lines = [["名称", "code", "note"]]
    for row in range(2, 101):
        lines.append([f"n{row}", "c"] if row in short else [""] if row in cut else [f"n{row}", "c", ""])
    path = tmp_path / "table.csv"
    path.write_bytes(as_csv(lines, encoding))
    sheet = DelimitedSheet(path, encoding, Limits(block_bytes=block, chunk_bytes=1))
    chunks = list(sheet.chunks(1, 3))
    read = [
        (row, name)
        for one in chunks
        for row, name in zip(one.row_no.to_pylist(), one.columns[0].to_pylist(), strict=True)
    ]
    assert read == [(row, f"n{row}") for row in range(2, 101) if row not in cut]
    assert [row.row_no for one in chunks for row in one.broken] == sorted(cut)

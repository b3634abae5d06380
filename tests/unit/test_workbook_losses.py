"""What a workbook holds and no row says: errors, formulas not computed, a second sheet of rows (B2, B10)."""

import io

import openpyxl
import pytest

from conduct_records.receipts.desk import check_path
from conduct_records.receipts.summary import verdict
from conduct_records.receipts.texts import receipt_texts
from tests.submissions import FOOD, as_csv, examine_bytes, penalty, table
from tests.unit.test_intake import GOOD, as_xlsx


def test_errors_and_formulas_that_nobody_computed_are_no_empty_cells(tmp_path):
    header, row = GOOD
    book = openpyxl.Workbook()
    for line in (header, row, row, row, [None] * len(row)):
        book.active.append(line)
    book.create_sheet("说明").append(["请按要求填写"])
    place = header.index("公示截止期") + 1
    for row_no, shown in ((2, "#REF!"), (3, "=A1"), (5, "#N/A")):
        book.active.cell(row_no, place, shown)
    book.active.cell(4, header.index("行政处罚决定书文号") + 1, "样例襄市监罚〔2018〕2号")
    book.move_sheet("说明", -1)
    content = io.BytesIO()
    book.save(content)
    outcome = examine_bytes(tmp_path, content.getvalue(), "submission.xlsx")
    assert [row["row_no"] for row in outcome.evidence] == [4]
    assert [issue for issue in outcome.issues if issue[0]] == [
        (2, "display_until_on", "date_format"),
        (3, "display_until_on", "date_format"),
    ]
    assert outcome.counts == (1, 2, 0, 1)  # nothing but an error is no row


def test_hidden_and_further_sheets_are_named_not_read(tmp_path):
    def prepare(workbook, sheet):
        hidden = workbook.add_worksheet("旧数据")
        hidden.write_string(0, 0, "x")
        hidden.hide()
        workbook.add_worksheet("说明").write_string(0, 0, "请按要求填写")

    outcome = examine_bytes(tmp_path, as_xlsx(GOOD, prepare), "submission.xlsx")
    assert outcome.counts == (1, 0, 0, 0)
    assert outcome.codes == ["hidden_sheet", "other_sheet"]


@pytest.mark.parametrize("columns", [len(GOOD[0]), len(GOOD[0]) - 5])
def test_rows_on_a_second_sheet_are_missed_aloud(tmp_path, columns):
    def prepare(workbook, sheet):
        for name, lines in (("二月", [line[:columns] for line in GOOD]), ("空表", GOOD[:1])):
            second = workbook.add_worksheet(name)
            for row, line in enumerate(lines):
                second.write_row(row, 0, line)

    path = tmp_path / "submission.xlsx"
    path.write_bytes(as_xlsx(GOOD, prepare))
    found = check_path(path)
    assert found.has_issues and found.issues["unread_table"] == 1
    assert "二月" in str(found.checked.file_issues["message"])
    assert "没有读取" in verdict(found.checked, receipt_texts())


def test_rows_above_the_header_are_not_left_out(tmp_path):
    rows = table(*(penalty(行政处罚决定书文号=f"样例罚〔2018〕{number}号") for number in range(4)))
    title = ["襄阳市行政处罚公示表", "", "填报日期：2019-01-28", "单位：万元"]
    assert examine_bytes(tmp_path, as_csv([title, *rows])).counts == (4, 0, 0, 0)
    outcome = examine_bytes(
        tmp_path, as_csv([title, *rows[1:3], rows[0], *rows[3:]])
    )  # sorted with the header
    assert outcome.refusal == "rows_above_header"
    assert "第2-3行" in str(outcome.checked.file_issues["message"])


def test_a_table_on_top_of_another_is_not_left_out(tmp_path):
    training = {
        "培训期次": "2019年第1期",
        "培训名称": "信用修复专题培训",
        "参训主体名称": "襄阳样例食品有限公司",
        "统一社会信用代码": FOOD,
        "培训日期": "2019-01-18",
        "培训组织单位": "襄阳市发展和改革委员会",
        "培训结果": "合格",
    }
    stacked = [*table(training), [], *table(penalty())]
    assert examine_bytes(tmp_path, as_csv(stacked)).refusal == "rows_above_header"


@pytest.mark.parametrize(
    ("name", "title", "refusal"),
    [
        ("一.csv", "2019年严重违法失信企业名单", "titled_otherwise"),
        ("严重违法失信企业.csv", "", "titled_otherwise"),
        ("二.csv", "经营异常名录", None),
    ],
)
def test_a_list_of_serious_dishonesty_never_takes_the_place_of_the_abnormal_ones(
    tmp_path, name, title, refusal
):
    """F1, B8: tables of both have the same headers, and the abnormal ones are replaced as a whole."""
    entry = {
        "企业名称": "襄阳样例食品有限公司",
        "统一社会信用代码": FOOD,
        "列入日期": "2019-01-02",
        "列入原因": "提交虚假材料",
        "列入机关": "襄阳市市场监督管理局",
        "移出日期": "",
        "移出原因": "",
        "移出机关": "",
    }
    assert examine_bytes(tmp_path, as_csv([[title], *table(entry)]), name).refusal == refusal


@pytest.mark.parametrize("header", ["罚款金额（元）", "罚款金额(亿元)", "罚款金额"])
def test_an_amount_in_another_unit_or_in_none_is_not_left_out(tmp_path, header):
    row = {header if name == "罚款金额(万元)" else name: value for name, value in penalty().items()}
    outcome = examine_bytes(tmp_path, as_csv(table(row)))
    assert outcome.refusal == "unit_of_column"
    assert f"“{header}”" in str(outcome.checked.file_issues["message"])
    assert examine_bytes(tmp_path, as_csv(table(row | {"罚款金额(万元)": "0.2"}))).refusal is None


def test_hidden_rows_are_read_aloud(tmp_path):
    book = openpyxl.Workbook()
    for line in table(*(penalty(行政处罚决定书文号=f"样例罚〔2018〕{number}号") for number in range(5))):
        book.active.append(line)
    for row in (3, 4, 6, 9):  # nothing stands in the last one
        book.active.row_dimensions[row].hidden = True
    content = io.BytesIO()
    book.save(content)
    outcome = examine_bytes(tmp_path, content.getvalue(), "submission.xlsx")
    assert (outcome.counts, outcome.codes) == ((5, 0, 0, 0), ["hidden_rows"])
    assert "有3行隐藏或被筛选掉（第3-4、6行）" in str(outcome.checked.file_issues["message"])


def test_half_a_list_does_not_take_the_place_of_the_whole(tmp_path):
    institution = {
        "信用服务机构名称": "样例信用管理有限公司",
        "登记编号": "YL01",
        "登记日期": "2018-06-01",
        "登记状态": "在册",
        "登记部门": "湖北省信用信息中心",
    }
    lines = table(institution)

    def prepare(workbook, sheet):
        second = workbook.add_worksheet("二月")
        for row, line in enumerate(lines):
            second.write_row(row, 0, line)

    outcome = examine_bytes(tmp_path, as_xlsx(lines, prepare), "submission.xlsx")
    assert outcome.checked.scope == "replace" and outcome.refusal == "split_table"
    assert "“二月”" in str(outcome.checked.file_issues["message"])

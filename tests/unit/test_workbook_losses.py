"""What a workbook holds and no row says: errors, formulas not computed, a second sheet of rows (B2, B10)."""

import io

import openpyxl
import pytest

from conduct_records.receipts.desk import check_path
from conduct_records.receipts.summary import verdict
from conduct_records.receipts.texts import receipt_texts
from tests.submissions import examine_bytes
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

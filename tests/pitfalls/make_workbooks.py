"""Writes the workbooks among the pitfalls. The old ones need xlwt, which nothing else here does:

uv run --with xlwt --with xlsxwriter tests/pitfalls/make_workbooks.py
"""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))
sys.path.insert(0, str(HERE.parents[1] / "plugins"))

from tests.submissions import penalty, table  # noqa: E402

ORG_CODE, UNIFIED = "行政相对人代码_3(组织机构代码)", "行政相对人代码_1(统一社会信用代码)"
SECOND = {"行政处罚决定书文号": "样例襄市监罚〔2018〕2号"}


def write_new(name: str, lines: list[list[Any]], **more: Any) -> None:
    """One sheet, and a hidden one or merged ranges if asked."""
    with xlsxwriter.Workbook(str(HERE / name)) as book:
        book.set_properties({"created": datetime(2019, 1, 29)})
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for row, line in enumerate(lines, more.get("below", 0)):
            for column, cell in enumerate(line):
                if isinstance(cell, date):
                    sheet.write_datetime(row, column, datetime.combine(cell, datetime.min.time()), day)
                elif cell != "":
                    (sheet.write_string if isinstance(cell, str) else sheet.write_number)(row, column, cell)
        for place in more.get("merged", ()):
            sheet.merge_range(*place)
        if more.get("hidden"):
            book.add_worksheet("旧表").hide()


def write_old(name: str, lines: list[list[Any]], hidden: bool = False) -> None:
    """The same in the format of before 2007."""
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("行政处罚")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for row, line in enumerate(lines):
        for column, cell in enumerate(line):
            if isinstance(cell, date):
                sheet.write(row, column, cell, day)
            elif cell != "":
                sheet.write(row, column, cell)
    if hidden:
        book.add_sheet("旧表").visibility = 1
    book.save(str(HERE / name))


def main() -> None:
    """Write all of them."""
    good = table(penalty())
    header, row = good
    place = header.index
    write_new("merged_title_row.xlsx", good, below=1, merged=[(0, 0, 0, 5, "行政处罚信息公示表")])
    both = table(penalty(), penalty() | SECOND | {"处罚机关统一社会信用代码": ""})
    code = place("处罚机关统一社会信用代码")
    write_new("merged_cells_in_data.xlsx", both, merged=[(1, code, 2, code, both[1][code])])
    write_new("hidden_sheet.xlsx", good, hidden=True)
    typed = {"处罚决定日期": date(2018, 7, 2), "罚款金额(万元)": 0.2}
    compact = SECOND | {"处罚决定日期": 20180702}
    write_new("numbers_as_numbers.xlsx", table(penalty() | typed, penalty() | compact))
    write_new("code_as_number.xlsx", table(penalty() | {UNIFIED: 914206001234567890}))
    write_new("org_code_as_number.xlsx", table(penalty() | {ORG_CODE: 12345678}))
    write_new("date_as_serial_number.xlsx", table(penalty() | {"处罚决定日期": 43283}))
    write_old("old_workbook.xls", table(penalty() | typed))
    wrong = penalty() | SECOND | {"罚款金额(万元)": 2000}
    groups = [""] * 2 + ["行政相对人代码"] * 3 + [""] * 5 + ["处罚"] * 5 + [""] * (len(header) - 15)
    write_old("old_workbook_two_header_rows.xls", [groups, header, row, table(wrong)[1]], hidden=True)


if __name__ == "__main__":
    main()

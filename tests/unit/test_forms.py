"""A clerk who is told to take the template finds one; what is filled into it is accepted (B1, B2)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from conduct_records.cli.main import main
from conduct_records.contracts.book import load_contracts
from conduct_records.receipts.form import write_form
from conduct_records.validation.check import check
from tests.submissions import penalty

BOOK = load_contracts()
FORMS = [(kind, one.code) for kind, contract in BOOK.contracts.items() for one in contract.use.templates]


@pytest.mark.parametrize(("kind", "code"), FORMS)
def test_every_blank_form_is_told_as_its_own_template(kind: str, code: str, tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    write_form(kind, code, BOOK, str(path))
    book = openpyxl.load_workbook(path)
    for column in range(1, book.active.max_column + 1):
        book.active.cell(2, column, "样例")
    book.save(path)
    checked = check(path, path.name, "HB-AMR", date(2019, 1, 28), BOOK)
    assert (checked.kind, checked.template) == (kind, code)


def test_a_filled_form_is_accepted_whole(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    assert main(["form", "penalty_decision", str(path)]) == 0
    book = openpyxl.load_workbook(path)
    sheet = book.active
    row = penalty()
    for cell in sheet[1]:
        sheet.cell(2, cell.column, row.get(cell.value))
    assert {each.number_format for each in sheet.column_dimensions.values()} == {"@"}
    book.save(path)
    checked = check(path, path.name, "420600", date(2019, 1, 28), BOOK)
    list(checked.chunks())
    assert (checked.totals.rows, checked.totals.accepted) == (1, 1)


def test_a_form_says_what_is_required_and_offers_the_codes(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    write_form("penalty_decision", "2018", BOOK, str(path))
    sheet = openpyxl.load_workbook(path).active
    told = {cell.value: cell.comment.text for cell in sheet[1]}
    assert told["行政相对人名称"] == "必填"
    assert (
        "个体工商户" in told["行政相对人类别"]
        and "个体工商户" in sheet.data_validations.dataValidation[0].formula1
    )


def test_an_unknown_form_is_wrong_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["form", "nothing", str(tmp_path / "form.xlsx")]) == 2
    assert "penalty_decision" in capsys.readouterr().err
    assert main(["form", "penalty_decision", str(tmp_path / "form.xlsx"), "--template", "1999"]) == 2

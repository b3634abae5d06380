"""Blank forms: the headers of a kind as a workbook that a clerk fills in, every cell text."""

from __future__ import annotations

from typing import Any

import xlsxwriter

from conduct_records.contracts.book import ContractBook
from conduct_records.contracts.model import Contract, Template
from conduct_records.contracts.wording import listed
from conduct_records.receipts.texts import receipt_texts

WIDTH = 20
HEIGHT = 45  # points; stated, since not every program fits a row to its wrapped text
HEADS = {True: "#F8CBAD", False: "#D9D9D9"}  # required, optional
LAST_ROW = 1_048_575
MOST_OF_A_LIST = 255  # characters that a spreadsheet takes as the choices of a cell


def write_form(kind: str, code: str | None, book: ContractBook, path: str) -> str:
    """Write the blank form of one template, the first where `code` is None; returns its label.

    A required column is marked, a comment says what may stand in it, and a cell of one code offers the
    choices. Cells are text: a long number in them keeps all its digits. Source: requirements B1, B2.

    Raises:
        ValueError: there is no such kind or template.
    """
    if (contract := book.contracts.get(kind)) is None:
        raise ValueError(f"no submission kind {kind}; there are {', '.join(book.contracts)}")
    template = next((one for one in contract.use.templates if code in (None, one.code)), None)
    if template is None:
        known = ", ".join(one.code for one in contract.use.templates)
        raise ValueError(f"no template {code} of {kind}; there are {known}")
    with xlsxwriter.Workbook(path) as workbook:
        _fill(workbook, contract, template, book)
    return template.label


def _fill(workbook: Any, contract: Contract, template: Template, book: ContractBook) -> None:
    sheet = workbook.add_worksheet(contract.object.label[:31])
    text = workbook.add_format({"num_format": "@"})
    heads = {
        is_required: workbook.add_format({"bold": True, "border": 1, "text_wrap": True, "bg_color": colour})
        for is_required, colour in HEADS.items()
    }
    for place, name in enumerate(template.columns):
        field, choices = contract.fields[name], _choices(contract, name, book)
        sheet.set_column(place, place, WIDTH, text)
        sheet.write_string(0, place, contract.headers(template, name)[0], heads[field.required])
        sheet.write_comment(0, place, _told(field.required, choices), {"x_scale": 2})
        is_single = field.use.codes and not field.use.codes.multiple
        if is_single and len(",".join(choices)) <= MOST_OF_A_LIST:
            sheet.data_validation(1, place, LAST_ROW, place, {"validate": "list", "source": choices})
    sheet.freeze_panes(1, 0)
    sheet.set_row(0, HEIGHT)
    sheet.set_landscape()


def _choices(contract: Contract, name: str, book: ContractBook) -> list[str]:
    use = contract.fields[name].use.codes
    return list(book.codes[use.list].codes.values()) if use else []


def _told(is_required: bool, choices: list[str]) -> str:
    texts = receipt_texts().form
    told = texts["required" if is_required else "optional"]
    return told + (texts["choices"].format(choices=listed(choices)) if choices else "")

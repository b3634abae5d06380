"""The check of one file: by the file and its contract alone (decision 4), in bounded chunks (decision 10)."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date
from pathlib import Path

from conduct_records.contracts.book import ContractBook
from conduct_records.intake.decode import file_facts
from conduct_records.intake.doubts import refuse_misnamed
from conduct_records.intake.headers import official
from conduct_records.intake.layout import Layout, find_layout
from conduct_records.intake.opening import open_sheets
from conduct_records.intake.refusal import Refused
from conduct_records.intake.sheets import Sheet
from conduct_records.intake.sniff import check_name, sniff
from conduct_records.validation.checked import Checked
from conduct_records.validation.chunks import ChunkChecker
from conduct_records.validation.issues import IssueRows
from conduct_records.validation.vault import Tokeniser, masked_numbers


def check(
    path: Path,
    file_name: str,
    unit_code: str,
    data_date: date,
    book: ContractBook,
    *,
    kind: str | None = None,
    tokeniser: Tokeniser | None = None,
) -> Checked:
    """Open a file, find its kind and layout, and prepare the check of its rows. Never raises Refused.

    Without a tokeniser, tokens mean nothing outside this call. Source: requirements B2 to B10.
    """
    tokeniser = tokeniser or Tokeniser.ephemeral()
    issues = IssueRows("", book, {}, tokeniser)
    checked = Checked(path, file_name, unit_code, data_date, book.version, tokeniser, issues, kind=kind)
    try:
        _open(checked, book)
    except Refused as refused:
        checked.refuse(refused)
    return checked


def _open(checked: Checked, book: ContractBook) -> None:
    facts = file_facts(checked.path)
    checked.sha256, checked.byte_count = facts.sha256, facts.size
    check_name(checked.file_name)
    checked.format = sniff(checked.path, checked.file_name)
    sheets = open_sheets(checked.path, checked.format)
    sheet, layout = _choose(sheets, book, checked.kind)
    if checked.kind is None:
        titles = itertools.chain(*sheet.head[: layout.header_row - 1])
        refuse_misnamed(layout.contract, (checked.file_name, sheet.name, *titles))
    # headers and the sheet's name are kept and told
    layout = replace(layout, headers=[masked_numbers(text) for text in layout.headers])
    checked.kind, checked.template = layout.contract.id, layout.template.code
    checked.contract_version = book.version_of(checked.kind)
    checked.scope, checked.encoding = layout.contract.use.scope, sheet.encoding
    checked.sheet = masked_numbers(sheet.name)
    checked.layout, checked.source = layout, sheet
    issues = checked.issues = IssueRows(checked.file_id, book, _labels(layout), checked.tokeniser)
    for finding in (*sheet.findings, *layout.findings):
        if finding.last_row is None or finding.last_row > layout.header_row:
            issues.add(finding.issue, [None], [finding.value or None], details=finding.detail)
    for other in sheets:
        if other is not sheet and any(map(any, other.head)):
            code = _left_out(other, book, checked.kind)
            if code == "unread_table" and checked.scope == "replace":
                raise Refused("split_table", value=other.name)  # half a list would take the whole one's place
            issues.add(code, [None], [other.name])
    checked.file_issues = issues.table()
    checked.checker = ChunkChecker(layout, book, checked.data_date, checked.tokeniser, issues)


def _choose(sheets: list[Sheet], book: ContractBook, kind: str | None) -> tuple[Sheet, Layout]:
    """The first sheet that fits a template; if none does, why the first one with content does not."""
    refusal: Refused | None = None
    for sheet in sheets:
        if not any(map(any, sheet.head)):
            continue
        try:
            return sheet, find_layout(sheet.head, book, kind)
        except Refused as refused:
            refusal = refusal or refused
    raise refusal or Refused("empty_file")


def _left_out(sheet: Sheet, book: ContractBook, kind: str) -> str:
    """What to say of a sheet that is not read: rows under a known header are rows that somebody will miss."""
    try:
        header_row = find_layout(sheet.head, book, kind).header_row
    except Refused as refused:
        return "other_sheet" if refused.code == "unknown_template" else "unread_table"
    return "unread_table" if any(map(any, sheet.head[header_row:])) else "other_sheet"


def _labels(layout: Layout) -> dict[str, str]:
    """What the submitter calls each field; what the template calls it where the file lacks it."""
    contract, template = layout.contract, layout.template
    return {name: official(contract, template, name) for name in template.columns} | {
        name: " ".join(layout.headers[place].split()) for place, name in layout.fields.items()
    }

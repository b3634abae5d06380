"""The check of one file: by the file and its contract alone (decision 4), in bounded chunks (decision 10)."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from conduct_records.contracts.book import ContractBook
from conduct_records.intake.ahead import ahead
from conduct_records.intake.decode import file_facts
from conduct_records.intake.doubts import refuse_misnamed
from conduct_records.intake.headers import official
from conduct_records.intake.layout import Layout, find_layout
from conduct_records.intake.opening import open_sheets
from conduct_records.intake.refusal import Refused
from conduct_records.intake.sheets import Sheet
from conduct_records.intake.sniff import check_name, sniff
from conduct_records.validation.chunks import ChunkChecker
from conduct_records.validation.issues import IssueRows
from conduct_records.validation.results import Chunk
from conduct_records.validation.rule import Rule
from conduct_records.validation.vault import Tokeniser, masked_numbers


class NotConserved(RuntimeError):
    """Rows in a file = accepted + quarantined + duplicates + skipped does not hold (invariant I1)."""


@dataclass
class Totals:
    """Rows below the header as read, and by what became of them (invariant I1)."""

    rows: int = 0
    accepted: int = 0
    quarantined: int = 0
    duplicates: int = 0
    skipped: int = 0

    @property
    def are_conserved(self) -> bool:
        """Whether every row that was read became one thing."""
        return self.rows == self.accepted + self.quarantined + self.duplicates + self.skipped


@dataclass
class Checked:
    """What is known of a file. `totals` are complete once `chunks()` is used up.

    `file_id` follows from unit, kind, data date, bytes and contract version: a new version reads anew.
    `refusal` is set when the file as a whole is not taken; `file_issues` are findings about the file itself
    (columns of ops.issue, row_no null), the refusal among them.
    """

    path: Path
    file_name: str
    unit_code: str
    data_date: date
    contract_version: str
    tokeniser: Tokeniser
    sha256: str = ""
    byte_count: int = 0
    kind: str | None = None
    format: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    template: str | None = None
    scope: str | None = None
    refusal: Refused | None = None
    file_issues: Any = None
    layout: Layout | None = None
    totals: Totals = field(default_factory=Totals)
    _source: Sheet | None = None
    _checker: ChunkChecker | None = None
    _issues: IssueRows | None = None

    @property
    def file_id(self) -> str:
        """32 hexadecimal characters from unit, kind, data date, content and contract version."""
        text = "|".join(
            (self.unit_code, self.kind or "", str(self.data_date), self.sha256, self.contract_version)
        )
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    @property
    def rules(self) -> list[Rule]:
        """The rules that the file's kind and template have."""
        return self._checker.rules if self._checker else []

    def chunks(self) -> Iterator[Chunk]:
        """The file's rows, checked; to be used up once. Yields nothing for a refused file.

        Raises:
            Refused: what was found only while reading; `refusal` and `file_issues` then say it too.
            NotConserved: a row was lost or made, which only a fault of this code can do.
        """
        if self._source is None or self._checker is None or self.layout is None:
            return
        try:
            for raw in ahead(self._source.chunks(self.layout.header_row, self.layout.width)):
                self.totals.rows += len(raw.row_no) + len(raw.broken)
                chunk = self._checker.check(raw)
                self._count(chunk)
                yield chunk
            if self.totals.rows == self.totals.skipped:
                raise Refused("no_rows")
            if not self.totals.are_conserved:
                raise NotConserved(f"{self.totals}")
            self.file_issues = pa.concat_tables([self.file_issues, self._checker.at_end()])
        except Refused as refused:
            self.refuse(refused)
            raise

    def refuse(self, refused: Refused) -> None:
        """Note that the file as a whole is not taken."""
        self.refusal = refused
        issues = self._issues
        assert issues is not None  # noqa: S101 - check() sets it before anything can be refused
        issues.table()
        issues.file_id = self.file_id
        issues.add(refused.code, [None], [refused.value or None], details=refused.detail)
        self.file_issues = issues.table()

    def _count(self, chunk: Chunk) -> None:
        self.totals.accepted += len(chunk.evidence)
        self.totals.quarantined += len(chunk.quarantine)
        self.totals.duplicates += chunk.duplicates
        self.totals.skipped += chunk.skipped


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
    checked = Checked(path, file_name, unit_code, data_date, book.version, tokeniser, kind=kind)
    checked._issues = IssueRows("", book, {}, tokeniser)
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
    checked.layout, checked._source = layout, sheet
    issues = IssueRows(checked.file_id, book, _labels(layout), checked.tokeniser)
    checked._issues = issues
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
    checked._checker = ChunkChecker(layout, book, checked.data_date, checked.tokeniser, issues)


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

"""What is known of a file that is checked: what it is, what became of its rows, why it is not taken."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from conduct_records.intake.ahead import ahead
from conduct_records.intake.layout import Layout
from conduct_records.intake.refusal import Refused
from conduct_records.intake.sheets import Sheet
from conduct_records.validation.chunks import ChunkChecker
from conduct_records.validation.issues import IssueRows
from conduct_records.validation.results import Chunk
from conduct_records.validation.rule import Rule
from conduct_records.validation.vault import Tokeniser


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
    (columns of ops.issue, row_no null), the refusal among them. `issues` collects what is found, `source` is
    the table that is read, `checker` checks its chunks.
    """

    path: Path
    file_name: str
    unit_code: str
    data_date: date
    contract_version: str
    tokeniser: Tokeniser
    issues: IssueRows = field(repr=False)
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
    source: Sheet | None = field(default=None, repr=False)
    checker: ChunkChecker | None = field(default=None, repr=False)

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
        return self.checker.rules if self.checker else []

    def chunks(self) -> Iterator[Chunk]:
        """The file's rows, checked; to be used up once. Yields nothing for a refused file.

        Raises:
            Refused: what was found only while reading; `refusal` and `file_issues` then say it too.
            NotConserved: a row was lost or made, which only a fault of this code can do.
        """
        if self.source is None or self.checker is None or self.layout is None:
            return
        try:
            for raw in ahead(self.source.chunks(self.layout.header_row, self.layout.width)):
                self.totals.rows += len(raw.row_no) + len(raw.broken)
                chunk = self.checker.check(raw)
                self._count(chunk)
                yield chunk
            if self.totals.rows == self.totals.skipped:
                raise Refused("no_rows")
            if not self.totals.are_conserved:
                raise NotConserved(f"{self.totals}")
            self.file_issues = pa.concat_tables([self.file_issues, self.checker.at_end()])
        except Refused as refused:
            self.refuse(refused)
            raise

    def refuse(self, refused: Refused) -> None:
        """Note that the file as a whole is not taken."""
        self.refusal = refused
        self.issues.table()  # a refusal stands for all that was found before it
        self.issues.file_id = self.file_id
        self.issues.add(refused.code, [None], [refused.value or None], details=refused.detail)
        self.file_issues = self.issues.table()

    def _count(self, chunk: Chunk) -> None:
        self.totals.accepted += len(chunk.evidence)
        self.totals.quarantined += len(chunk.quarantine)
        self.totals.duplicates += chunk.duplicates
        self.totals.skipped += chunk.skipped

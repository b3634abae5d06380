"""Checks a file chunk by chunk: reads its cells, tries every rule on every row, tells what was found."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from conduct_records.contracts.book import ContractBook
from conduct_records.contracts.rules import fields_of
from conduct_records.intake.layout import Layout
from conduct_records.intake.limits import LIMITS
from conduct_records.intake.refusal import Refused
from conduct_records.intake.sheets import RawChunk, ranges
from conduct_records.intake.skips import Skipper
from conduct_records.validation.columns import Columns, read_columns
from conduct_records.validation.issues import IssueRows
from conduct_records.validation.keys import KeyIndex, business_keys, content_hashes, hashes
from conduct_records.validation.normalise import blanks
from conduct_records.validation.results import Chunk, Read, Verdict, evidence_of, passed_of, quarantine_of
from conduct_records.validation.routing import quarantined
from conduct_records.validation.rule import Rule
from conduct_records.validation.rules import compile_rules, row_rules
from conduct_records.validation.vault import Tokeniser


class ChunkChecker:
    """Checks the chunks of one file, in order: legend and keys go on from chunk to chunk."""

    def __init__(
        self, layout: Layout, book: ContractBook, data_date: date, tokeniser: Tokeniser, issues: IssueRows
    ) -> None:
        self.layout = layout
        self.rules = compile_rules(layout, book)
        asked = set().union(*map(fields_of, row_rules(layout)))
        self._absent = sorted(asked - set(layout.fields.values()))
        self._book = book
        self._data_date = data_date
        self._tokeniser = tokeniser
        self._issues = issues
        self._keys = KeyIndex()
        self._unnamed = {place: 0 for place, header in layout.unknown.items() if not header}
        self._skipper = Skipper(book.vocabulary, layout)

    def check(self, raw: RawChunk) -> Chunk:
        """Check one chunk.

        Raises:
            Refused: cell_too_long.
        """
        _refuse_long_cells(raw)
        broken, skipped_broken = self._skipper.split(raw)
        skip = self._skipper.skipped(raw)
        row_no, cells = raw.row_no, raw.columns
        if skip.any():
            keep = pa.array(~skip)
            row_no, cells = row_no.filter(keep), [column.filter(keep) for column in cells]
        for place in self._unnamed:
            self._unnamed[place] += len(row_no) - blanks(cells[place]).null_count
        read = self._read(row_no, cells)
        verdict = self._judge(read)
        self._report_broken(broken)
        return self._chunk(read, verdict, broken, int(skip.sum()) + skipped_broken)

    def at_end(self) -> Any:
        """What only the whole file shows, as findings about it: told once, of however many rows."""
        skipped = {"legend_row": self._skipper.legend_rows, "serial_row": self._skipper.serial_rows}
        for code, rows in skipped.items():
            if rows:
                self._issues.add(code, [None], [None], details=ranges(rows))
        for place, count in self._unnamed.items():
            if count:
                self._issues.add("unnamed_column", [None], [str(place + 1)], details=str(count))
        return self._issues.table()

    def _read(self, row_no: Any, cells: list[Any]) -> Read:
        """Named fields as columns, the rest without ids."""
        named = {name: cells[place] for place, name in self.layout.fields.items()}
        for name in self._absent:
            named[name] = pa.nulls(len(cells[0]), pa.string())
        columns = read_columns(named, self.layout.contract, self._book, self._data_date, self._tokeniser)
        return Read(
            row_no, columns, [self._safe(columns, cells, place) for place in range(self.layout.width)]
        )

    def _safe(self, columns: Columns, cells: list[Any], place: int) -> Any:
        """A column as it may be kept: without ids, also where no template knows its header."""
        if place in self.layout.fields:
            return columns.raw[self.layout.fields[place]]
        header = self.layout.headers[place]
        if any(word in header for word in self._book.vocabulary.personal_headers):
            return self._tokeniser.column(blanks(cells[place]))[0]
        return self._tokeniser.scrub(cells[place])[0]

    def _judge(self, read: Read) -> Verdict:
        """Every rule on every row, then the keys of the rows that pass."""
        columns = read.columns
        broken = [rule.failing(columns) for rule in self.rules]
        for rule, mask in zip(self.rules, broken, strict=True):
            self._report(rule, mask, read)
        bad = quarantined(self.rules, broken, columns.size).to_numpy(zero_copy_only=False).copy()
        keys = business_keys(columns, self.layout.contract)
        good = np.flatnonzero(~bad)
        numbers = read.row_no.to_numpy()[good]
        places = pa.array(good)
        contents = content_hashes(self._hashes(read))[good]
        earlier, same = self._keys.take(keys.take(places), numbers, contents)
        self._report_repeats(numbers, earlier, same, keys.take(places))
        double = np.zeros(columns.size, bool)
        double[good] = (earlier > 0) & same
        bad[good] = (earlier > 0) & ~same
        return Verdict(broken, bad, double, keys)

    def _hashes(self, read: Read) -> Iterator[Any]:
        """The hashes of all cells, column by column."""
        for place, cells in enumerate(read.cells):
            if name := self.layout.fields.get(place):
                yield read.columns.each(name, partial(_raw_hashes, name=name))
            else:
                yield hashes(cells)

    def _report(self, rule: Rule, mask: Any, read: Read) -> None:
        places = np.flatnonzero(mask.to_numpy(zero_copy_only=False))
        if len(places) == 0:
            return
        taken = pa.array(places)
        values = read.columns.raw[rule.field].take(taken).to_pylist() if rule.field else [None] * len(places)
        numbers = read.row_no.take(taken).to_pylist()
        self._issues.add(
            rule.issue, numbers, values, name=rule.field or None, details=rule.detail, severity=rule.severity
        )

    def _report_repeats(self, numbers: Any, earlier: Any, same: Any, keys: Any) -> None:
        for code, places in (
            ("duplicate_row", np.flatnonzero((earlier > 0) & same)),
            ("duplicate_key", np.flatnonzero((earlier > 0) & ~same)),
        ):
            values = keys.take(pa.array(places)).to_pylist()
            details = [str(row) for row in earlier[places]]
            self._issues.add(code, numbers[places].tolist(), values, details=details)

    def _report_broken(self, broken: list[Any]) -> None:
        for row in broken:
            self._issues.add(row.issue, [row.row_no], [None], details=row.detail)

    def _chunk(self, read: Read, verdict: Verdict, broken: list[Any], skipped: int) -> Chunk:
        issues = self._issues.table()
        accepted = pa.array(~verdict.bad & ~verdict.double)
        broken_cells = [(row.row_no, self._tokeniser.clean_cells(row.cells)) for row in broken]
        return Chunk(
            evidence_of(self.layout, read, verdict.keys, accepted),
            quarantine_of(self.layout, read, verdict, broken_cells, issues),
            issues,
            passed_of(self.rules, verdict.broken),
            read.cells,
            read.row_no,
            int(verdict.double.sum()),
            skipped,
            broken_cells,
            self._tokeniser.met(),
        )


def _raw_hashes(columns: Columns, name: str) -> Any:
    return hashes(columns.raw[name])


def _refuse_long_cells(raw: RawChunk) -> None:
    limit = LIMITS.cell_characters
    for column in raw.columns:
        longest = pc.max(pc.binary_length(column)).as_py()
        if longest is not None and longest > 4 * limit:
            raise Refused("cell_too_long", f"{longest} > {4 * limit}")

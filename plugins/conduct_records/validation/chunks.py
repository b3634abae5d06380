"""From a chunk of submitted rows to evidence, quarantine and issues."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
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
from conduct_records.validation import jsontext
from conduct_records.validation.arrays import Mask
from conduct_records.validation.columns import Columns, read_columns
from conduct_records.validation.convert import ARROW_TYPES
from conduct_records.validation.issues import IssueRows, codes_by_row
from conduct_records.validation.keys import KeyIndex, business_keys, content_hashes, hashes
from conduct_records.validation.normalise import blanks
from conduct_records.validation.routing import quarantined
from conduct_records.validation.rules import Rule, compile_rules, row_rules
from conduct_records.validation.vault import Tokeniser, VaultEntry

QUARANTINE = pa.schema(
    [
        ("row_no", pa.int64()),
        ("row_values", pa.string()),
        ("issue_codes", pa.list_(pa.string())),
        ("business_key", pa.string()),
    ]
)


@dataclass(frozen=True)
class Chunk:
    """What one chunk gave. Everything but `people` is free of natural persons' ids.

    `evidence`: row_no, business_key, original, extra (JSON texts) and every field of the kind;
    `quarantine`: row_no, row_values (JSON text), issue_codes, business_key; `issues`: the columns of
    ops.issue; `passed`: one boolean column a rule (GX reads these); `rows`: the submitted cells of data
    rows by position, `row_no` theirs. `people`, the ids first met here, are for the vault alone.
    """

    evidence: Any
    quarantine: Any
    issues: Any
    passed: Any
    rows: list[Any]
    row_no: Any
    duplicates: int
    skipped: int
    broken: list[tuple[int, list[str | None]]] = field(default_factory=list)
    people: list[VaultEntry] = field(default_factory=list, repr=False)


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
        columns = self._read(cells)
        checked = self._judge(columns, row_no)
        self._report_broken(broken)
        return self._chunk(columns, row_no, checked, broken, int(skip.sum()) + skipped_broken)

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

    def _read(self, cells: list[Any]) -> _Read:
        """Named fields as columns, the rest without ids."""
        named = {name: cells[place] for place, name in self.layout.fields.items()}
        for name in self._absent:
            named[name] = pa.nulls(len(cells[0]), pa.string())
        columns = read_columns(named, self.layout.contract, self._book, self._data_date, self._tokeniser)
        return _Read(columns, [self._safe(columns, cells, place) for place in range(self.layout.width)])

    def _safe(self, columns: Columns, cells: list[Any], place: int) -> Any:
        """A column as it may be kept: without ids, also where no template knows its header."""
        if place in self.layout.fields:
            return columns.raw[self.layout.fields[place]]
        header = self.layout.headers[place]
        if any(word in header for word in self._book.vocabulary.personal_headers):
            return self._tokeniser.column(blanks(cells[place]))[0]
        return self._tokeniser.scrub(cells[place])[0]

    def _judge(self, read: _Read, row_no: Any) -> _Verdict:
        """Every rule on every row, then the keys of the rows that pass."""
        columns = read.columns
        broken = [rule.failing(columns) for rule in self.rules]
        for rule, mask in zip(self.rules, broken, strict=True):
            self._report(rule, mask, columns, row_no)
        bad = quarantined(self.rules, broken, columns.size).to_numpy(zero_copy_only=False).copy()
        keys = business_keys(columns, self.layout.contract)
        good = np.flatnonzero(~bad)
        numbers = row_no.to_numpy()[good]
        places = pa.array(good)
        contents = content_hashes(self._hashes(read))[good]
        earlier, same = self._keys.take(keys.take(places), numbers, contents)
        self._report_repeats(numbers, earlier, same, keys.take(places))
        double = np.zeros(columns.size, bool)
        double[good] = (earlier > 0) & same
        bad[good] = (earlier > 0) & ~same
        return _Verdict(broken, bad, double, keys)

    def _hashes(self, read: _Read) -> Iterator[Any]:
        """The hashes of all cells, column by column."""
        for place, cells in enumerate(read.cells):
            if name := self.layout.fields.get(place):
                yield read.columns.each(name, partial(_raw_hashes, name=name))
            else:
                yield hashes(cells)

    def _report(self, rule: Rule, mask: Any, columns: Columns, row_no: Any) -> None:
        places = np.flatnonzero(mask.to_numpy(zero_copy_only=False))
        if len(places) == 0:
            return
        taken = pa.array(places)
        values = columns.raw[rule.field].take(taken).to_pylist() if rule.field else [None] * len(places)
        numbers = row_no.take(taken).to_pylist()
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

    def _chunk(self, read: _Read, row_no: Any, verdict: _Verdict, broken: list[Any], skipped: int) -> Chunk:
        issues = self._issues.table()
        accepted = pa.array(~verdict.bad & ~verdict.double)
        broken_cells = [(row.row_no, self._tokeniser.clean_cells(row.cells)) for row in broken]
        return Chunk(
            self._evidence(read, row_no, verdict.keys, accepted),
            self._quarantine(read, row_no, verdict, broken_cells, issues),
            issues,
            self._passed(verdict.broken),
            read.cells,
            row_no,
            int(verdict.double.sum()),
            skipped,
            broken_cells,
            self._tokeniser.met(),
        )

    def _evidence(self, read: _Read, row_no: Any, keys: Any, accepted: Mask) -> Any:
        columns, size = read.columns, accepted.true_count
        names = jsontext.header_names(self.layout.headers)
        extra = [
            jsontext.member(names[place], read.cells[place].filter(accepted)) for place in self.layout.unknown
        ]
        original = [columns.each(name, partial(_original, name=name), accepted) for name in columns.raw]
        arrays = {
            "row_no": row_no.filter(accepted),
            "business_key": keys.filter(accepted),
            "original": jsontext.objects(original, size),
            "extra": jsontext.objects(extra, size),
        }
        for name, prop in self.layout.contract.fields.items():
            kind = ARROW_TYPES["string" if prop.use.codes else prop.type]
            known = name in columns.raw
            arrays[name] = (
                columns.each(name, partial(_typed, name=name), accepted) if known else pa.nulls(size, kind)
            )
        return pa.table(arrays)

    def _quarantine(self, read: _Read, row_no: Any, verdict: _Verdict, broken: list[Any], issues: Any) -> Any:
        places = np.flatnonzero(verdict.bad)
        numbers = row_no.to_numpy()[places].tolist() + [number for number, _ in broken]
        values = jsontext.row_objects(self.layout.headers, read.cells, places)
        values += [jsontext.as_object(self.layout.headers, cells) for _, cells in broken]
        keys = verdict.keys.take(pa.array(places)).to_pylist() + [None] * len(broken)
        return pa.table([numbers, values, codes_by_row(issues, numbers), keys], schema=QUARANTINE)

    def _passed(self, broken: list[Any]) -> Any:
        return pa.table({rule.name: pc.invert(mask) for rule, mask in zip(self.rules, broken, strict=True)})


@dataclass(frozen=True)
class _Read:
    columns: Columns
    cells: list[Any]


@dataclass(frozen=True)
class _Verdict:
    broken: list[Any]
    bad: Any
    double: Any
    keys: Any


def _raw_hashes(columns: Columns, name: str) -> Any:
    return hashes(columns.raw[name])


def _original(columns: Columns, name: str) -> Any:
    return jsontext.member(name, columns.original(name))


def _typed(columns: Columns, name: str) -> Any:
    return columns.typed[name]


def _refuse_long_cells(raw: RawChunk) -> None:
    limit = LIMITS.cell_characters
    for column in raw.columns:
        longest = pc.max(pc.binary_length(column)).as_py()
        if longest is not None and longest > 4 * limit:
            raise Refused("cell_too_long", f"{longest} > {4 * limit}")

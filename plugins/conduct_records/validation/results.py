"""What a chunk of submitted rows gives: evidence, quarantine, issues, and which rule each row passed."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from conduct_records.intake.layout import Layout
from conduct_records.validation import jsontext
from conduct_records.validation.arrays import Mask
from conduct_records.validation.columns import Columns
from conduct_records.validation.convert import ARROW_TYPES
from conduct_records.validation.issues import codes_by_row
from conduct_records.validation.rule import Rule
from conduct_records.validation.vault import VaultEntry

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


@dataclass(frozen=True)
class Read:
    """The data rows of a chunk: their numbers, named fields as columns, all cells by position without ids."""

    row_no: Any
    columns: Columns
    cells: list[Any]


@dataclass(frozen=True)
class Verdict:
    """One mask a rule of the rows that break it; rows to quarantine; rows sent twice; business keys."""

    broken: list[Any]
    bad: Any
    double: Any
    keys: Any


def evidence_of(layout: Layout, read: Read, keys: Any, accepted: Mask) -> Any:
    """The accepted rows: every field of the kind, and as texts what was submitted."""
    columns, size = read.columns, accepted.true_count
    names = jsontext.header_names(layout.headers)
    extra = [jsontext.member(names[place], read.cells[place].filter(accepted)) for place in layout.unknown]
    original = [columns.each(name, partial(_original, name=name), accepted) for name in columns.raw]
    arrays = {
        "row_no": read.row_no.filter(accepted),
        "business_key": keys.filter(accepted),
        "original": jsontext.objects(original, size),
        "extra": jsontext.objects(extra, size),
    }
    for name, prop in layout.contract.fields.items():
        kind = ARROW_TYPES["string" if prop.use.codes else prop.type]
        known = name in columns.raw
        arrays[name] = (
            columns.each(name, partial(_typed, name=name), accepted) if known else pa.nulls(size, kind)
        )
    return pa.table(arrays)


def quarantine_of(layout: Layout, read: Read, verdict: Verdict, broken: list[Any], issues: Any) -> Any:
    """The rows that no evidence is made of, after them those that are no rows of this table."""
    places = np.flatnonzero(verdict.bad)
    numbers = read.row_no.to_numpy()[places].tolist() + [number for number, _ in broken]
    values = jsontext.row_objects(layout.headers, read.cells, places)
    values += [jsontext.as_object(layout.headers, cells) for _, cells in broken]
    keys = verdict.keys.take(pa.array(places)).to_pylist() + [None] * len(broken)
    return pa.table([numbers, values, codes_by_row(issues, numbers), keys], schema=QUARANTINE)


def passed_of(rules: list[Rule], broken: list[Any]) -> Any:
    """One boolean column a rule: whether each row passed."""
    return pa.table({rule.name: pc.invert(mask) for rule, mask in zip(rules, broken, strict=True)})


def _original(columns: Columns, name: str) -> Any:
    return jsontext.member(name, columns.original(name))


def _typed(columns: Columns, name: str) -> Any:
    return columns.typed[name]

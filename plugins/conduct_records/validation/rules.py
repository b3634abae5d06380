"""The vocabulary of rules: each gives one boolean column, true where the row passes (decision 9)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import pyarrow.compute as pc

from conduct_records.contracts.book import ContractBook
from conduct_records.contracts.codes import Severity
from conduct_records.contracts.model import Property
from conduct_records.contracts.rules import RowRule, fields_of
from conduct_records.intake.layout import Layout
from conduct_records.validation import identifiers, rowrules
from conduct_records.validation.arrays import Mask, holds, matches, none_of
from conduct_records.validation.columns import Columns

_MOJIBAKE_BYTES = (b"\xef\xbf\xbd", b"\xee", *(bytes([0xEF, low]) for low in range(0x80, 0xA4)))
_MOJIBAKE_BYTES += tuple(
    text.encode() for text in ("\u951f", "\u70eb\u70eb", "\u5c6f\u5c6f", "\u00c3", "\u00e2\u20ac")
)
_CONTROLS = tuple(bytes([low]) for low in (*range(1, 9), 11, 12, *range(14, 32), 127))
_CONTROL_PATTERN = r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]"


@dataclass(frozen=True)
class Rule:
    """One check of one field. `broken` gives the mask of rows that fail; `detail` fills the message."""

    field: str
    issue: str
    severity: Severity
    broken: Callable[[Columns], Mask]
    detail: str = ""

    @property
    def name(self) -> str:
        """The name of the rule's boolean column."""
        return f"{self.field}__{self.issue}"


def compile_rules(layout: Layout, book: ContractBook) -> list[Rule]:
    """Every check of the fields that the file has, in the order of the contract, then those across fields."""
    contract, present = layout.contract, set(layout.fields.values())
    rules = [
        Rule(name, issue, book.issues[issue].severity, broken, detail)
        for name in contract.fields
        if name in present
        for issue, broken, detail in _of_field(contract.fields[name], book)
    ]
    for declared in row_rules(layout):
        rules += rowrules.compile_rule(declared, contract, book)
    return [*rules, Rule("", "shifted_row", "error", partial(identifiers.shifted, contract=contract))]


def row_rules(layout: Layout) -> list[RowRule]:
    """The rules across fields that this template can answer; a column that the file lacks counts as empty."""
    columns = set(layout.template.columns)
    return [rule for rule in layout.contract.use.rules if fields_of(rule) <= columns]


def _of_field(prop: Property, book: ContractBook) -> Iterator[tuple[str, Callable[[Columns], Mask], str]]:
    name = prop.name
    yield "mojibake", partial(_mojibake, name=name, pattern=book.vocabulary.mojibake), ""
    yield "control_character", partial(_control, name=name), ""
    if prop.required:
        yield "required", lambda columns: pc.is_null(columns.text[name]), ""
    if prop.options.max_length and not prop.use.identifier:
        limit = prop.options.max_length
        yield "too_long", partial(_too_long, name=name, limit=limit), str(limit)
    if prop.options.pattern:
        yield "pattern", partial(_pattern, name=name, pattern=prop.options.pattern), ""
    yield from (
        (issue, partial(_failed, name=name, issue=issue), detail) for issue, detail in _readings(prop, book)
    )
    if prop.use.identifier:
        yield from identifiers.checks(name, prop.use.identifier)
    elif not prop.use.personal_id and "text" in prop.use.normalise:
        yield "code_in_wrong_column", partial(identifiers.code_in_text, name=name), ""
    if prop.use.personal_id:
        type_field = prop.use.personal_id.type_field
        yield "resident_id_check", partial(_resident, name=name, type_field=type_field), ""


def _readings(prop: Property, book: ContractBook) -> Iterator[tuple[str, str]]:
    """Issues that were found while normalising and converting, with the text that completes the message."""
    if prop.use.codes:
        yield "unknown_code", "\u3001".join(book.codes[prop.use.codes.list].codes.values())
    elif prop.type == "date":
        yield from (("date_format", ""), ("date_implausible", ""))
    elif prop.type in {"number", "integer"}:
        yield from (("number_format", ""), ("number_range", ""), ("amount_unit_in_cell", ""))
    elif prop.type == "boolean":
        yield "unknown_code", "\u3001".join((book.vocabulary.booleans.yes[0], book.vocabulary.booleans.no[0]))
    if not prop.use.personal_id:
        yield "person_id_in_text", ""


def _mojibake(columns: Columns, name: str, pattern: str) -> Mask:
    raw = columns.raw[name]
    return matches(raw, pattern) if holds(raw, *_MOJIBAKE_BYTES) else none_of(columns.size)


def _control(columns: Columns, name: str) -> Mask:
    raw = columns.raw[name]
    return matches(raw, _CONTROL_PATTERN) if holds(raw, *_CONTROLS) else none_of(columns.size)


def _too_long(columns: Columns, name: str, limit: int) -> Mask:
    return pc.fill_null(pc.greater(pc.utf8_length(columns.text[name]), limit), False)


def _pattern(columns: Columns, name: str, pattern: str) -> Mask:
    text = columns.text[name]
    return pc.and_(pc.is_valid(text), pc.invert(matches(text, pattern)))


def _failed(columns: Columns, name: str, issue: str) -> Mask:
    return columns.failing(name, issue)


def _resident(columns: Columns, name: str, type_field: str | None) -> Mask:
    """Only where the kind of document is a resident id or is not given."""
    broken = columns.failing(name, "resident_id_check")
    kinds = columns.typed.get(type_field or "")
    if kinds is None:
        return broken
    return pc.and_(broken, pc.fill_null(pc.equal(kinds, "resident_id"), True))

"""The vocabulary of rules: each gives one boolean column, true where the row passes (decision 9)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import pyarrow.compute as pc

from conduct_records.contracts.book import ContractBook
from conduct_records.contracts.model import PersonalId, Property
from conduct_records.contracts.rules import RowRule, fields_of
from conduct_records.contracts.vocabulary import Vocabulary
from conduct_records.contracts.wording import listed
from conduct_records.intake.layout import Layout
from conduct_records.validation import damage, identifiers, rowrules
from conduct_records.validation.arrays import Mask, Strings, matches, none_of
from conduct_records.validation.columns import CONTROLS, Columns
from conduct_records.validation.rule import Rule


def compile_rules(layout: Layout, book: ContractBook) -> list[Rule]:
    """Every check of the fields that the file has, in the order of the contract, then those across fields."""
    contract, present = layout.contract, set(layout.fields.values())
    rules = [
        rule for name, prop in contract.fields.items() if name in present for rule in _field_rules(prop, book)
    ]
    for declared in row_rules(layout):
        rules += rowrules.compile_rule(declared, contract, book)
    return [*rules, Rule("", "shifted_row", "error", partial(identifiers.shifted, contract=contract))]


def row_rules(layout: Layout) -> list[RowRule]:
    """The rules across fields that this template can answer; a column that the file lacks counts as empty."""
    columns = set(layout.template.columns)
    return [rule for rule in layout.contract.use.rules if fields_of(rule) <= columns]


def _field_rules(prop: Property, book: ContractBook) -> list[Rule]:
    rules = [
        Rule(prop.name, issue, book.issues[issue].severity, broken, detail, alone=True)
        for issue, broken, detail in _of_field(prop, book)
    ]
    if prop.use.personal_id:
        resident = partial(_resident, name=prop.name, use=prop.use.personal_id)
        issue = "resident_id_check"
        rules.append(Rule(prop.name, issue, book.issues[issue].severity, resident))
    return rules


def _of_field(prop: Property, book: ContractBook) -> Iterator[tuple[str, Callable[[Columns], Mask], str]]:
    name = prop.name
    yield "mojibake", partial(_mojibake, name=name, pattern=book.vocabulary.mojibake), ""
    yield "control_character", partial(_control, name=name), ""
    yield from ((issue, broken, "") for issue, broken in _damages(prop, book.vocabulary))
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


def _readings(prop: Property, book: ContractBook) -> Iterator[tuple[str, str]]:
    """Issues that were found while normalising and converting, with the text that completes the message."""
    if prop.use.codes:
        yield "unknown_code", listed(book.codes[prop.use.codes.list].codes.values())
    elif prop.type == "date":
        yield from (("date_format", ""), ("date_implausible", ""))
    elif prop.type in {"number", "integer"}:
        yield from (("number_format", ""), ("number_range", ""), ("amount_unit_in_cell", ""))
    elif prop.type == "boolean":
        yield "unknown_code", listed((book.vocabulary.booleans.yes[0], book.vocabulary.booleans.no[0]))
    if not prop.use.personal_id:
        yield "person_id_in_text", ""


def _damages(prop: Property, words: Vocabulary) -> Iterator[tuple[str, Callable[[Columns], Mask]]]:
    """Of a field of text: free text may ask and give figures, names and numbers do not."""
    if prop.use.personal_id:
        for issue in ("cell_error", "damaged_number", "ditto"):
            yield issue, partial(_failed, name=prop.name, issue=issue)
    elif prop.type == "string" and not prop.use.codes:
        found = {"cell_error": damage.cell_errors, "ditto": damage.dittos}
        if prop.use.normalise:
            found |= {"damaged_number": damage.damaged, "lost_character": damage.lost_characters}
        if {"code", "document_no"} & set(prop.use.normalise):
            found |= {"turned_into_date": damage.turned_into_dates}
        for issue, test in found.items():
            yield issue, partial(_in_text, name=prop.name, test=partial(test, words=words))


def _in_text(columns: Columns, name: str, test: Callable[[Strings], Mask]) -> Mask:
    return test(columns.text[name])


def _mojibake(columns: Columns, name: str, pattern: str) -> Mask:
    return matches(columns.raw[name], pattern, columns.odd[name])


def _control(columns: Columns, name: str) -> Mask:
    return matches(columns.raw[name], CONTROLS, columns.odd[name])


def _too_long(columns: Columns, name: str, limit: int) -> Mask:
    text = columns.text[name]
    if (pc.max(pc.binary_length(text)).as_py() or 0) <= limit:
        return none_of(len(text))
    return pc.fill_null(pc.greater(pc.utf8_length(text), limit), False)


def _pattern(columns: Columns, name: str, pattern: str) -> Mask:
    text = columns.text[name]
    return pc.and_(pc.is_valid(text), pc.invert(matches(text, pattern)))


def _failed(columns: Columns, name: str, issue: str) -> Mask:
    return columns.failing(name, issue)


def _resident(columns: Columns, name: str, use: PersonalId) -> Mask:
    """Only where the kind of document is the declared one or is not given."""
    broken = columns.failing(name, "resident_id_check")
    if use.type_field not in columns.raw:
        return broken
    return pc.and_(broken, pc.fill_null(pc.equal(columns.typed[use.type_field], use.scheme), True))

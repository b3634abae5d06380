"""One chunk of a file as columns: submitted text, normalised text, typed values, what failed on the way.

Most columns repeat few values, so whatever looks at one field alone looks at each distinct value once.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from conduct_records.contracts.book import ContractBook
from conduct_records.contracts.model import Contract, Property
from conduct_records.validation.arrays import Mask, Strings, differ, either, matches, none_of, repeating
from conduct_records.validation.convert import converted
from conduct_records.validation.damage import cell_errors, damaged, dittos
from conduct_records.validation.normalise import blanks, normalised, placeholders, unmarked, unusual_in
from conduct_records.validation.vault import MAYBE_ID, Tokeniser

CONTROLS = r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]"


@dataclass
class Columns:
    """A chunk of `size` rows. `raw`, `text`, `typed`: field to array; `failed`: (field, issue) to a mask.

    `raw` holds tokens where the file held natural persons' ids. A field that the template lacks is absent.
    `odd` are the rows in which a field may hold a damaged, invisible, wide or blank character or an id.
    """

    size: int
    data_date: date
    raw: dict[str, Strings] = field(default_factory=dict)
    failed: dict[tuple[str, str], Mask] = field(default_factory=dict)
    odd: dict[str, Mask] = field(default_factory=dict)
    few: dict[str, Few] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.text: dict[str, Strings] = _Spread(self.few, "text")
        self.typed: dict[str, Any] = _Spread(self.few, "typed")
        self._known: dict[Hashable, Any] = {}

    def fail(self, name: str, issue: str, mask: Mask) -> None:
        """Mark where `issue` applies to `name`."""
        known = self.failed.get((name, issue))
        self.failed[name, issue] = mask if known is None else pc.or_(known, mask)

    def failing(self, name: str, issue: str) -> Mask:
        """Where `issue` was found on `name` while reading."""
        return self.each(name, lambda columns: columns.failed.get((name, issue), none_of(columns.size)))

    def each(self, name: str, judge: Callable[[Columns], Any], among: Mask = None) -> Any:
        """What `judge`, which looks at no other field, says of each row, or of those `among` them."""
        few = self.few.get(name)
        if few is not None:
            return few.spread(judge(few.columns), among)
        values = judge(self)
        return values if among is None else values.filter(among)

    def once(self, name: str, test: Callable[..., Mask], among: Mask = None) -> Mask:
        """`test` of a field's text, made once however many rules ask; with `among` of those values alone."""
        if (name, test) not in self._known:
            asked = [self.text[name]] if among is None else [self.text[name], among]
            self._known[name, test] = test(*asked)
        return self._known[name, test]

    def original(self, name: str) -> Strings:
        """The submitted text where it differs from what is kept, else null."""
        raw, shown = self.raw[name], self.typed[name]
        if pa.types.is_decimal(shown.type) or pa.types.is_boolean(shown.type):
            return raw
        if raw is shown:
            return pa.nulls(self.size, pa.string())
        kept = shown if pa.types.is_string(shown.type) else pc.cast(shown, pa.string())
        return pc.if_else(differ(raw, kept), raw, pa.scalar(None, pa.string()))


@dataclass(frozen=True)
class Few:
    """A field that repeats few values: `columns` has a row for each, `places` says which each row has."""

    columns: Columns
    places: Any

    def spread(self, values: Any, among: Mask = None) -> Any:
        """Values of the few as values of all rows, or of those `among` them."""
        places = self.places if among is None else self.places.filter(among)
        if values.null_count == len(values):
            return pa.nulls(len(places), values.type)
        if pa.types.is_boolean(values.type) and not pc.any(values).as_py() and not values.null_count:
            return none_of(len(places))
        return values.take(places)


class _Spread(dict[str, Any]):
    """Arrays of all rows, spread from the few distinct values when somebody asks."""

    def __init__(self, few: dict[str, Few], what: str) -> None:
        super().__init__()
        self._few = few
        self._what = what

    def __missing__(self, name: str) -> Any:
        few = self._few[name]
        values = self[name] = few.spread(getattr(few.columns, self._what)[name])
        return values


def read_columns(
    raw: dict[str, Strings], contract: Contract, book: ContractBook, data_date: date, tokeniser: Tokeniser
) -> Columns:
    """Take ids out, normalise and convert: nothing after this sees a natural person's id (decision 16)."""
    columns = Columns(len(next(iter(raw.values()))), data_date)
    for name, submitted in raw.items():
        encoded = repeating(submitted)
        if encoded is None:
            _read(columns, contract.fields[name], submitted, book, tokeniser)
            continue
        few = Few(Columns(len(encoded.dictionary), data_date), encoded.indices)
        _read(few.columns, contract.fields[name], encoded.dictionary, book, tokeniser)
        kept = few.columns.raw[name]
        columns.raw[name] = submitted if kept is encoded.dictionary else few.spread(kept)
        columns.few[name] = few
    return columns


def _read(
    columns: Columns, prop: Property, submitted: Strings, book: ContractBook, tokeniser: Tokeniser
) -> None:
    name = prop.name
    if prop.use.personal_id:
        tokens = _tokens(columns, name, submitted, book, tokeniser)
        columns.raw[name] = columns.text[name] = columns.typed[name] = tokens
        columns.odd[name] = none_of(columns.size)
        return
    columns.raw[name] = _without_ids(columns, prop, submitted, book, tokeniser)
    columns.text[name] = normalised(columns.raw[name], prop, book.vocabulary, columns.odd[name])
    result = converted(columns.text[name], prop, book)
    columns.typed[name] = result.values
    for issue, mask in result.failed.items():
        columns.fail(name, issue, mask)


def _tokens(
    columns: Columns, name: str, values: Strings, book: ContractBook, tokeniser: Tokeniser
) -> Strings:
    present = placeholders(unmarked(blanks(values)), book.vocabulary.placeholders)
    tokens, valid = tokeniser.column(present)
    columns.fail(name, "cell_error", cell_errors(present, book.vocabulary))
    columns.fail(name, "damaged_number", damaged(present, book.vocabulary))
    columns.fail(name, "ditto", dittos(present, book.vocabulary))
    columns.fail(name, "resident_id_check", pc.and_(pc.is_valid(tokens), pc.invert(valid)))
    return tokens


def _without_ids(
    columns: Columns, prop: Property, values: Strings, book: ContractBook, tokeniser: Tokeniser
) -> Strings:
    """The submitted values without ids; which of them are odd is noted."""
    name, words = prop.name, book.vocabulary
    odd = f"{unusual_in(prop, words)}|{words.mojibake}|{CONTROLS}"
    among = None  # a code is digits more often than not, so all are looked at for an id
    if prop.use.identifier:
        columns.odd[name] = matches(values, odd)
    else:
        columns.odd[name] = among = matches(values, f"{odd}|{MAYBE_ID}")
    cleaned, whole, inside = tokeniser.scrub(values, among)
    if cleaned is not values:
        columns.fail(name, "code_in_wrong_column", whole)
        columns.fail(name, "person_id_in_text", inside)
        columns.odd[name] = either(columns.odd[name], whole, inside)
    return cleaned

"""One chunk of a file as columns: submitted text, normalised text, typed values, what failed on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from conduct_records.contracts.book import ContractBook
from conduct_records.contracts.model import Contract
from conduct_records.validation.arrays import Mask, Strings, differ, none_of
from conduct_records.validation.convert import converted
from conduct_records.validation.normalise import blanks, normalised, placeholders
from conduct_records.validation.vault import Tokeniser


@dataclass
class Columns:
    """A chunk of `size` rows. `raw`, `text`, `typed`: field to array; `failed`: (field, issue) to a mask.

    `raw` holds tokens where the file held natural persons' ids. A field that the template lacks is absent.
    """

    size: int
    data_date: date
    raw: dict[str, Strings]
    text: dict[str, Strings] = field(default_factory=dict)
    typed: dict[str, Any] = field(default_factory=dict)
    failed: dict[tuple[str, str], Mask] = field(default_factory=dict)

    def fail(self, name: str, issue: str, mask: Mask) -> None:
        """Mark where `issue` applies to `name`."""
        known = self.failed.get((name, issue))
        self.failed[name, issue] = mask if known is None else pc.or_(known, mask)

    def failing(self, name: str, issue: str) -> Mask:
        """Where `issue` was found on `name` while reading."""
        return self.failed.get((name, issue), none_of(self.size))

    def original(self, name: str) -> Strings:
        """The submitted text where it differs from what is kept, else null."""
        shown = self.typed[name]
        if pa.types.is_decimal(shown.type) or pa.types.is_boolean(shown.type):
            return self.raw[name]
        kept = shown if pa.types.is_string(shown.type) else pc.cast(shown, pa.string())
        changed = differ(self.raw[name], kept)
        return pc.if_else(changed, self.raw[name], pa.scalar(None, pa.string()))


def read_columns(
    raw: dict[str, Strings], contract: Contract, book: ContractBook, data_date: date, tokeniser: Tokeniser
) -> Columns:
    """Take ids out, normalise and convert: nothing after this sees a natural person's id (decision 16)."""
    size = len(next(iter(raw.values())))
    columns = Columns(size, data_date, {})
    for name, submitted in raw.items():
        prop = contract.fields[name]
        if prop.use.personal_id:
            tokens = _tokens(columns, name, submitted, book, tokeniser)
            columns.raw[name] = columns.text[name] = columns.typed[name] = tokens
            continue
        columns.raw[name] = _without_ids(columns, name, submitted, tokeniser)
        columns.text[name] = normalised(columns.raw[name], prop, book.vocabulary)
        result = converted(columns.text[name], prop, book)
        columns.typed[name] = result.values
        for issue, mask in result.failed.items():
            columns.fail(name, issue, mask)
    return columns


def _tokens(
    columns: Columns, name: str, values: Strings, book: ContractBook, tokeniser: Tokeniser
) -> Strings:
    present = placeholders(blanks(values), book.vocabulary.placeholders)
    tokens, valid = tokeniser.column(present)
    columns.fail(name, "resident_id_check", pc.and_(pc.is_valid(tokens), pc.invert(valid)))
    return tokens


def _without_ids(columns: Columns, name: str, values: Strings, tokeniser: Tokeniser) -> Strings:
    cleaned, whole, inside = tokeniser.scrub(values)
    if cleaned is not values:
        columns.fail(name, "code_in_wrong_column", whole)
        columns.fail(name, "person_id_in_text", inside)
    return cleaned

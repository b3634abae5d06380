"""From normalised text to the types of evidence; each says which values it could not read."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from conduct_records.contracts.book import ContractBook
from conduct_records.contracts.codes import CodeList, comparable
from conduct_records.contracts.model import Property
from conduct_records.contracts.vocabulary import Vocabulary
from conduct_records.validation.arrays import Mask, Strings, distinct_where, per_distinct

_AMOUNT = re.compile(r"([+-]?(?:[1-9]\d{0,2}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+)(\D*)")
END_OF_TIME = date(9999, 12, 31)
ARROW_TYPES = {
    "string": pa.string(),
    "date": pa.date32(),
    "number": pa.decimal128(18, 2),
    "integer": pa.int64(),
    "boolean": pa.bool_(),
}


@dataclass(frozen=True)
class Converted:
    """A typed column; `failed` maps an issue code to where it applies."""

    values: Any
    failed: dict[str, Mask] = field(default_factory=dict)


def converted(texts: Strings, prop: Property, book: ContractBook) -> Converted:
    """The column in the type that the contract declares (README of the contracts: types)."""
    if prop.use.codes:
        list_ = book.codes[prop.use.codes.list]
        read = partial(read_codes, list_=list_, multiple=prop.use.codes.multiple, words=book.vocabulary)
        return _convert(texts, read, pa.string(), "unknown_code")
    if prop.type == "date":
        return _dates(texts, prop, book.vocabulary)
    if prop.type in {"number", "integer"}:
        return _numbers(texts, prop, book.vocabulary)
    if prop.type == "boolean":
        return _convert(texts, partial(read_boolean, words=book.vocabulary), pa.bool_(), "unknown_code")
    return Converted(texts)


def read_date(text: str, formats: tuple[re.Pattern[str], ...], time_of_day: re.Pattern[str]) -> date | None:
    """A date in one of the declared formats, a time of day dropped; None where it is none of them."""
    if ":" in text:
        text = time_of_day.sub("", text)
    plain = "".join(text.split())
    for pattern in formats:
        if match := pattern.match(plain):
            try:
                return date(int(match["y"]), int(match["m"]), int(match["d"]))
            except ValueError:
                return None
    return None


def read_amount(text: str, unit: Decimal, words: Vocabulary) -> Decimal | None:
    """An amount in yuan, rounded to the fen; a unit written in the cell overrides the column's."""
    number, scale = _parted(text, words)
    if number is None or scale not in words.amounts.scales.keys() | {""}:
        return None
    try:
        factor = Decimal(words.amounts.scales[scale]) if scale else unit
        amount = (Decimal(number) * factor).quantize(Decimal("0.01"))
    except InvalidOperation:
        return None
    return amount if abs(amount) < 10**16 else None


def _parted(text: str, words: Vocabulary) -> tuple[str | None, str]:
    """The digits of an amount, None where it is none, and what follows them. Commas part thousands."""
    plain = "".join(text.split())
    for noise in words.amounts.noise:
        plain = plain.replace(noise, "")
    match = _AMOUNT.fullmatch(plain)
    if match is None:
        return None, ""
    brackets = dict.fromkeys(map(ord, words.amounts.unit_brackets))
    return match[1].replace(",", ""), match[2].translate(brackets)


def read_codes(text: str, list_: CodeList, multiple: bool, words: Vocabulary) -> str | None:
    """The code of a text; with `multiple` those of all its parts in list order; None if any is unknown."""
    if whole := list_.meanings.get(comparable(text)):
        return whole
    if not multiple:
        return None
    found: set[str] = set()
    for part in filter(None, map(str.strip, re.split(f"[{re.escape(words.code_separators)}]", text))):
        codes = _part_codes(part, list_, words)
        if not codes:
            return None
        found |= codes
    return ";".join(code for code in list_.codes if code in found) or None


def read_boolean(text: str, words: Vocabulary) -> bool | None:
    """True or false for the words that mean them."""
    plain = comparable(text)
    return True if plain in words.booleans.yes else False if plain in words.booleans.no else None


def _part_codes(part: str, list_: CodeList, words: Vocabulary) -> set[str]:
    if code := list_.meanings.get(comparable(part)):
        return {code}
    pieces = filter(None, re.split(f"[{re.escape(words.weak_code_separators)}]", part))
    codes = [list_.meanings.get(comparable(piece)) for piece in pieces]
    return {code for code in codes if code} if all(codes) else set()


def _convert(texts: Strings, read: Callable[[str], Any], kind: pa.DataType, issue: str) -> Converted:
    values = per_distinct(texts, read, kind)
    return Converted(values, {issue: pc.and_(pc.is_valid(texts), pc.is_null(values))})


def _dates(texts: Strings, prop: Property, words: Vocabulary) -> Converted:
    names = prop.use.date_formats or tuple(words.date_formats)
    formats = tuple(re.compile(words.date_formats[name]) for name in names)
    time_of_day = re.compile(words.time_of_day)

    def read(text: str) -> date | None:
        if prop.use.open_ended and text in words.open_ended:
            return END_OF_TIME
        return read_date(text, formats, time_of_day)

    result = _convert(texts, read, pa.date32(), "date_format")
    early = pc.fill_null(pc.less(result.values, pa.scalar(words.date_floor)), False)
    return Converted(result.values, result.failed | {"date_implausible": early})


def _numbers(texts: Strings, prop: Property, words: Vocabulary) -> Converted:
    unit = Decimal(prop.use.unit.factor if prop.use.unit else 1)
    result = _convert(
        texts, partial(read_amount, unit=unit, words=words), ARROW_TYPES["number"], "number_format"
    )
    failed = dict(result.failed)
    if prop.use.unit:
        named = distinct_where(texts, lambda text: bool(_parted(text, words)[1]))
        failed["amount_unit_in_cell"] = pc.and_(named, pc.is_valid(result.values))
    if prop.options.minimum is not None:
        floor = pa.scalar(Decimal(str(prop.options.minimum)).quantize(Decimal("0.01")), ARROW_TYPES["number"])
        failed["number_range"] = pc.fill_null(pc.less(result.values, floor), False)
    values = result.values
    if prop.type == "integer":
        whole = pc.equal(values, pc.round(values))
        failed["number_format"] = pc.or_(failed["number_format"], pc.fill_null(pc.invert(whole), False))
        values = pc.cast(pc.round(values), pa.int64())
    return Converted(values, failed)

"""The one amount that a text states, in figures or in words, after its noun or before it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from conduct_records.contracts.rules import AmountUnit
from conduct_records.contracts.vocabulary import Amounts
from conduct_records.validation.arrays import per_distinct

_FEN = Decimal("0.01")
_MANY = 10_000  # from here on a place counts all that stands before it


def amount_pattern(rule: AmountUnit, words: Amounts) -> str:
    """A pattern for an amount near one of the rule's words: number `n` and scale `u`, or `m` and `v`."""
    letters = "".join((*words.digits, *words.places))
    number = rf"[0-9][0-9,]*(?:\.[0-9]+)?|[{letters}]+"
    scale = _one_of(sorted(words.scales, key=len, reverse=True))
    gap = f"[^0-9{re.escape(words.stops)}]{{0,12}}?"
    ahead = rf"(?:{_one_of(rule.words)}){gap}(?P<n>{number})\s*(?P<u>{scale})"
    end = rf"(?:$|[^0-9{letters}{re.escape(words.before_amounts)}])"  # no further amount follows
    behind = rf"(?P<m>{number})\s*(?P<v>{scale})(?:{words.particle})?(?:{_one_of(rule.behind)}){end}"
    return f"{ahead}|{behind}" if rule.behind else ahead


def stated_amounts(texts: Any, pattern: str, words: Amounts) -> Any:
    """The amount in yuan that each text states; null where it states none or several."""
    encoded = texts.dictionary_encode()  # few texts, however many rows
    stated = encoded.dictionary
    once = pc.equal(pc.count_substring_regex(stated, pattern), 1)
    found = pc.extract_regex(pc.if_else(once, stated, pa.scalar(None, pa.string())), pattern)
    parts = [pc.struct_field(found, field.name) for field in found.type]  # of two pairs one is empty
    written = pc.binary_join_element_wise(*parts[::2], " ", *parts[1::2], "")

    def amount(text: str) -> Decimal | None:
        number, unit = text.split()
        value = read_number(number, words) * words.scales[unit]
        return value.quantize(_FEN) if value < 10**16 else None

    return per_distinct(written, amount, pa.decimal128(18, 2)).take(encoded.indices)


def read_number(text: str, words: Amounts) -> Decimal:
    """A number in figures, or in words as far as the thousand millions."""
    if text.isascii():
        return Decimal(text.replace(",", ""))
    total = below = digit = 0
    for letter in text:
        place = words.places.get(letter)
        if place is None:
            digit = words.digits[letter]
        elif place >= _MANY:
            total, below, digit = total + (below + digit) * place, 0, 0
        else:
            below, digit = below + (digit or 1) * place, 0
    return Decimal(total + below + digit)


def _one_of(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, words))

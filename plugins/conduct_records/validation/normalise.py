"""Normalisers over whole columns. Each is idempotent and leaves alone what it does not understand.

What differs afterwards stays visible: the caller keeps the submitted text beside the normalised one (B5).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from conduct_records.contracts.model import Property
from conduct_records.contracts.vocabulary import Vocabulary
from conduct_records.validation.arrays import Strings, holds, matches, patch

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_INVISIBLE_BYTES = tuple(chr(code).encode() for code in _INVISIBLE)
_WIDE = r"[\x{FF10}-\x{FF19}\x{FF21}-\x{FF3A}\x{FF41}-\x{FF5A}\x{3000}\x{A0}]"
_WIDE_BYTES = (b"\xef\xbc", b"\xef\xbd", b"\xe3\x80\x80", b"\xc2\xa0")
_NARROW = {
    code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_NARROW |= {0x3000: 0x20, 0xA0: 0x20}


def normalised(values: Strings, field: Property, words: Vocabulary) -> Strings:
    """The column as the contract wants it compared and kept; blanks and placeholders become null."""
    result = placeholders(blanks(values), field.use.placeholders or words.placeholders)
    for name in _names(field):
        result = NORMALISERS[name](result, words)
    return result


def blanks(values: Strings) -> Strings:
    """Without outer blanks of any kind and without characters that nobody can see."""
    if holds(values, *_INVISIBLE_BYTES):
        values = patch(values, pc.is_valid(values), lambda text: text.translate(_INVISIBLE))
    trimmed = pc.utf8_trim_whitespace(values)
    return pc.if_else(pc.equal(pc.binary_length(trimmed), 0), pa.scalar(None, pa.string()), trimmed)


def placeholders(values: Strings, words: tuple[str, ...]) -> Strings:
    """Without the texts that departments write for "nothing"."""
    short = pc.less_equal(pc.binary_length(values), max(len(word.encode()) for word in words))
    if not pc.any(short).as_py():
        return values
    return pc.if_else(pc.is_in(values, pa.array(words)), pa.scalar(None, pa.string()), values)


def text(values: Strings, words: Vocabulary) -> Strings:
    """Full-width letters and digits, and wide blanks, become narrow; brackets and punctuation stay."""
    if not holds(values, *_WIDE_BYTES):
        return values
    return patch(values, matches(values, _WIDE), lambda value: value.translate(_NARROW).strip() or None)


def code(values: Strings, words: Vocabulary) -> Strings:
    """NFKC, upper case, no blanks inside."""
    return patch(values, matches(values, r"[^0-9A-Z]"), plain_code)


def identifier(values: Strings, words: Vocabulary) -> Strings:
    """A code without the hyphens and blanks that people put into numbers."""
    return patch(values, matches(values, r"[^0-9A-Z]"), plain_identifier)


def document_no(values: Strings, words: Vocabulary) -> Strings:
    """Brackets around the year become U+3014 and U+3015; blanks go; full-width digits become narrow."""
    values = patch(values, matches(values, r"\s|" + _WIDE), _plain_document_no)
    opening, closing = re.escape(words.opening_brackets), re.escape(words.closing_brackets)
    pattern = f"[{opening}]([0-9]{{4}})[{closing}]"
    return pc.replace_substring_regex(values, pattern, "\u3014\\1\u3015")


def plain_code(value: str) -> str | None:
    """One code, normalised until nothing changes: upper case may undo NFKC, and the other way round."""
    plain = unicodedata.normalize("NFKC", "".join(value.split())).upper()
    return plain_code(plain) if plain != value else plain or None


def plain_identifier(value: str) -> str | None:
    """One identifier, normalised; a text that is more than a code keeps its hyphens."""
    plain = plain_code(value) or ""
    bare = re.sub(r"[-\u2010-\u2015\u2212]", "", plain)
    return (bare if re.fullmatch(r"[0-9A-Z]*", bare) else plain) or None


def _plain_document_no(value: str) -> str | None:
    return "".join(value.translate(_NARROW).split()) or None


def _names(field: Property) -> tuple[str, ...]:
    return (*field.use.normalise, "identifier") if field.use.identifier else field.use.normalise


NORMALISERS: dict[str, Callable[[Strings, Vocabulary], Strings]] = {
    "text": text,
    "code": code,
    "identifier": identifier,
    "document_no": document_no,
}

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
from conduct_records.validation.arrays import Mask, Strings, matches, of_bytes, patch

# among them the marks that turn the order of letters round: what is shown would not be what is kept
_UNSEEN = ((0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0xFEFF, 0xFEFF), (0xAD, 0xAD))
_INVISIBLE = dict.fromkeys(code for first, last in _UNSEEN for code in range(first, last + 1))
_HIDDEN = "[" + "".join(rf"\x{{{first:X}}}-\x{{{last:X}}}" for first, last in _UNSEEN) + "]"
_WIDE = r"[\x{FF10}-\x{FF19}\x{FF21}-\x{FF3A}\x{FF41}-\x{FF5A}\x{3000}\x{A0}]"
_BLANK = r"[\s\x{0B}\x{1C}-\x{1F}\x{85}\p{Z}\x{200B}]"
_NARROW = {
    code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_NARROW |= {0x3000: 0x20, 0xA0: 0x20}
_OPENING, _CLOSING = "\u3014", "\u3015"
_NOTHING = pa.scalar(None, pa.string())
_NO_CODE = r"[^0-9A-Z]"
_QUOTES = "'`\u2018\u2019"
_TEXT_MARK = rf'^[{_QUOTES}][^{_QUOTES}]*$|^="[^"]*"$'
UNUSUAL = f"{_HIDDEN}|{_WIDE}|^{_BLANK}|{_BLANK}$|{_TEXT_MARK}"
"""What `blanks`, `unmarked` and `text` look for: values without it stay as they are."""


def unusual_in(field: Property, words: Vocabulary) -> str:
    """A pattern that finds every value which the field's normalisers may change, placeholders aside."""
    names = set(_names(field))
    found = [UNUSUAL, _NO_CODE if names & {"code", "identifier"} else ""]
    if "document_no" in names:
        others = _class(words.opening_brackets, _OPENING) + _class(words.closing_brackets, _CLOSING)
        found.append(rf"\s|[{others}]")
    return "|".join(filter(None, found))


def normalised(values: Strings, field: Property, words: Vocabulary, unusual: Mask = None) -> Strings:
    """The column as the contract wants it compared and kept; blanks and placeholders become null.

    `unusual` are the values that `unusual_in` finds, where the caller knows them; more do no harm.
    """
    unusual = matches(values, unusual_in(field, words)) if unusual is None else unusual
    result = blanks(values, unusual)
    if _names(field) or field.use.codes or field.type != "string":
        result = unmarked(result, unusual)
    result = placeholders(result, field.use.placeholders or words.placeholders)
    for name in _names(field):
        result = NORMALISERS[name](result, words, unusual)
    return result


def blanks(values: Strings, unusual: Mask = None) -> Strings:
    """Without outer blanks of any kind and without characters that nobody can see."""
    unusual = matches(values, UNUSUAL) if unusual is None else unusual
    values = patch(values, matches(values, _HIDDEN, unusual), lambda text: text.translate(_INVISIBLE))
    if pc.any(unusual).as_py():
        values = pc.replace_with_mask(values, unusual, pc.utf8_trim_whitespace(values.filter(unusual)))
    empty = pc.equal(pc.binary_length(values), 0)
    return pc.if_else(empty, _NOTHING, values) if pc.any(empty).as_py() else values


def unmarked(values: Strings, unusual: Mask = None) -> Strings:
    """Without the sign by which spreadsheets and exports say that a cell is text: '0123 or ="0123"."""
    marked = matches(values, _TEXT_MARK, unusual)
    return patch(values, marked, lambda text: text.lstrip("=").strip(_QUOTES + '"').strip() or None)


def placeholders(values: Strings, words: tuple[str, ...]) -> Strings:
    """Without the texts that departments write for "nothing"."""
    short = of_bytes(values, 0, max(len(word.encode()) for word in words))
    if not pc.any(short).as_py():
        return values
    few = values.filter(short)
    found = pc.is_in(few, pa.array(words))
    return (
        pc.replace_with_mask(values, short, pc.if_else(found, _NOTHING, few))
        if pc.any(found).as_py()
        else values
    )


def text(values: Strings, words: Vocabulary, unusual: Mask) -> Strings:
    """Full-width letters and digits, and wide blanks, become narrow; brackets and punctuation stay."""
    wide = matches(values, _WIDE, unusual)
    return patch(values, wide, lambda value: value.translate(_NARROW).strip() or None)


def code(values: Strings, words: Vocabulary, unusual: Mask) -> Strings:
    """NFKC, upper case, no blanks inside."""
    return patch(values, matches(values, _NO_CODE, unusual), plain_code)


def identifier(values: Strings, words: Vocabulary, unusual: Mask) -> Strings:
    """A code without the hyphens and blanks that people put into numbers."""
    return patch(values, matches(values, _NO_CODE, unusual), plain_identifier)


def document_no(values: Strings, words: Vocabulary, unusual: Mask) -> Strings:
    """Brackets around the year become U+3014 and U+3015; blanks go; full-width digits become narrow."""
    values = patch(values, matches(values, r"\s|" + _WIDE, unusual), _plain_document_no)
    opening, closing = words.opening_brackets, words.closing_brackets
    year = "[{}]([0-9]{{4}})[{}]"
    other = matches(
        values,
        f"{year.format(_class(opening, _OPENING), _class(closing))}|"
        f"{year.format(_class(opening), _class(closing, _CLOSING))}",
        unusual,
    )
    if not pc.any(other).as_py():
        return values
    pattern = year.format(_class(opening), _class(closing))
    changed = pc.replace_substring_regex(values.filter(other), pattern, f"{_OPENING}\\1{_CLOSING}")
    return pc.replace_with_mask(values, other, changed)


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


def _class(letters: str, without: str = "") -> str:
    return re.escape(letters.replace(without, ""))


def _names(field: Property) -> tuple[str, ...]:
    return (*field.use.normalise, "identifier") if field.use.identifier else field.use.normalise


NORMALISERS: dict[str, Callable[[Strings, Vocabulary, Mask], Strings]] = {
    "text": text,
    "code": code,
    "identifier": identifier,
    "document_no": document_no,
}

"""Where the header is and which field each column holds: by words, never by position (B2, B3)."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from conduct_records.contracts.book import ContractBook
from conduct_records.contracts.codes import comparable
from conduct_records.contracts.model import Contract, Template
from conduct_records.contracts.vocabulary import Vocabulary
from conduct_records.intake.refusal import Refused
from conduct_records.intake.sheets import Cells, Finding, ranges

_BRACKETS = str.maketrans(
    "[]\u3010\u3011\u3014\u3015-", "()()()_"
)  # NFKC has made the full-width ones narrow


@dataclass(frozen=True)
class Layout:
    """How a sheet is to be read. `fields` maps a column's position to its field, the rest are unknown.

    `header_row` is the last row of the header, counted from 1; `headers` are the header's texts by position.
    """

    contract: Contract
    template: Template
    header_row: int
    headers: list[str]
    fields: dict[int, str]
    findings: tuple[Finding, ...]

    @property
    def width(self) -> int:
        """How many columns a row has."""
        return len(self.headers)

    @property
    def unknown(self) -> dict[int, str]:
        """Columns that no field of the template claims: position to header."""
        return {place: text for place, text in enumerate(self.headers) if place not in self.fields}


@dataclass(frozen=True)
class _Header:
    """A candidate: its last row, of how many rows it is made, its texts by position."""

    last_row: int
    rows: int
    headers: list[str]


@dataclass(frozen=True)
class _Match:
    contract: Contract
    template: Template
    header: _Header
    fields: dict[int, str]
    doubled: list[str]

    @property
    def missing(self) -> list[str]:
        found = set(self.fields.values())
        required = (field for field in self.contract.fields.values() if field.required)
        return [
            field.name
            for field in required
            if field.name in self.template.columns and field.name not in found
        ]

    @cached_property
    def rank(self) -> tuple[bool, int, int, int]:
        """Complete first, then the most fields, the fewest strangers, the plainest header."""
        named = sum(bool(text) for text in self.header.headers)
        return not self.missing, len(self.fields), len(self.fields) - named, -self.header.rows


def find_layout(head: list[Cells], book: ContractBook, kind: str | None = None) -> Layout:
    """The layout of a sheet from its first rows.

    Raises:
        Refused: unknown_template, missing_required_column, ambiguous_template, ambiguous_column,
            unit_of_column, rows_above_header, broken_contract.
    """
    if kind in book.broken:
        raise Refused("broken_contract", kind or "")
    contracts = list(book.contracts.values()) if kind is None else [book.contracts[kind]]
    matches = sorted(_matches(head, contracts, book), key=lambda match: match.rank, reverse=True)
    if not matches or len(matches[0].fields) < 2:
        raise _unknown(book, _closest(matches))
    best = matches[0]
    _refuse_doubtful(best, matches, book)
    _refuse_losses(best, matches, head, book)
    return Layout(
        best.contract,
        best.template,
        best.header.last_row + _repeats_in_codes(best, head, book),
        best.header.headers,
        best.fields,
        tuple(_findings(best, book)),
    )


def _unknown(book: ContractBook, closest: str) -> Refused:
    """What to say of a stranger: while a contract is broken, its files look like strangers too."""
    if book.broken:
        return Refused("broken_contract", "\u3001".join(sorted(book.broken)))
    return Refused("unknown_template", value=closest)


def canonical(header: str, marks: str) -> str:
    """A header as it is compared: NFKC, no blanks or line breaks, one kind of bracket and underscore.

    `marks` is the pattern of what forms set around a header: its number, a star, that it must be filled in.
    """
    return re.sub(marks, "", comparable(header).translate(_BRACKETS))


def is_ignored(header: str, words: Vocabulary) -> bool:
    """Whether a column is of the table and not of its content: serial numbers."""
    return canonical(header, words.header_marks) in words.ignored_headers


@lru_cache(maxsize=256)
def _meanings(book: ContractBook, kind: str, code: str) -> dict[str, str]:
    """Canonical header to field, for one template; the template's own headers win over general ones."""
    contract, marks = book.contracts[kind], book.vocabulary.header_marks
    template = next(template for template in contract.use.templates if template.code == code)
    return {
        canonical(header, marks): name
        for name in reversed(list(template.columns))
        for header in reversed(contract.headers(template, name))
    }


def _matches(head: list[Cells], contracts: list[Contract], book: ContractBook) -> Iterator[_Match]:
    for candidate in _candidates(head):
        plain = [canonical(text, book.vocabulary.header_marks) if text else "" for text in candidate.headers]
        if sum(map(bool, plain)) < 2:
            continue
        for contract in contracts:
            for template in contract.use.templates:
                meanings = _meanings(book, contract.id, template.code)
                fields, doubled = _named(candidate.headers, plain, meanings)
                yield _Match(contract, template, candidate, fields, doubled)


def _named(
    headers: list[str], plain: list[str], meanings: dict[str, str]
) -> tuple[dict[int, str], list[str]]:
    """Which column holds which field, and the headers that mean a field a second time."""
    fields: dict[int, str] = {}
    doubled = []
    for place, text in enumerate(plain):
        if name := meanings.get(text):
            if name in fields.values():
                doubled.append(headers[place])
            else:
                fields[place] = name
    return fields, doubled


def _candidates(head: list[Cells]) -> Iterator[_Header]:
    """Each row as a header by itself, and with the row above as its groups."""
    for index, row in enumerate(head):
        texts = [(cell or "").strip() for cell in row]
        if not any(texts):
            continue
        yield _Header(index + 1, 1, texts)
        above = [(cell or "").strip() for cell in head[index - 1]] if index else []
        if sum(map(bool, above)) >= 2:
            yield _Header(index + 1, 2, list(_combined(above, texts)))


def _combined(above: list[str], below: list[str]) -> Iterator[str]:
    """Two header rows as one: a lower cell stands alone; a blank one takes the text above it.

    Codes below labels (a second row that repeats the header in another vocabulary) count as the label's row.
    """
    for place in range(max(len(above), len(below))):
        upper = above[place] if place < len(above) else ""
        lower = below[place] if place < len(below) else ""
        yield lower or upper


def _refuse_doubtful(best: _Match, matches: list[_Match], book: ContractBook) -> None:
    label = f"{best.contract.object.label}\uff08{best.template.label}\uff09"
    if best.missing:
        enough = 2 if book.broken else 1  # thirds; a broken kind's file resembles another kind at most
        if len(best.fields) * 3 < len(best.template.columns) * enough:
            raise _unknown(book, label)
        names = "\u3001".join(official(best.contract, best.template, name) for name in best.missing)
        raise Refused("missing_required_column", names, label)
    rivals = {
        m.contract.id for m in matches if m.rank == best.rank and m.header.last_row == best.header.last_row
    }
    if len(rivals) > 1:
        raise Refused("ambiguous_template", "\u3001".join(sorted(book.labels[kind] for kind in rivals)))
    if best.doubled:
        raise Refused("ambiguous_column", value=best.doubled[0])


def _refuse_losses(match: _Match, matches: list[_Match], head: list[Cells], book: ContractBook) -> None:
    """Refuse what would be left out without a word: rows above the header, an amount in another unit."""
    if rows := _rows_above(match, matches, head):
        raise Refused("rows_above_header", ranges(rows))
    strangers = [text for place, text in enumerate(match.header.headers) if place not in match.fields]
    lacking = [name for name in match.template.columns if name not in match.fields.values()]
    for text, name in itertools.product(filter(None, strangers), lacking):
        if _is_in_another_unit(text, name, match, book):
            raise Refused("unit_of_column", official(match.contract, match.template, name), text)


def _rows_above(match: _Match, matches: list[_Match], head: list[Cells]) -> list[int]:
    """The rows above the header that are no title: another table's header, or as full as a row must be.

    A table sorted with its header, or another table on top of this one, leaves such rows.
    """
    needed = [place for place, name in match.fields.items() if match.contract.fields[name].required]
    above = head[: match.header.last_row - match.header.rows]
    headers = {other.header.last_row for other in matches if not other.missing}
    filled = [len({row[place] for place in needed if place < len(row)} - {None}) for row in above]
    return [row for row, texts in enumerate(filled, 1) if row in headers or 2 * texts >= len(needed)]


def _is_in_another_unit(text: str, name: str, match: _Match, book: ContractBook) -> bool:
    """Whether a header is the field's but for its unit."""
    unit, words = match.contract.fields[name].use.unit, book.vocabulary
    if unit is None:
        return False
    meanings = _meanings(book, match.contract.id, match.template.code)
    plain = canonical(text, words.header_marks)
    others = (plain.replace(f"({scale})", f"({unit.label})") for scale in words.amounts.scales)
    return any(meanings.get(other) == name for other in others)


def _repeats_in_codes(match: _Match, head: list[Cells], book: ContractBook) -> int:
    """1 where the row below says the header again in another vocabulary (labels above codes), else 0."""
    below = head[match.header.last_row] if match.header.last_row < len(head) else []
    meanings = _meanings(book, match.contract.id, match.template.code)
    said = [
        meanings.get(canonical(cell, book.vocabulary.header_marks)) == match.fields.get(place, "")
        for place, cell in enumerate(below)
        if cell
    ]
    return int(len(said) >= 2 and all(said))


def official(contract: Contract, template: Template, name: str) -> str:
    """The header that the template itself prints for a field."""
    return contract.headers(template, name)[0]


def _findings(match: _Match, book: ContractBook) -> Iterator[Finding]:
    for place, text in enumerate(match.header.headers):
        if place not in match.fields and text and not is_ignored(text, book.vocabulary):
            yield Finding("unknown_column", text)
    found = set(match.fields.values()) | set(match.template.extensions)
    missing = [
        official(match.contract, match.template, name) for name in match.template.columns if name not in found
    ]
    if missing:
        yield Finding("missing_column", detail="\u3001".join(missing))


def _closest(matches: list[_Match]) -> str:
    return matches[0].contract.object.label if matches and matches[0].fields else "\u65e0"

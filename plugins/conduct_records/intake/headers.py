"""Which rows can be a header, and which field each of its columns would hold (B2, B3)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from conduct_records.contracts.book import ContractBook
from conduct_records.contracts.codes import comparable
from conduct_records.contracts.model import Contract, Template
from conduct_records.contracts.vocabulary import Vocabulary
from conduct_records.intake.sheets import Cells

# full-width ones are narrow already: comparable() normalises by NFKC
_BRACKETS = str.maketrans("[]\u3010\u3011\u3014\u3015-", "()()()_")


@dataclass(frozen=True)
class Header:
    """A candidate: its last row, of how many rows it is made, its texts by position."""

    last_row: int
    rows: int
    headers: list[str]


@dataclass(frozen=True)
class Match:
    """A candidate read as one template: which column holds which field, and headers that mean one twice."""

    contract: Contract
    template: Template
    header: Header
    fields: dict[int, str]
    doubled: list[str]

    @property
    def missing(self) -> list[str]:
        """Required fields of the template that no column holds."""
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


def matches_of(head: list[Cells], contracts: list[Contract], book: ContractBook) -> Iterator[Match]:
    """Every candidate read as every template of the contracts."""
    for candidate in _candidates(head):
        plain = [canonical(text, book.vocabulary.header_marks) if text else "" for text in candidate.headers]
        if sum(map(bool, plain)) < 2:
            continue
        for contract in contracts:
            for template in contract.use.templates:
                meanings = meanings_of(book, contract.id, template.code)
                fields, doubled = _named(candidate.headers, plain, meanings)
                yield Match(contract, template, candidate, fields, doubled)


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


@lru_cache(maxsize=256)
def meanings_of(book: ContractBook, kind: str, code: str) -> dict[str, str]:
    """Canonical header to field, for one template; the template's own headers win over general ones."""
    contract, marks = book.contracts[kind], book.vocabulary.header_marks
    template = next(template for template in contract.use.templates if template.code == code)
    return {
        canonical(header, marks): name
        for name in reversed(list(template.columns))
        for header in reversed(contract.headers(template, name))
    }


def canonical(header: str, marks: str) -> str:
    """A header as it is compared: NFKC, no blanks or line breaks, one kind of bracket and underscore.

    `marks` is the pattern of what forms set around a header: its number, a star, that it must be filled in.
    """
    return re.sub(marks, "", comparable(header).translate(_BRACKETS))


def is_ignored(header: str, words: Vocabulary) -> bool:
    """Whether a column is of the table and not of its content: serial numbers."""
    return canonical(header, words.header_marks) in words.ignored_headers


def official(contract: Contract, template: Template, name: str) -> str:
    """The header that the template itself prints for a field."""
    return contract.headers(template, name)[0]


def _candidates(head: list[Cells]) -> Iterator[Header]:
    """Each row as a header by itself, and with the row above as its groups."""
    for index, row in enumerate(head):
        texts = [(cell or "").strip() for cell in row]
        if not any(texts):
            continue
        yield Header(index + 1, 1, texts)
        above = [(cell or "").strip() for cell in head[index - 1]] if index else []
        if sum(map(bool, above)) >= 2:
            yield Header(index + 1, 2, list(_combined(above, texts)))


def _combined(above: list[str], below: list[str]) -> Iterator[str]:
    """Two header rows as one: a lower cell stands alone; a blank one takes the text above it.

    Codes below labels (a second row that repeats the header in another vocabulary) count as the label's row.
    """
    for place in range(max(len(above), len(below))):
        upper = above[place] if place < len(above) else ""
        lower = below[place] if place < len(below) else ""
        yield lower or upper

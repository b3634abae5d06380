"""Where the header is and which field each column holds: by words, never by position (B2, B3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from conduct_records.contracts.book import ContractBook
from conduct_records.contracts.model import Contract, Template
from conduct_records.contracts.wording import listed
from conduct_records.intake.doubts import refuse_doubtful, refuse_losses, stranger
from conduct_records.intake.headers import Match, canonical, is_ignored, matches_of, meanings_of, official
from conduct_records.intake.refusal import Refused
from conduct_records.intake.sheets import Cells, Finding


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


def find_layout(head: list[Cells], book: ContractBook, kind: str | None = None) -> Layout:
    """The layout of a sheet from its first rows.

    Raises:
        Refused: unknown_template, missing_required_column, ambiguous_template, ambiguous_column,
            unit_of_column, rows_above_header, broken_contract.
    """
    if kind in book.broken:
        raise Refused("broken_contract", kind or "")
    contracts = list(book.contracts.values()) if kind is None else [book.contracts[kind]]
    matches = sorted(matches_of(head, contracts, book), key=lambda match: match.rank, reverse=True)
    if not matches or len(matches[0].fields) < 2:
        raise stranger(book, _closest(matches, book))
    best = matches[0]
    refuse_doubtful(best, matches, book)
    refuse_losses(best, matches, head, book)
    return Layout(
        best.contract,
        best.template,
        best.header.last_row + _repeats_in_codes(best, head, book),
        best.header.headers,
        best.fields,
        tuple(_findings(best, book)),
    )


def _repeats_in_codes(match: Match, head: list[Cells], book: ContractBook) -> int:
    """1 where the row below says the header again in another vocabulary (labels above codes), else 0."""
    below = head[match.header.last_row] if match.header.last_row < len(head) else []
    meanings = meanings_of(book, match.contract.id, match.template.code)
    said = [
        meanings.get(canonical(cell, book.vocabulary.header_marks)) == match.fields.get(place, "")
        for place, cell in enumerate(below)
        if cell
    ]
    return int(len(said) >= 2 and all(said))


def _findings(match: Match, book: ContractBook) -> Iterator[Finding]:
    for place, text in enumerate(match.header.headers):
        if place not in match.fields and text and not is_ignored(text, book.vocabulary):
            yield Finding("unknown_column", text)
    found = set(match.fields.values()) | set(match.template.extensions)
    missing = [
        official(match.contract, match.template, name) for name in match.template.columns if name not in found
    ]
    if missing:
        yield Finding("missing_column", detail=listed(missing))


def _closest(matches: list[Match], book: ContractBook) -> str:
    return matches[0].contract.object.label if matches and matches[0].fields else book.vocabulary.no_template

"""What makes a header too doubtful to read below it: a refusal says why (B2, B3)."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from conduct_records.contracts.book import ContractBook
from conduct_records.contracts.model import Contract
from conduct_records.contracts.wording import beside, listed
from conduct_records.intake.headers import Match, canonical, meanings_of, official
from conduct_records.intake.refusal import Refused
from conduct_records.intake.sheets import Cells, ranges


def refuse_doubtful(best: Match, matches: list[Match], book: ContractBook) -> None:
    """Refuse what lacks a required column, fits two kinds as well, or says a field twice."""
    label = beside(best.contract.object.label, best.template.label)
    if best.missing:
        enough = 2 if book.broken else 1  # thirds; a broken kind's file resembles another kind at most
        if len(best.fields) * 3 < len(best.template.columns) * enough:
            raise stranger(book, label)
        names = listed(official(best.contract, best.template, name) for name in best.missing)
        raise Refused("missing_required_column", names, label)
    rivals = {
        m.contract.id for m in matches if m.rank == best.rank and m.header.last_row == best.header.last_row
    }
    if len(rivals) > 1:
        raise Refused("ambiguous_template", listed(sorted(book.labels[kind] for kind in rivals)))
    if best.doubled:
        raise Refused("ambiguous_column", value=best.doubled[0])


def refuse_losses(match: Match, matches: list[Match], head: list[Cells], book: ContractBook) -> None:
    """Refuse what would be left out without a word: rows above the header, amounts in another unit."""
    if rows := _rows_above(match, matches, head):
        raise Refused("rows_above_header", ranges(rows))
    strangers = [text for place, text in enumerate(match.header.headers) if place not in match.fields]
    lacking = [name for name in match.template.columns if name not in match.fields.values()]
    for text, name in itertools.product(filter(None, strangers), lacking):
        if _is_in_another_unit(text, name, match, book):
            raise Refused("unit_of_column", official(match.contract, match.template, name), text)


def refuse_misnamed(contract: Contract, names: Iterable[str | None]) -> None:
    """Refuse a table whose file, sheet or title names another kind than its headers do."""
    pattern = contract.use.never_titled
    for text in filter(None, names):
        if pattern and (said := pattern.search(text)):
            raise Refused("titled_otherwise", contract.object.label, said[0])


def _rows_above(match: Match, matches: list[Match], head: list[Cells]) -> list[int]:
    """The rows above the header that are no title: another table's header, or as full as a row must be.

    A table sorted with its header, or another table on top of this one, leaves such rows.
    """
    needed = [place for place, name in match.fields.items() if match.contract.fields[name].required]
    above = head[: match.header.last_row - match.header.rows]
    headers = {other.header.last_row for other in matches if not other.missing}
    filled = [len({row[place] for place in needed if place < len(row)} - {None}) for row in above]
    return [row for row, texts in enumerate(filled, 1) if row in headers or 2 * texts >= len(needed)]


def _is_in_another_unit(text: str, name: str, match: Match, book: ContractBook) -> bool:
    """Whether a header is the field's but for its unit: another one, or none."""
    unit, words = match.contract.fields[name].use.unit, book.vocabulary
    if unit is None:
        return False
    meanings = meanings_of(book, match.contract.id, match.template.code)
    plain = canonical(text, words.header_marks)
    here = f"({unit.label})"
    others = [plain.replace(f"({scale})", here) for scale in words.amounts.scales]
    return any(meanings.get(other) == name for other in [*others, plain + here])


def stranger(book: ContractBook, closest: str) -> Refused:
    """What to say of a stranger: while a contract is broken, its files look like strangers too."""
    if book.broken:
        return Refused("broken_contract", listed(sorted(book.broken)))
    return Refused("unknown_template", value=closest)

"""What a spreadsheet or a narrow encoding did to a value: it can be told, and nothing undoes it (B2, B10)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from conduct_records.contracts.model import Property
from conduct_records.contracts.vocabulary import Vocabulary
from conduct_records.validation.arrays import Mask, Strings, matches, of_bytes

if TYPE_CHECKING:
    from conduct_records.validation.columns import Columns


def checks(prop: Property, words: Vocabulary) -> Iterator[tuple[str, Callable[[Columns], Mask]]]:
    """The checks of a field of text: free text may ask and give figures, names and numbers do not."""
    if prop.use.personal_id:
        for issue in ("cell_error", "damaged_number", "ditto"):
            yield issue, partial(_found, name=prop.name, issue=issue)
    elif prop.type == "string" and not prop.use.codes:
        yield "cell_error", partial(_in_text, name=prop.name, test=partial(cell_errors, words=words))
        yield "ditto", partial(_in_text, name=prop.name, test=partial(dittos, words=words))
        if prop.use.normalise:
            yield "damaged_number", partial(_in_text, name=prop.name, test=partial(damaged, words=words))
            yield "lost_character", partial(_in_text, name=prop.name, test=partial(_lost, words=words))
        if {"code", "document_no"} & set(prop.use.normalise):
            yield "turned_into_date", partial(_in_text, name=prop.name, test=partial(_dates, words=words))


def cell_errors(values: Strings, words: Vocabulary) -> Mask:
    """What a spreadsheet shows for a formula that failed, and for a column that is too narrow."""
    return matches(values, words.cell_error, pc.fill_null(pc.starts_with(values, "#"), False))


def damaged(values: Strings, words: Vocabulary) -> Mask:
    """Numbers in scientific notation, as a spreadsheet writes long ones."""
    return matches(values, words.scientific, of_bytes(values, 5, 12))


def dittos(values: Strings, words: Vocabulary) -> Mask:
    """What only points at another row: rows are taken one by one, in whatever order."""
    return matches(values, words.ditto, of_bytes(values, 1, 9))


def _dates(values: Strings, words: Vocabulary) -> Mask:
    return matches(values, words.turned_into_date, of_bytes(values, 5, 19))


def _lost(values: Strings, words: Vocabulary) -> Mask:
    return pc.fill_null(pc.match_substring(values, words.lost_character), False)


def _in_text(columns: Columns, name: str, test: Callable[[Strings], Mask]) -> Mask:
    return test(columns.text[name])


def _found(columns: Columns, name: str, issue: str) -> Mask:
    return columns.failing(name, issue)

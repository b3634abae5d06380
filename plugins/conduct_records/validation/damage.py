"""What a spreadsheet or a narrow encoding did to a value: it can be told, and nothing undoes it (B2, B10)."""

from __future__ import annotations

import pyarrow.compute as pc

from conduct_records.contracts.vocabulary import Vocabulary
from conduct_records.validation.arrays import Mask, Strings, matches, of_bytes


def cell_errors(values: Strings, words: Vocabulary) -> Mask:
    """What a spreadsheet shows for a formula that failed, and for a column that is too narrow."""
    return matches(values, words.cell_error, pc.fill_null(pc.starts_with(values, "#"), False))


def damaged(values: Strings, words: Vocabulary) -> Mask:
    """Numbers in scientific notation, as a spreadsheet writes long ones."""
    return matches(values, words.scientific, of_bytes(values, 5, 12))


def dittos(values: Strings, words: Vocabulary) -> Mask:
    """What only points at another row: rows are taken one by one, in whatever order."""
    return matches(values, words.ditto, of_bytes(values, 1, 9))


def turned_into_dates(values: Strings, words: Vocabulary) -> Mask:
    """Numbers that a spreadsheet took for a date."""
    return matches(values, words.turned_into_date, of_bytes(values, 5, 19))


def lost_characters(values: Strings, words: Vocabulary) -> Mask:
    """Where a narrow encoding put its mark for a character that it lacks."""
    return pc.fill_null(pc.match_substring(values, words.lost_character), False)

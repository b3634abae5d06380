"""Check digits over whole columns: what `conduct_records.checkdigits` says of one code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from conduct_records.checkdigits import ORG_ALPHABET, ORG_WEIGHTS, USCC_ALPHABET, USCC_KINDS, USCC_WEIGHTS
from conduct_records.validation.arrays import Mask, Strings, matrix, none_of, of_length


def uscc_mask(codes: Strings) -> Mask:
    """Which codes pass the outer check of GB 32100 and have a known department; nulls do not."""
    return _over(codes, 18, _uscc)


def org_code_mask(codes: Strings) -> Mask:
    """Which nine-character organisation codes (no hyphen) pass the check of GB 11714; nulls do not."""
    return _over(codes, 9, _org_code)


def inner_org_code_mask(codes: Strings) -> Mask:
    """Which unified codes hold a valid organisation code inside; nulls do not."""
    return _over(codes, 18, lambda rows: _org_code(rows[:, 8:17]))


def registration_no_mask(codes: Strings) -> Mask:
    """Which 15-digit registration numbers pass their check; nulls do not."""
    return _over(codes, 15, _registration_no)


def _over(codes: Strings, length: int, test: Callable[[Any], Any]) -> Mask:
    fits = of_length(codes, length)
    result = none_of(len(codes))
    if not pc.any(fits).as_py():
        return result
    return pc.replace_with_mask(result, fits, pa.array(test(matrix(codes.filter(fits), length))))


def _values(rows: Any, alphabet: str) -> Any:
    table = np.full(256, -1, np.int32)
    for value, letter in enumerate(alphabet):
        table[ord(letter)] = value
    return table[rows]


def _uscc(rows: Any) -> Any:
    values = _values(rows, USCC_ALPHABET)
    check = (31 - (values[:, :17] * np.array(USCC_WEIGHTS, np.int32)).sum(axis=1) % 31) % 31
    known = np.zeros((256, 256), bool)
    for department, categories in USCC_KINDS.items():
        for category in categories:
            known[ord(department), ord(category)] = True
    digits = (values[:, 2:8] >= 0) & (values[:, 2:8] <= 9)
    return (
        (values >= 0).all(axis=1)
        & (check == values[:, 17])
        & known[rows[:, 0], rows[:, 1]]
        & digits.all(axis=1)
    )


def _org_code(rows: Any) -> Any:
    values = _values(rows, ORG_ALPHABET)
    check = 11 - (values[:, :8] * np.array(ORG_WEIGHTS, np.int32)).sum(axis=1) % 11
    letter = np.array([ord(c) for c in "?123456789X0"], np.uint8)[check]
    return (values[:, :8] >= 0).all(axis=1) & (letter == rows[:, 8])


def _registration_no(rows: Any) -> Any:
    values = _values(rows, "0123456789")
    product = np.full(len(rows), 10, np.int32)
    for position in range(14):
        total = (product % 11 + values[:, position]) % 10
        product = np.where(total == 0, 10, total) * 2
    return (values >= 0).all(axis=1) & ((product % 11 + values[:, 14]) % 10 == 1)

"""Check digits of the four identifiers: pure functions, and the same over whole columns.

Sources: GB 32100-2015 (unified social credit code), GB 11714-1997 (organisation code), GS 15-2006 (15-digit
registration number, ISO 7064 MOD 11,10), GB 11643-1999 (resident id). python-stdnum rejects unified codes
that begin with A, N or Y; these are valid.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from conduct_records.validation.arrays import Mask, Strings, matrix, none_of, of_length

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = [pow(3, position, 31) for position in range(17)]
ORG_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ORG_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2]
RESIDENT_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
RESIDENT_CHECKS = "10X98765432"
USCC_KINDS = {
    "1": "1239", "2": "19", "3": "123459", "4": "19", "5": "1239", "6": "129",
    "7": "129", "8": "19", "9": "123", "A": "19", "N": "1239", "Y": "1",
}  # fmt: skip


def is_uscc(code: str) -> bool:
    """Whether a unified social credit code passes its outer check and begins with a known department."""
    if len(code) != 18 or code[1] not in USCC_KINDS.get(code[0], "") or not _digits(code[2:8]):
        return False
    values = [USCC_ALPHABET.find(letter) for letter in code]
    total = sum(value * weight for value, weight in zip(values, USCC_WEIGHTS, strict=False))
    return min(values) >= 0 and (total + values[17]) % 31 == 0


def is_org_code(code: str) -> bool:
    """Whether a nine-character organisation code (no hyphen) passes its check."""
    return bool(org_code_mask(pa.array([code], pa.string()))[0].as_py())


def is_registration_no(code: str) -> bool:
    """Whether a 15-digit registration number passes its check."""
    return bool(registration_no_mask(pa.array([code], pa.string()))[0].as_py())


def is_resident_id(code: str) -> bool:
    """Whether an id has 18 characters with a birth date and a valid check, or is an old one of 15 digits."""
    if len(code) == 15:
        return code.isascii() and code.isdigit() and _is_day("19" + code[6:12])
    if len(code) != 18 or not (code.isascii() and code[:17].isdigit()) or not _is_day(code[6:14]):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(code, RESIDENT_WEIGHTS, strict=False))
    return code[17] == RESIDENT_CHECKS[total % 11]


def uscc_mask(codes: Strings) -> Mask:
    """Which codes pass the outer check of GB 32100 and have a known department; nulls do not."""
    return _over(codes, 18, _uscc)


def org_code_mask(codes: Strings) -> Mask:
    """Which codes pass the check of GB 11714; nulls do not."""
    return _over(codes, 9, _org_code)


def inner_org_code_mask(codes: Strings) -> Mask:
    """Which unified codes hold a valid organisation code inside; nulls do not."""
    return _over(codes, 18, lambda rows: _org_code(rows[:, 8:17]))


def registration_no_mask(codes: Strings) -> Mask:
    """Which 15-digit registration numbers pass their check; nulls do not."""
    return _over(codes, 15, _registration_no)


def _over(codes: Strings, length: int, test: Any) -> Mask:
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


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _is_day(text: str) -> bool:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8])).year >= 1880
    except ValueError:
        return False

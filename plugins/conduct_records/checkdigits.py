"""Check digits of codes and ids, one by one; `validation.code_masks` tells the same of whole columns.

Sources: GB 32100-2015 (unified social credit code), GB 11714-1997 (organisation code), GS 15-2006 (15-digit
registration number, ISO 7064 MOD 11,10), GB 11643-1999 (resident id). python-stdnum rejects unified codes
that begin with A, N or Y; these are valid.
"""

from __future__ import annotations

from datetime import date

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


def is_registration_no(code: str) -> bool:
    """Whether a 15-digit registration number passes its check."""
    if len(code) != 15 or not _digits(code):
        return False
    product = 10
    for digit in code[:14]:
        product = ((product % 11 + int(digit)) % 10 or 10) * 2
    return (product % 11 + int(code[14])) % 10 == 1


def is_resident_id(code: str) -> bool:
    """Whether an id has 18 characters with a birth date and a valid check, or is an old one of 15 digits."""
    if len(code) == 15:
        return _digits(code) and _is_day("19" + code[6:12])
    if len(code) != 18 or not _digits(code[:17]) or not _is_day(code[6:14]):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(code, RESIDENT_WEIGHTS, strict=False))
    return code[17] == RESIDENT_CHECKS[total % 11]


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _is_day(text: str) -> bool:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8])).year >= 1880
    except ValueError:
        return False

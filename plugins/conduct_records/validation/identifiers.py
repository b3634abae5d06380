"""Rules on identifiers: check digits, damage, codes that stand in the wrong column."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial, reduce

import pyarrow.compute as pc

from conduct_records.contracts.model import Contract, Identifier, Property
from conduct_records.validation.arrays import Mask, Strings, either, matches, none_of, of_bytes
from conduct_records.validation.code_masks import (
    inner_org_code_mask,
    org_code_mask,
    registration_no_mask,
    uscc_mask,
)
from conduct_records.validation.columns import Columns

_SCIENTIFIC = r"^[0-9](\.[0-9]+)?[Ee]\+?[0-9]{1,2}$"
_LEGACY_REGISTRATION = r"^[0-9]{13}$"
_HAN = r"\p{Han}"

Check = tuple[str, Callable[[Columns], Mask], str]


def checks(name: str, kind: Identifier) -> Iterator[Check]:
    """The checks of an identifier field: issue code, mask of failures, detail of the message."""
    yield "damaged_number", partial(_damaged, name=name), ""
    yield "code_case", partial(_case, name=name), ""
    yield "code_blank", partial(_blank, name=name), ""
    yield from ((issue, partial(check, name=name), detail) for issue, check, detail in _CHECKS[kind])


def code_in_text(columns: Columns, name: str) -> Mask:
    """A name that is nothing but a code."""
    return either(columns.failing(name, "code_in_wrong_column"), columns.once(name, _bare_code))


def shifted(columns: Columns, contract: Contract) -> Mask:
    """Rows in which at least two cells cannot belong to their columns (B10)."""
    misfits = [columns.each(name, partial(_misfit, prop=contract.fields[name])) for name in columns.raw]
    met = [mask for mask in misfits if pc.any(mask).as_py()]
    if len(met) < 2:
        return none_of(columns.size)
    return pc.greater_equal(reduce(pc.add, [pc.cast(mask, "int32") for mask in met]), 2)


def _misfit(columns: Columns, prop: Property) -> Mask:
    text = columns.text[prop.name]
    if prop.type == "date":
        return pc.and_(columns.failing(prop.name, "date_format"), pc.invert(matches(text, r"[0-9]{3}")))
    if prop.use.identifier:
        return matches(text, _HAN, columns.odd[prop.name])
    if "text" in prop.use.normalise:
        return either(code_in_text(columns, prop.name), columns.once(prop.name, _day))
    return none_of(columns.size)


def _day(text: Strings) -> Mask:
    return matches(text, r"^[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}$", of_bytes(text, 8, 10))


def _bare_code(text: Strings) -> Mask:
    return matches(text, r"[0-9]{6}", matches(text, r"^[0-9A-Z]{15,18}$", of_bytes(text, 15, 18)))


def _damaged_text(text: Strings, odd: Mask) -> Mask:
    return matches(text, _SCIENTIFIC, either(odd, of_bytes(text, 3, 4)))  # 1E10 is as plain as a code


def _value(columns: Columns, name: str) -> Strings:
    return columns.text[name]


def _sound(columns: Columns, name: str) -> Mask:
    """Values that are neither missing nor found to be something else."""
    text = _value(columns, name)
    return pc.and_(pc.is_valid(text), pc.invert(either(_damaged(columns, name), _misplaced(columns, name))))


def _damaged(columns: Columns, name: str) -> Mask:
    return columns.once(name, _damaged_text, columns.odd[name])


def _case(columns: Columns, name: str) -> Mask:
    lower = matches(columns.raw[name], r"^[0-9A-Za-z\s-]*[a-z]", columns.odd[name])
    return pc.and_(lower, pc.invert(either(_damaged(columns, name), _person(columns, name))))


def _blank(columns: Columns, name: str) -> Mask:
    parted = matches(columns.raw[name], r"[0-9A-Za-z][\s\x{A0}\x{3000}-]+[0-9A-Za-z]", columns.odd[name])
    return pc.and_(parted, pc.invert(_person(columns, name)))


def _person(columns: Columns, name: str) -> Mask:
    """Where a person's id stood: `raw` holds a token, whose letters and hyphen are ours."""
    return columns.failing(name, "code_in_wrong_column")


def _misplaced(columns: Columns, name: str) -> Mask:
    """A value that is a valid unified code; each field but the unified code's own takes it as misplaced."""
    return either(columns.failing(name, "code_in_wrong_column"), columns.once(name, uscc_mask))


def _misplaced_in_uscc(columns: Columns, name: str) -> Mask:
    return either(
        columns.failing(name, "code_in_wrong_column"),
        columns.once(name, org_code_mask),
        columns.once(name, registration_no_mask),
        columns.once(name, _legacy_no),
    )


def _uscc(columns: Columns, name: str) -> Mask:
    other = either(_damaged(columns, name), _misplaced_in_uscc(columns, name), columns.once(name, uscc_mask))
    return pc.and_(pc.is_valid(_value(columns, name)), pc.invert(other))


def _uscc_inner(columns: Columns, name: str) -> Mask:
    return pc.and_(columns.once(name, uscc_mask), pc.invert(columns.once(name, inner_org_code_mask)))


def _org_code(columns: Columns, name: str) -> Mask:
    return pc.and_(_sound(columns, name), pc.invert(columns.once(name, org_code_mask)))


def _registration_no(columns: Columns, name: str) -> Mask:
    other = either(columns.once(name, registration_no_mask), _legacy(columns, name))
    return pc.and_(_sound(columns, name), pc.invert(other))


def _legacy_no(text: Strings) -> Mask:
    return matches(text, _LEGACY_REGISTRATION, of_bytes(text, 13, 13))


def _legacy(columns: Columns, name: str) -> Mask:
    return columns.once(name, _legacy_no)


def _region(columns: Columns, name: str) -> Mask:
    text = _value(columns, name)
    fits = matches(text, r"^[1-9][0-9]{5}$", of_bytes(text, 6, 6))
    return pc.and_(_sound(columns, name), pc.invert(fits))


_CHECKS: dict[str, tuple[tuple[str, Callable[..., Mask], str], ...]] = {
    "uscc": (
        ("code_in_wrong_column", _misplaced_in_uscc, ""),
        ("uscc_check", _uscc, ""),
        ("uscc_inner_check", _uscc_inner, ""),
    ),
    "org_code": (("code_in_wrong_column", _misplaced, ""), ("org_code_check", _org_code, "")),
    "registration_no": (
        ("code_in_wrong_column", _misplaced, ""),
        ("registration_no_check", _registration_no, ""),
        ("registration_no_legacy", _legacy, ""),
    ),
    "region": (("code_in_wrong_column", _misplaced, ""), ("region_format", _region, "")),
}

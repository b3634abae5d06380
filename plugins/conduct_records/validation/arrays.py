"""Small tools on Arrow string arrays: patterns, patches of a few rows, work per distinct value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Strings = Any  # pa.StringArray
Mask = Any  # pa.BooleanArray
_SAMPLE = 512


def patch(values: Strings, mask: Mask, change: Callable[[str], str | None]) -> Strings:
    """The values with `change` applied where the mask is true; for masks that are mostly false."""
    if not pc.any(mask).as_py():
        return values
    changed = [change(value) for value in values.filter(mask).to_pylist()]
    return pc.replace_with_mask(values, mask, pa.array(changed, pa.string()))


def per_distinct(values: Strings, change: Callable[[str], Any], kind: pa.DataType) -> Any:
    """`change` applied to each distinct value once; nulls stay null. For columns that repeat themselves."""
    encoded = values.dictionary_encode()
    mapped = pa.array([change(value) for value in encoded.dictionary.to_pylist()], kind)
    return mapped.take(encoded.indices)


def distinct_where(values: Strings, test: Callable[[str], bool]) -> Mask:
    """Which values pass the test, asked once per distinct value; nulls fail."""
    return pc.fill_null(per_distinct(values, test, pa.bool_()), False)


def matches(values: Strings, pattern: str, among: Mask = None) -> Mask:
    """Which values match the RE2 pattern; nulls do not. With `among`, only its rows are looked at."""
    if among is None:
        return pc.fill_null(pc.match_substring_regex(values, pattern), False)
    if not pc.any(among).as_py():
        return none_of(len(values))
    return pc.replace_with_mask(none_of(len(values)), among, matches(values.filter(among), pattern))


def of_bytes(values: Strings, shortest: int, longest: int) -> Mask:
    """Which values take from `shortest` to `longest` bytes; nulls do not. It costs next to nothing."""
    length = pc.binary_length(values)
    return pc.fill_null(pc.and_(pc.greater_equal(length, shortest), pc.less_equal(length, longest)), False)


def of_length(values: Strings, length: int) -> Mask:
    """Which values are ASCII texts of this many characters; nulls are not."""
    bytes_ = pc.equal(pc.binary_length(values), length)
    return pc.fill_null(pc.and_(bytes_, pc.equal(pc.utf8_length(values), length)), False)


def matrix(values: Strings, length: int) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Values that all have `length` ASCII characters as a byte matrix, one row a value."""
    joined = pc.cast(values, pa.binary())
    offsets = np.frombuffer(joined.buffers()[1], np.int32)[joined.offset : joined.offset + len(joined) + 1]
    if len(joined) == 0:
        return np.empty((0, length), np.uint8)
    content = np.frombuffer(joined.buffers()[2], np.uint8)[offsets[0] : offsets[-1]]
    return content.reshape(-1, length)


def none_of(size: int) -> Mask:
    """A mask without a true value."""
    return pa.array(np.zeros(size, bool))


def either(*masks: Mask) -> Mask:
    """Where at least one mask is true."""
    result = masks[0]
    for mask in masks[1:]:
        result = pc.or_(result, mask)
    return result


def differ(left: Any, right: Any) -> Mask:
    """Where two arrays differ, null against a value included."""
    same = pc.fill_null(pc.equal(left, right), False)
    both_null = pc.and_(pc.is_null(left), pc.is_null(right))
    return pc.invert(pc.or_(same, both_null))


def repeating(values: Strings) -> Any:
    """The values as a dictionary array where each stands four times or more on average, else None."""
    if len(values) < _SAMPLE or len(values[:_SAMPLE].unique()) > _SAMPLE // 2:
        return None
    encoded = values.dictionary_encode(null_encoding="encode")
    return encoded if 4 * len(encoded.dictionary) <= len(values) else None

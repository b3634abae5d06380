"""JSON objects from columns: whole columns at once for evidence, row by row for the few in quarantine."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from conduct_records.validation.arrays import Strings, matches

_NEEDS_ESCAPE = r'["\\\x00-\x1f]'


def objects(members: Iterable[Strings], size: int) -> Strings:
    """One JSON object a row with the members that it has; `{}` where it has none."""
    parts = [values for values in members if values.null_count < size]
    if not parts:
        return pa.repeat(pa.scalar("{}", pa.string()), size)
    inner = pc.binary_join_element_wise(*parts, ",", null_handling="skip")
    found = pc.binary_join_element_wise("{", inner, "}", "")
    if len(found) == size:
        return found
    some = pc.is_valid(pc.coalesce(*parts))  # Arrow left out the rows that have no member
    return pc.replace_with_mask(pa.repeat(pa.scalar("{}", pa.string()), size), some, found)


def row_objects(headers: list[str], columns: list[Any], places: Any) -> list[str]:
    """The given rows as JSON objects under the submitter's own headers."""
    cells = [column.take(pa.array(places)).to_pylist() for column in columns]
    names = header_names(headers)
    return [_as_object(names, row) for row in zip(*cells, strict=True)]


def as_object(headers: list[str], cells: Iterable[str | None]) -> str:
    """One row; a cell beyond the headers, or under a blank one, goes by its place."""
    return _as_object(header_names(headers), cells)


def _as_object(names: list[str], cells: Iterable[str | None]) -> str:
    pairs = {
        (names[place] if place < len(names) else f"#{place + 1}"): cell
        for place, cell in enumerate(cells)
        if cell is not None
    }
    return json.dumps(pairs, ensure_ascii=False)


def header_names(headers: list[str]) -> list[str]:
    """Headers made distinct: blank or repeated ones get their place."""
    names: list[str] = []
    for place, text in enumerate(headers, 1):
        names.append(text if text and text not in names else f"{text}#{place}")
    return names


def member(name: str, values: Strings) -> Strings:
    """Each value as a member of an object, under one name; null where there is none."""
    mask = matches(values, _NEEDS_ESCAPE, pc.is_valid(values))  # most originals are null
    if pc.any(mask).as_py():
        escaped = [json.dumps(text, ensure_ascii=False)[1:-1] for text in values.filter(mask).to_pylist()]
        values = pc.replace_with_mask(values, mask, pa.array(escaped, pa.string()))
    key = json.dumps(name, ensure_ascii=False)
    return pc.binary_join_element_wise(pa.scalar(f'{key}:"'), values, pa.scalar('"'), pa.scalar(""))

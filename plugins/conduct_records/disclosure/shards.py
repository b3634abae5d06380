"""Data files cut by the first digits of their items' keys, so that a change rewrites few neighbours."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

WHOLE = 2_000  # items that still stand in one file
FULL = 64  # items in one shard, on average at most
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")

Content = Mapping[str, Any]


def digits(count: int, held: int | None = None) -> int:
    """How many digits of a key name its shard: none while one file holds all.

    A length that is `held` stays while it is about right, so that a count that moves about a bound moves
    nothing.
    """
    if held is not None and _room(held - 1) // 2 <= count <= 2 * _room(held):
        return held
    needed = 0
    while count > _room(needed):
        needed += 1
    return needed


def _room(length: int) -> int:
    """How many items shards of a length hold."""
    return 0 if length < 0 else max(WHOLE, FULL * 16**length)


def place(stem: str, length: int, key: str) -> str:
    """The shard of a key, without suffix: `records/3f/9a` for four digits, `records` for none."""
    parts = [key[start : min(start + 2, length)] for start in range(0, length, 2)]
    return "/".join([stem, *parts])


def as_json(value: Any) -> str:
    """JSON as all feeds write it: the same value gives the same bytes."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"


def as_csv(columns: Sequence[str], rows: Iterable[Content]) -> str:
    """A table with a mark of its encoding, so that spreadsheets read Chinese, and no cell that runs."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([harmless(str(row.get(name, ""))) for name in columns] for row in rows)
    return "\ufeff" + text.getvalue()


def harmless(cell: str) -> str:
    """A cell that no spreadsheet runs as a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def items_text(kind: str, contents: Iterable[Content]) -> str:
    """One data file: the kind and its items, in the order of their keys."""
    return as_json({"kind": kind, "items": list(contents)})


def items_of(text: str | None) -> list[dict[str, Any]]:
    """What one data file holds; nothing where there is no file."""
    found: list[dict[str, Any]] = json.loads(text)["items"] if text else []
    return found

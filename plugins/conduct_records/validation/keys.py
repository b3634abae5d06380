"""Uniqueness of the business key within a file of any length, in 16 bytes a row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from conduct_records.contracts.model import Contract, first_of
from conduct_records.validation.arrays import Strings
from conduct_records.validation.columns import Columns

_RUN = np.dtype([("key", np.int64), ("row_no", np.int32), ("content", np.int32)])
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # odd, so that no bit of a hash is lost
_LONGEST = 1 << 20  # to merge two runs takes as much memory again


def business_keys(columns: Columns, contract: Contract) -> Strings:
    """The key of each row, parts joined by `|`; a part with alternatives takes the first with a value."""
    nothing = pa.nulls(columns.size, pa.string())
    parts = []
    for part in contract.use.business_key:
        texts = [_as_text(columns.typed[name]) for name in first_of(part) if name in columns.raw]
        parts.append(pc.coalesce(*texts) if texts[1:] else texts[0] if texts else nothing)
    return pc.binary_join_element_wise(*parts, "|", null_handling="replace", null_replacement="")


def content_hashes(columns: Iterable[Any]) -> Any:
    """A 32-bit hash of everything that each row says, from the `hashes` of its cells, column by column.

    It is asked only of rows with one key: of those that differ one in four thousand million seems the same.
    """
    total = np.uint64(0)
    for values in columns:
        total = total * _MULTIPLIER + values.to_numpy().view(np.uint64)
    return (total >> np.uint64(32)).astype(np.uint32).view(np.int32)


def hashes(values: Strings) -> Any:
    """The 64-bit SipHash of each value as an Arrow array, nulls told from empty texts."""
    return pa.array(_hashes(values))


@dataclass
class KeyIndex:
    """The keys taken so far, in sorted runs that double in size up to a longest. Keys are SipHash values of
    64 bits: among 5,000,000 keys the chance of one false meeting is below one in a million.
    """

    runs: list[Any] = field(default_factory=list)

    def take(self, keys: Strings, row_nos: Any, contents: Any) -> tuple[Any, Any]:
        """Add keys in row order; for each, which row had it first (0: none) and whether it says the same."""
        entries = np.empty(len(keys), _RUN)
        entries["key"], entries["row_no"], entries["content"] = _hashes(keys), row_nos, contents
        earlier, same = self._seen(entries)
        order = np.argsort(entries["key"], kind="stable")
        ordered = entries[order]
        starts = np.r_[True, ordered["key"][1:] != ordered["key"][:-1]][: len(ordered)]
        first = ordered[np.maximum.accumulate(np.where(starts, np.arange(len(ordered)), 0))]
        within = np.zeros(len(entries), np.int64)
        within[order] = np.where(starts, 0, first["row_no"])
        alike = np.zeros(len(entries), bool)
        alike[order] = first["content"] == ordered["content"]
        fresh = ordered[starts & (earlier[order] == 0)]
        self._add(fresh)
        return np.where(earlier > 0, earlier, within), np.where(earlier > 0, same, alike & (within > 0))

    def _seen(self, entries: Any) -> tuple[Any, Any]:
        earlier, same = np.zeros(len(entries), np.int64), np.zeros(len(entries), bool)
        for run in self.runs:
            place = np.minimum(np.searchsorted(run["key"], entries["key"]), len(run) - 1)
            met = run[place]
            hit = met["key"] == entries["key"]
            earlier = np.where(hit, met["row_no"], earlier)
            same = np.where(hit, met["content"] == entries["content"], same)
        return earlier, same

    def _add(self, run: Any) -> None:
        if len(run) == 0:
            return
        self.runs.append(run)
        while len(self.runs) > 1 and len(self.runs[-2]) <= min(2 * len(self.runs[-1]), _LONGEST):
            merged = np.concatenate([self.runs.pop(), self.runs.pop()])
            self.runs.append(merged[np.argsort(merged["key"], kind="stable")])


def _hashes(values: Strings) -> Any:
    return np.fromiter(map(hash, pc.cast(values, pa.binary()).to_pylist()), np.int64, len(values))


def _as_text(values: Any) -> Strings:
    return values if pa.types.is_string(values.type) else pc.cast(values, pa.string())

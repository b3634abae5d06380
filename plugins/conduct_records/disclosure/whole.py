"""Writes a whole copy of the column's items: pages, data, deltas, search index; memory is bounded."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from conduct_records.disclosure import feeds, search
from conduct_records.disclosure.items import Gone, Item, kinds
from conduct_records.disclosure.pages import Column, item_page
from conduct_records.disclosure.shards import as_csv, as_json, items_text, place
from conduct_records.disclosure.side import Side
from conduct_records.disclosure.spill import Spill


def write_items(
    side: Side, column: Column, items: Iterable[Item], gone: Iterable[Gone], deltas: Mapping[int, int]
) -> None:
    """Write all items, which come in the order of kind and key.

    `deltas`: the versions that have a delta, and the digits of its shards.
    """
    side.root.parent.mkdir(parents=True, exist_ok=True)
    with Spill(side.root.parent) as found, Spill(side.root.parent) as changed:
        index = _Index(column.lengths["record"], found)
        for path, group in groupby(items, lambda item: data_place(column, item)):
            members = list(group)
            write_data(side, path, members[0].kind, [feeds.stated(item) for item in members])
            for item in members:
                if kinds()[item.kind].page:
                    side.write(kinds()[item.kind].address(item.key), item_page(column, item))
                index.add(item)
                if item.version_no in deltas:
                    changed.add(delta_path(deltas, item), json.dumps(feeds.upsert(item)), "")
        for kind in kinds().values():
            if not column.counts[kind.name]:
                write_data(side, f"data/{kind.stem}", kind.name, [])
        for each in gone:
            if each.version_no in deltas:
                changed.add(delta_path(deltas, each), "", json.dumps(feeds.withdrawal(each)))
        index.write(side)
        _write_deltas(side, changed, deltas)


def data_place(column: Column, item: Item) -> str:
    """Where an item's data file stands, without suffix."""
    return place(f"data/{kinds()[item.kind].stem}", column.lengths[item.kind], item.key)


def write_data(side: Side, path: str, kind: str, contents: list[Any]) -> None:
    """One data file, and its table where the kind has one."""
    if kinds()[kind].csv:
        side.write(f"{path}.csv", as_csv(kinds()[kind].csv, contents))
    side.write(f"{path}.json", items_text(kind, contents))


def delta_path(deltas: Mapping[int, int], changed: Item | Gone) -> str:
    """Where the delta of the version that changed an item names it."""
    return place(f"deltas/{changed.version_no}", deltas[changed.version_no], changed.key) + ".json"


def delta_number(path: str) -> int:
    """The version that a delta's path names."""
    return int(path.split("/")[1].removesuffix(".json"))


def _write_deltas(side: Side, changed: Spill, deltas: Mapping[int, int]) -> None:
    for path, rows in changed.groups():
        upserts, withdrawn = ([json.loads(row[at]) for row in rows if row[at]] for at in (0, 1))
        side.write(path, feeds.delta_text(delta_number(path), upserts, withdrawn))
    for number, length in deltas.items():
        if length == 0 and side.read(f"deltas/{number}.json") is None:
            side.write(f"deltas/{number}.json", feeds.delta_text(number, [], []))


class _Index:
    """Rows by term; a term with too many rows becomes common and leads nowhere."""

    def __init__(self, length: int, rows: Spill) -> None:
        self.length, self.rows = length, rows
        self.seen: Counter[str] = Counter()

    def add(self, item: Item) -> None:
        if not kinds()[item.kind].search:
            return
        row = json.dumps(search.row(item), ensure_ascii=False, separators=(",", ":"))
        for term in search.terms(item) if self.length else {""}:
            self.seen[term] += 1
            if not self.length or self.seen[term] <= search.COMMON_FROM:
                self.rows.add(search.shard(term, self.length), term, item.key, row)

    def write(self, side: Side) -> None:
        common = [term for term, count in self.seen.items() if self.length and count > search.COMMON_FROM]
        side.write(search.COMMON, as_json(sorted(common)))
        too_common = set(common)
        for path, lines in self.rows.groups():
            rows = {key: row for term, key, row in lines if term not in too_common}
            side.write(path, "[" + ",".join(rows[key] for key in sorted(rows)) + "]\n")
        if not self.length and side.read(search.shard("", 0)) is None:
            side.write(search.shard("", 0), as_json([]))

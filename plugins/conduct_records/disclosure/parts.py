"""Brings a whole copy of the column from one version to the next: work grows with what changed.

The data files are written last: they hold what an item said before, which the search index needs. So a
process that is killed in between can begin again from the same copy.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from conduct_records.disclosure import feeds, search
from conduct_records.disclosure.items import Gone, Item, kinds
from conduct_records.disclosure.pages import Column, item_page
from conduct_records.disclosure.shards import as_json, items_of, place
from conduct_records.disclosure.side import Side
from conduct_records.disclosure.whole import delta_number, delta_path, write_data


def change_items(
    side: Side,
    column: Column,
    items: Sequence[Item],
    gone: Sequence[Gone],
    deltas: Mapping[int, int],
    *,
    stated_before: Iterable[Gone],
) -> None:
    """Bring `side` from the version of its seal to that of `column`.

    `stated_before`: older versions' statements about what changed or left; they are cut.
    """
    data = _Data(side, column, items, gone)
    _change_search(side, column, items, data)
    for item in items:
        if kinds()[item.kind].page:
            side.write(kinds()[item.kind].address(item.key), item_page(column, item))
    for each in gone:
        if kinds()[each.kind].page:
            side.remove(kinds()[each.kind].address(each.key))
    _change_deltas(side, items, gone, deltas, stated_before)
    data.write()


class _Data:
    """The data files that a change concerns, as they were and as they become."""

    def __init__(self, side: Side, column: Column, items: Iterable[Item], gone: Iterable[Gone]) -> None:
        self.side, self.column = side, column
        self.files: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}
        self.before: list[Item] = []
        changed: list[Item | Gone] = [*items]
        changed += gone
        self.concerned = {each.key for each in changed}
        for each in changed:
            path = place(f"data/{kinds()[each.kind].stem}", column.lengths[each.kind], each.key)
            rows = self._rows(path, each.kind)
            if old := rows.pop(each.key, None):
                self.before.append(_as_it_was(each.kind, each.key, old))
            if isinstance(each, Item):
                rows[each.key] = feeds.stated(each)

    def settled(self, kind: str, key: str) -> Item | None:
        """An item that this change does not concern, as the copy holds it."""
        if key in self.concerned:
            return None
        path = place(f"data/{kinds()[kind].stem}", self.column.lengths[kind], key)
        held = {row[f"{kind}_key"]: row for row in items_of(self.side.read(f"{path}.json"))}
        return _as_it_was(kind, key, held[key]) if key in held else None

    def _rows(self, path: str, kind: str) -> dict[str, dict[str, Any]]:
        if (path, kind) not in self.files:
            held = items_of(self.side.read(f"{path}.json"))
            self.files[path, kind] = {row[f"{kind}_key"]: row for row in held}
        return self.files[path, kind]

    def write(self) -> None:
        for (path, kind), rows in self.files.items():
            if rows or path.count("/") == 1:
                write_data(self.side, path, kind, [rows[key] for key in sorted(rows)])
            else:
                self.side.remove(f"{path}.csv")
                self.side.remove(f"{path}.json")


def _as_it_was(kind: str, key: str, content: Mapping[str, Any]) -> Item:
    until = date.fromisoformat(content["display_until"])
    return Item(kind, key, 0, content["content_hash"], until, until, content)


def _change_search(side: Side, column: Column, items: Iterable[Item], data: _Data) -> None:
    """Take the old rows out of their shards, and put the new ones in."""
    common = set(json.loads(side.read(search.COMMON) or "[]"))
    shards: dict[str, dict[str, search.Row | None]] = defaultdict(dict)
    for each, row in [*((old, None) for old in data.before), *((item, search.row) for item in items)]:
        for path in search.shards_of(each, column.lengths["record"], common):
            shards[path][each.key] = row(each) if row else None
    for path, keys in side.begin({path: sorted(held) for path, held in shards.items()}).items():
        for key in keys:  # a killed process may have put the row in, or taken it out
            if key not in shards[path]:
                unchanged = data.settled("record", key)
                is_there = unchanged is not None and path in search.shards_of(
                    unchanged, column.lengths["record"], common
                )
                shards[path][key] = search.row(unchanged) if unchanged and is_there else None
    for path, changed in shards.items():
        rows = {row[0]: row for row in json.loads(side.read(path) or "[]")} | changed
        kept = [row for _, row in sorted(rows.items()) if row is not None]
        if kept or not column.lengths["record"]:
            side.write(path, as_json(kept))
        else:
            side.remove(path)


def _change_deltas(
    side: Side,
    items: Iterable[Item],
    gone: Iterable[Gone],
    deltas: Mapping[int, int],
    stated_before: Iterable[Gone],
) -> None:
    """Write the deltas of the new versions, and cut older ones."""
    since = side.stamp()["version_no"]
    rows: dict[str, tuple[list[dict[str, Any]], list[dict[str, Any]]]] = defaultdict(lambda: ([], []))
    for number, length in deltas.items():
        if number > since:
            side.remove_all(f"deltas/{number}")  # a killed process may have begun it
        if number > since and length == 0:
            rows[f"deltas/{number}.json"] = ([], [])
    for item in items:
        rows[delta_path(deltas, item)][0].append(feeds.upsert(item))
    for each in gone:
        rows[delta_path(deltas, each)][1].append(feeds.withdrawal(each))
    for path, (upserts, withdrawn) in rows.items():
        side.write(path, feeds.delta_text(delta_number(path), upserts, withdrawn))
    _cut(side, deltas, stated_before)


def _cut(side: Side, deltas: Mapping[int, int], stated_before: Iterable[Gone]) -> None:
    cuts: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for each in stated_before:
        if each.version_no in deltas:
            cuts[delta_path(deltas, each)].add((each.kind, each.key))
    for path, cut in cuts.items():
        text = side.read(path)
        if text:
            held = json.loads(text)
            kept = [
                [row for row in held[name] if (row["kind"], row["key"]) not in cut]
                for name in ("upserts", "withdrawn")
            ]
            if any(kept) or path.count("/") == 1:
                side.write(path, feeds.delta_text(delta_number(path), *kept))
            else:
                side.remove(path)


def drop_old_deltas(side: Side, deltas: Mapping[int, int]) -> None:
    """Remove the deltas that nobody may ask for any more: nothing is cut from them."""
    for old in (side.root / "deltas").glob("*"):
        if int(old.name.removesuffix(".json")) not in deltas:
            if old.is_dir():
                side.remove_all(f"deltas/{old.name}")
            else:
                side.remove(f"deltas/{old.name}")

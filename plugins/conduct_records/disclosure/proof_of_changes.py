"""The proof of what changed since the last one: each concerned item is looked up wherever it may stand.

Both copies of the column are read, with the log and core as the only guides: what the publisher says that it
wrote is not asked. Work grows with the changes (decision 0009).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from conduct_records.disclosure import search
from conduct_records.disclosure.artefacts import KEY
from conduct_records.disclosure.changes import AT_A_TIME
from conduct_records.disclosure.folder import CURRENT, sides
from conduct_records.disclosure.items import Item, kinds
from conduct_records.disclosure.shards import items_of, place
from conduct_records.disclosure.side import Side
from conduct_records.settings import Settings
from conduct_records.warehouse.connection import Connection
from conduct_records.warehouse.statements import statement

AT_HAND = 500  # files that stay in memory

Name = tuple[str, str]  # kind, key


@dataclass
class Concerned:
    """What must be found of the items of some subjects.

    `shown`: hash and version by item; `stated`: the versions that ever said anything of an item; `named`: the
    names and numbers under which a record was ever known.
    """

    shown: dict[Name, tuple[str, int]] = field(default_factory=dict)
    stated: dict[Name, set[int]] = field(default_factory=lambda: defaultdict(set))
    named: dict[str, set[tuple[str | None, ...]]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def of(cls, connection: Connection, subject_keys: Sequence[str]) -> Concerned:
        """Read log and core for some subjects."""
        found = cls()
        for start in range(0, len(subject_keys), AT_A_TIME):
            values = {"subject_keys": subject_keys[start : start + AT_A_TIME]}
            for kind, key, content_hash, number in connection.execute(
                statement("checks/proof#shown_of"), values
            ):
                found.shown[kind, key] = content_hash, number
            for kind, key, number in connection.execute(statement("checks/proof#stated_of"), values):
                found.stated[kind, key].add(number)
            for key, *names in connection.execute(statement("checks/proof#named_of"), values):
                found.named[key].add(tuple(names))
        return found

    def gone(self) -> set[Name]:
        """What was shown once and is no more."""
        return self.stated.keys() - self.shown.keys()


def leftovers(concerned: Concerned, settings: Settings) -> tuple[int, list[str]]:
    """How many files were read, and what stands where it must not or is missing, as 'place: key'."""
    readings = [_Reading(side, concerned) for side in sides(settings.portal)]
    found = [f"{reading.side.root.name}/{each}" for reading in readings for each in reading.wrong()]
    return sum(len(reading.read) for reading in readings), found


class _Reading:
    """One copy of the column, read where the concerned items may stand."""

    def __init__(self, side: Side, concerned: Concerned) -> None:
        self.side, self.concerned = side, concerned
        self.read: set[str] = set()
        self.texts: dict[str, str | None] = {}
        self.opened: tuple[str, dict[str, dict[str, Any]]] = "", {}
        self.lengths: dict[str, int] = side.stamp()["lengths"]
        index = json.loads(self._text("versions.json") or "{}")
        self.deltas = {each["version"]: each["delta_digits"] for each in index["versions"][:-1]}
        self.common = set(json.loads(self._text(search.COMMON) or "[]"))

    def wrong(self) -> Iterator[str]:
        for kind, key in sorted(self.concerned.stated.keys() | self.concerned.shown.keys()):
            shown = self.concerned.shown.get((kind, key))
            yield from self._in_data(kind, key, shown[0] if shown else None)
            yield from self._in_deltas(kind, key, shown[1] if shown else 0)
            if kinds()[kind].page:
                page = kinds()[kind].address(key)
                yield from [f"{page}: {key}"] if (self._text(page) is None) is bool(shown) else []
            if kinds()[kind].search:
                yield from self._in_search(kind, key, is_shown=bool(shown))
        yield from self._at_the_top()

    def _in_data(self, kind: str, key: str, wanted: str | None) -> Iterator[str]:
        path = place(f"data/{kinds()[kind].stem}", self.lengths[kind], key) + ".json"
        if path != self.opened[0]:  # items come in the order of their keys
            rows = {row[f"{kind}_key"]: row for row in items_of(self._text(path))}
            self.opened = path, rows
        if self.opened[1].get(key, {}).get("content_hash") != wanted:
            yield f"{path}: {key}"
        table = path.removesuffix("json") + "csv"
        if kinds()[kind].csv and (key in (self._text(table) or "")) is not bool(wanted):
            yield f"{table}: {key}"

    def _in_deltas(self, kind: str, key: str, wanted: int) -> Iterator[str]:
        for number in self.concerned.stated[kind, key] & self.deltas.keys():
            path = place(f"deltas/{number}", self.deltas[number], key) + ".json"
            upserts = json.loads(self._text(path) or '{"upserts": []}')["upserts"]
            if any(row["key"] == key for row in upserts) is not (number == wanted):
                yield f"{path}: {key}"

    def _in_search(self, kind: str, key: str, *, is_shown: bool) -> Iterator[str]:
        """Where any name that the item ever had leads; where its present one does, it must be found."""
        length = self.lengths[kind]
        ever = {
            path for names in self.concerned.named[key] for path in self._led_to(kind, key, names, length)
        }
        current = set()
        if is_shown:
            content = self.opened[1].get(key, {})
            current = self._led_to(kind, key, [content.get(name) for name in kinds()[kind].search], length)
        for path in ever | current:
            if (f'"{key}"' in (self._text(path) or "")) is not (path in current):
                yield f"{path}: {key}"

    def _led_to(self, kind: str, key: str, names: Iterable[str | None], length: int) -> set[str]:
        content = {name: value for name, value in zip(kinds()[kind].search, names, strict=True) if value}
        return search.shards_of(Item(kind, key, 0, "", date.min, date.min, content), length, self.common)

    def _at_the_top(self) -> Iterator[str]:
        """The pages that list, the feed and the index name nothing that is gone."""
        gone = {key for _, key in self.concerned.gone()}
        for path in sorted(each.name for each in self.side.root.iterdir() if each.is_file()):
            for key in KEY.findall((self._text(path) or "").encode()):
                if key.decode() in gone:
                    yield f"{path}: {key.decode()}"

    def _text(self, path: str) -> str | None:
        if path not in self.texts:
            if len(self.texts) >= AT_HAND:
                self.texts.clear()
            self.texts[path] = self.side.read(path)
            self.read.add(path)
        return self.texts[path]


def newest_shown(settings: Settings) -> tuple[int, str]:
    """Number and digest of the last version in the index that readers see; 0 and none where they see none."""
    text = Side(settings.portal / CURRENT).read("versions.json")
    newest: dict[str, Any] = json.loads(text)["versions"][0] if text else {"version": 0, "digest": ""}
    return newest["version"], newest["digest"]

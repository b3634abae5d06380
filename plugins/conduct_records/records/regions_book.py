"""What is known of places: current and former codes and names, functional districts, misspelt names."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml

from conduct_records.settings import SCHEMAS

Rows = list[dict[str, str]]
How = Literal["exact", "alias", "former", "functional", "suggested"]
PLACES = {"province", "prefecture", "county", "functional"}


@dataclass(frozen=True)
class Place:
    """One division; `kind` is province, prefecture, county, functional, or a kind that is a code only."""

    code: str
    name: str
    kind: str
    parent: str


@dataclass(frozen=True)
class RegionBook:
    """All places of the home province, the other provinces, and every name that leads to one of them.

    Source: requirement A4, domain facts 1.5; the files under include/schemas/codes named region* and
    functional_district.csv.
    """

    home: str
    separators: re.Pattern[str]
    county_endings: str
    ordinary_words: frozenset[str]
    places: dict[str, Place]
    names: dict[str, tuple[tuple[str, How], ...]]
    free_names: frozenset[str]
    successors: dict[str, str]
    elsewhere: frozenset[str] = field(repr=False)

    @classmethod
    def load(cls, schemas: Path = SCHEMAS) -> RegionBook:
        """Read the lists; the same folder is read once a process."""
        return _load(schemas)

    def ancestors(self, code: str) -> list[str]:
        """The code itself and the places it lies in, narrowest first; the province last."""
        chain = [code]
        while parent := self.places[chain[-1]].parent:
            chain.append(parent)
        return chain

    def is_home(self, code: str) -> bool:
        """Whether the place lies in the home province, or is it."""
        return code[:2] == self.home[:2]

    def prefecture(self, code: str) -> str:
        """The prefecture a place lies in; the place itself where the province administers it directly."""
        inside = [each for each in self.ancestors(code) if self.places[each].kind in PLACES - {"province"}]
        return inside[-1] if inside else code

    def narrowest(self, codes: set[str]) -> list[str]:
        """The codes without those that another one lies in, in order."""
        wider = {outer for code in codes for outer in self.ancestors(code)[1:]}
        return sorted(codes - wider)


def comparable_place(text: str) -> str:
    """The form in which place names are compared: NFKC, no blanks."""
    return "".join(unicodedata.normalize("NFKC", text).split())


@lru_cache(maxsize=4)
def _load(schemas: Path) -> RegionBook:
    words: dict[str, Any] = yaml.safe_load((schemas / "regions.yaml").read_text(encoding="utf-8"))
    divisions, history = _rows(schemas, "region"), _rows(schemas, "region_history")
    functional = _rows(schemas, "functional_district")
    places = {row["code"]: _place(row, row["kind"], _parent(row, divisions)) for row in divisions}
    places |= {row["code"]: _place(row, "functional", row["parent"]) for row in functional}
    successors = _successors(history, places)
    successors |= {code: row["code"] for row in functional for code in row["codes"].split("|") if code}
    names = _names(divisions, functional, _rows(schemas, "region_alias"))
    for name, code in _former_names(history, successors).items():
        names.setdefault(name, ((code, "former"),))
    return RegionBook(
        home=words["home_province"],
        separators=re.compile(f"[{re.escape(words['separators'])}]"),
        county_endings=words["county_endings"],
        ordinary_words=frozenset(words["ordinary_words"]),
        places=places,
        names=names,
        free_names=_free_names(names, divisions),
        successors=successors,
        elsewhere=frozenset(row["label"] for row in _rows(schemas, "region_elsewhere")),
    )


def _names(divisions: Rows, functional: Rows, aliases: Rows) -> dict[str, tuple[tuple[str, How], ...]]:
    """Every name in use to the codes it may mean; former names come after."""
    names: dict[str, list[tuple[str, How]]] = defaultdict(list)
    for row in divisions:
        if row["kind"] in PLACES:
            names[row["label"]].append((row["code"], "exact"))
            names[row["short_name"]].append((row["code"], "exact"))
    for row in functional:
        for name in (row["label"], *row["names"].split("|")):
            names[name].append((row["code"], "functional"))
    for row in aliases:
        names[row["code"]].append((row["region_code"], "alias"))
    return {name: tuple(found) for name, found in names.items() if name}


def _free_names(names: Iterable[str], divisions: Rows) -> frozenset[str]:
    """Names that mean a place in running text too: long ones, and the short ones of prefectures."""
    provinces = {
        row[key] for row in divisions if row["kind"] == "province" for key in ("label", "short_name")
    }
    counties = {row["short_name"] for row in divisions if row["kind"] == "county"}
    prefectures = {row["short_name"] for row in divisions if row["kind"] == "prefecture"}
    return frozenset({name for name in names if len(name) > 2} - provinces - counties | prefectures)


def _rows(schemas: Path, name: str) -> Rows:
    with (schemas / "codes" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _place(row: dict[str, str], kind: str, parent: str) -> Place:
    return Place(row["code"], row["label"], kind, parent)


def _parent(row: dict[str, str], divisions: Rows) -> str:
    """The parent that is a place: what a placeholder holds belongs to the province directly."""
    kinds = {each["code"]: (each["kind"], each["parent"]) for each in divisions}
    parent = row["parent"]
    while parent and kinds[parent][0] == "placeholder":
        parent = kinds[parent][1]
    return parent


def _successors(history: Rows, places: dict[str, Place]) -> dict[str, str]:
    """Each abolished code to the current code that its changes lead to; a later change counts."""
    steps = {row["old_code"]: row["new_code"] for row in history if row["old_code"] and row["new_code"]}
    found = {}
    for old in steps:
        code, seen = old, {old}
        while code not in places and code in steps and steps[code] not in seen:
            code = steps[code]
            seen.add(code)
        if code in places and old not in places:
            found[old] = code
    return found


def _former_names(history: Rows, successors: dict[str, str]) -> dict[str, str]:
    """Each former name, long and short, to the current code; the latest holder of a name counts."""
    found: dict[str, str] = {}
    for row in history:
        new = successors.get(row["new_code"], row["new_code"])
        if row["old_name"] and new and row["old_name"] != row["new_name"]:
            found[row["old_name"]] = new
            if len(row["old_name"]) > 2:
                found[row["old_name"][:-1]] = new
    return found

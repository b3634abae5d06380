"""Reads region texts: several provinces in one, districts, former names and codes, functional districts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from conduct_records.records.regions_book import PLACES, How, RegionBook, comparable_place

CODE = re.compile(r"\d{6}(?!\d)")
LEVELS = {"province": 0, "prefecture": 1, "county": 2, "functional": 3}


@dataclass(frozen=True)
class ResolvedRegion:
    """One place that a text names: current code and name, how it was found, and the text as written."""

    code: str
    name: str
    how: How
    is_home: bool
    text: str


@dataclass(frozen=True)
class Reading:
    """What a region text says: the narrowest places it names, in order, and what was not understood."""

    regions: list[ResolvedRegion]
    unread: list[str]


def read_regions(text: str, book: RegionBook) -> Reading:
    """The places that a region cell names, and what was not understood: it is reported, never absorbed.

    A place of another province is read as that province. Source: requirement A4.
    """
    found: list[ResolvedRegion] = []
    unread: list[str] = []
    for part in book.separators.split(text):
        _read_part(comparable_place(part), book, found, unread)
    return Reading(_narrowest(found, book), unread)


def find_regions(text: str, book: RegionBook) -> list[ResolvedRegion]:
    """The places of the home province that running text (a title, a body) names.

    Only names that mean nothing else are looked for: full names and the short names of prefectures.
    """
    plain = comparable_place(text)
    found: list[ResolvedRegion] = []
    position = 0
    while position < len(plain):
        name = _longest(plain, position, lambda each: each in book.free_names)
        if name and (region := _choose(name, found, book)):
            found.append(region)
        position += len(name) or 1
    return _narrowest(found, book)


def suggest_misprints(text: str, prefecture: str, book: RegionBook) -> list[ResolvedRegion]:
    """Districts that a text may mean where it names one that lies elsewhere; the text is never changed.

    A suggestion needs the full name of a division outside the province that differs in one character from
    exactly one county-level division of `prefecture`. Each misprint is given once, as written.
    Source: requirement A4.
    """
    plain = comparable_place(text)
    homes = [p for p in book.places.values() if p.kind == "county" and p.parent == prefecture]
    found: dict[str, ResolvedRegion] = {}
    for word in _place_words(plain, book):
        near = [place for place in homes if _differs_in_one(word, place.name)]
        if len(near) == 1:
            found.setdefault(word, ResolvedRegion(near[0].code, near[0].name, "suggested", True, word))
    return list(found.values())


def _read_part(text: str, book: RegionBook, found: list[ResolvedRegion], unread: list[str]) -> None:
    start = len(found)
    position, lost = 0, ""
    while position < len(text):
        abroad = len(found) > start and not found[-1].is_home
        if code := CODE.match(text, position):
            name, region = code.group(), _by_code(code.group(), book)
        else:
            name = _longest(text, position, _names_for(book, abroad))
            region = _choose(name, found, book) if name else None
        if region:
            found.append(region)
        elif not abroad:
            lost += text[position : position + (len(name) or 1)]
        position += len(name) or 1
    if lost:
        unread.append(lost)


def _names_for(book: RegionBook, abroad: bool) -> Callable[[str], bool]:
    """After another province only provinces are read: that province's own places are not ours to know."""
    if not abroad:
        return lambda name: name in book.names
    return lambda name: any(book.places[code].kind == "province" for code, _ in book.names.get(name, ()))


def _longest(text: str, position: int, known: Callable[[str], bool]) -> str:
    for length in range(min(15, len(text) - position), 1, -1):
        if known(text[position : position + length]):
            return text[position : position + length]
    return ""


def _choose(name: str, found: list[ResolvedRegion], book: RegionBook) -> ResolvedRegion | None:
    """Among places of one name: the one inside what stands before, else the widest; none of several."""
    around = {found[-1].code, book.prefecture(found[-1].code)} if found and found[-1].is_home else set()
    options = sorted(book.names[name], key=lambda option: LEVELS[book.places[option[0]].kind])
    inside = [option for option in options if around & set(book.ancestors(option[0])[1:])] or options
    widest = LEVELS[book.places[inside[0][0]].kind]
    if sum(LEVELS[book.places[code].kind] == widest for code, _ in inside) > 1:
        return None
    code, how = inside[0]
    return ResolvedRegion(code, book.places[code].name, how, book.is_home(code), name)


def _by_code(code: str, book: RegionBook) -> ResolvedRegion | None:
    current = book.successors.get(code, code)
    place = book.places.get(current)
    if place is None or place.kind not in PLACES:
        return None
    how: How = "exact" if current == code else "former"
    return ResolvedRegion(current, place.name, how, book.is_home(code), code)


def _narrowest(found: list[ResolvedRegion], book: RegionBook) -> list[ResolvedRegion]:
    kept = set(book.narrowest({region.code for region in found}))
    return list({region.code: region for region in reversed(found) if region.code in kept}.values())[::-1]


def _place_words(text: str, book: RegionBook) -> Iterator[str]:
    """Names of divisions elsewhere that stand in the text, outside the home province's own names."""
    position = 0
    while position < len(text):
        own = _longest(text, position, lambda each: each in book.names)
        word = own or _longest(text, position, lambda each: _is_elsewhere(each, book))
        if word and not own:
            yield word
        position += len(word) or 1


def _is_elsewhere(word: str, book: RegionBook) -> bool:
    return word in book.elsewhere and word not in book.ordinary_words and word[-1] in book.county_endings


def _differs_in_one(word: str, name: str) -> bool:
    return (
        len(word) == len(name) > 2
        and word[-1] == name[-1]
        and sum(a != b for a, b in zip(word, name, strict=True)) == 1
    )

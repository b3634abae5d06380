"""Which appearances are one event: strong evidence links, weak evidence proposes."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import chain, combinations
from typing import Any

from rapidfuzz.fuzz import ratio

from conduct_records.records.cases_standing import CaseId
from conduct_records.records.regions_book import RegionBook

UNLINKED, STRONG, PEOPLE = "own", "title_region_date", "people"

Pair = frozenset[CaseId]


@dataclass(frozen=True)
class Decided:
    """Pairs that people called the same event, and pairs that they called different ones."""

    same: frozenset[Pair] = frozenset()
    apart: frozenset[Pair] = frozenset()


NOTHING_DECIDED = Decided()


@dataclass(frozen=True)
class Candidate:
    """What linking looks at: title, places in the province, date of publication and of the first push."""

    key: CaseId
    title: str
    regions: frozenset[str]
    published_on: date | None
    first_pushed_on: date


@dataclass(frozen=True)
class Proposal:
    """Two appearances that may be one event, the smaller key on the left, with what speaks for it."""

    left: CaseId
    right: CaseId
    features: Mapping[str, Any]


@dataclass(frozen=True)
class Links:
    """Each event's appearances, the one pushed first in front, and what people have to decide."""

    groups: list[list[Candidate]]
    proposals: list[Proposal]


def comparable_title(title: str) -> str:
    """The form in which titles are compared: NFKC, one case, without blanks and punctuation."""
    return "".join(each for each in unicodedata.normalize("NFKC", title).casefold() if each.isalnum())


def link(
    candidates: Iterable[Candidate],
    book: RegionBook,
    rules: Mapping[str, Mapping[str, int]],
    decided: Decided = NOTHING_DECIDED,
) -> Links:
    """Group appearances into events. `rules` is the policy case_linking: rule code to days and similarity.

    Strong: equal titles, places of which one contains another, dates at most `days` apart. A chain that would
    join what excludes each other, by place or because people said so, links nothing and is proposed. What
    people called the same is joined whatever it says. Order of arrival does not matter.
    Source: requirement A3.
    """
    may_join = partial(_compatible, book=book, apart=decided.apart)
    ordered = sorted(candidates, key=lambda each: (each.first_pushed_on, each.key))
    groups: list[list[Candidate]] = []
    proposals: dict[tuple[CaseId, CaseId], Proposal] = {}
    for linked_chain in _chains(ordered, may_join, rules["strong"]["days"]):
        if all(may_join(a, b) for a, b in combinations(linked_chain, 2)):
            groups.append(linked_chain)
        else:
            groups += [[each] for each in linked_chain]
            for a, b in combinations(linked_chain, 2):
                _propose(proposals, a, b, {"rule": "strong", "is_place_contradicting": True})
    groups = _joined(groups, decided.same)
    linked = {each.key: group[0].key for group in groups for each in group}
    for a, b, features in _weak(ordered, rules):
        if linked[a.key] != linked[b.key]:
            _propose(proposals, a, b, features)
    groups.sort(key=lambda group: (group[0].first_pushed_on, group[0].key))
    settled = decided.same | decided.apart
    return Links(groups, [proposals[key] for key in sorted(proposals) if frozenset(key) not in settled])


def _joined(groups: list[list[Candidate]], same: frozenset[Pair]) -> list[list[Candidate]]:
    """The groups, those in one that people called the same; who was pushed first stands in front."""
    for pair in sorted(same, key=sorted):
        meant = [group for group in groups if pair & {each.key for each in group}]
        whole = sorted(chain(*meant), key=lambda each: (each.first_pushed_on, each.key))
        groups = [group for group in groups if group not in meant] + ([whole] if whole else [])
    return groups


def _chains(
    ordered: list[Candidate], may_join: Callable[[Candidate, Candidate], bool], days: int
) -> Iterator[list[Candidate]]:
    """Connected appearances of one title; `ordered` is kept within a chain."""
    by_title: dict[str, list[Candidate]] = defaultdict(list)
    for each in ordered:
        by_title[comparable_title(each.title) or repr(each.key)].append(each)
    for same in by_title.values():
        waiting = list(same)
        while waiting:
            linked = [waiting.pop(0)]
            for member in linked:
                near = [each for each in waiting if _near(member, each, days) and may_join(member, each)]
                linked += near
                waiting = [each for each in waiting if each not in near]
            yield sorted(linked, key=ordered.index)


def _weak(
    ordered: list[Candidate], rules: Mapping[str, Mapping[str, int]]
) -> Iterator[tuple[Candidate, Candidate, dict[str, Any]]]:
    """Pairs that a weak rule speaks for; only dates near enough are compared."""
    similar, place = rules["similar_title"], rules["same_place"]
    undated = [each for each in ordered if each.published_on is None]
    for a in undated:
        for b in ordered:
            if a != b and comparable_title(a.title) == comparable_title(b.title):
                yield a, b, {"rule": "undated_title", "similarity": 100}
    dated = sorted(
        (each for each in ordered if each.published_on), key=lambda each: (each.published_on, each.key)
    )
    for position, a in enumerate(dated):
        for b in dated[position + 1 :]:
            if not _near(a, b, max(similar["days"], place["days"])):
                break
            score = round(ratio(comparable_title(a.title), comparable_title(b.title)))
            features = {"similarity": score, "days": _days(a, b)}
            if _days(a, b) <= similar["days"] and score >= similar["similarity"]:
                yield a, b, features | {"rule": "similar_title"}
            elif _days(a, b) <= place["days"] and score >= place["similarity"] and a.regions & b.regions:
                yield a, b, features | {"rule": "same_place"}


def _propose(
    proposals: dict[tuple[CaseId, CaseId], Proposal], a: Candidate, b: Candidate, features: dict[str, Any]
) -> None:
    left, right = sorted((a.key, b.key))
    proposals.setdefault((left, right), Proposal(left, right, features))


def _near(a: Candidate, b: Candidate, days: int) -> bool:
    return a.published_on is not None and b.published_on is not None and _days(a, b) <= days


def _days(a: Candidate, b: Candidate) -> int:
    return abs(((a.published_on or date.min) - (b.published_on or date.min)).days)


def _compatible(a: Candidate, b: Candidate, book: RegionBook, apart: frozenset[Pair]) -> bool:
    """Whether a place of one is, or lies in, a place of the other, and nobody called them different."""
    return frozenset((a.key, b.key)) not in apart and any(
        x in book.ancestors(y) or y in book.ancestors(x) for x in a.regions for y in b.regions
    )

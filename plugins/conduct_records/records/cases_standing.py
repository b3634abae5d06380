"""What stands of an appearance that was pushed more than once."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

CaseId = tuple[str, str]
"""List code and case id: how the platform names one appearance."""


@dataclass(frozen=True)
class Statement:
    """One row of evidence.pushed_case: an appearance as one push stated it."""

    list_code: str
    case_id: str
    region_text: str
    title: str
    published_on: date | None
    source_name: str | None
    handling_opinion: str | None
    tags: str | None
    body: str | None
    data_date: date
    file_id: str
    row_no: int

    @property
    def key(self) -> CaseId:
        """Which appearance it is about."""
        return self.list_code, self.case_id

    @cached_property
    def content_hash(self) -> str:
        """Equal for statements that say the same, whenever they were pushed."""
        said = (self.region_text, self.title, self.published_on, self.source_name, self.handling_opinion)
        return hashlib.sha256(repr((*said, self.tags, self.body)).encode()).hexdigest()


@dataclass(frozen=True)
class Appearance:
    """The standing content, by the first push that stated it; all statements; those that contradict."""

    standing: Statement
    statements: tuple[Statement, ...]
    contradicting: tuple[Statement, ...]

    @property
    def first_pushed_on(self) -> date:
        """The data date from which the centre knew of it."""
        return min(each.data_date for each in self.statements)


def stand(statements: Iterable[Statement]) -> list[Appearance]:
    """One appearance per list and case id, in their order; the order of the statements does not matter.

    The latest push stands. Pushes of one date that differ contradict each other: the last date whose pushes
    agree stands, and where there is none, the smallest content hash. Source: architecture decision 4.
    """
    grouped: dict[CaseId, list[Statement]] = defaultdict(list)
    for each in statements:
        grouped[each.key].append(each)
    return [_stand(grouped[key]) for key in sorted(grouped)]


def _stand(statements: list[Statement]) -> Appearance:
    ordered = sorted(
        statements, key=lambda each: (each.data_date, each.content_hash, each.file_id, each.row_no)
    )
    by_date: dict[date, list[Statement]] = defaultdict(list)
    for each in ordered:
        by_date[each.data_date].append(each)
    agreeing = [day for day, each in by_date.items() if len({one.content_hash for one in each}) == 1]
    content = by_date[agreeing[-1] if agreeing else max(by_date)][0].content_hash
    standing = next(each for each in ordered if each.content_hash == content)
    contradicting = [each for each in by_date[max(by_date)] if max(by_date) not in agreeing]
    return Appearance(standing, tuple(ordered), tuple(contradicting))

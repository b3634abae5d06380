"""A case as the fold makes it, and the rows of core that tell it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from psycopg.types.json import Jsonb

from conduct_records.contracts.codes import IssueType
from conduct_records.records.cases_linking import PEOPLE, STRONG, UNLINKED, Decided, Proposal
from conduct_records.records.cases_referral import Directory, Reason, home_regions
from conduct_records.records.cases_standing import Appearance, Statement
from conduct_records.records.keys import key
from conduct_records.records.regions_book import RegionBook

Row = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """One event with its appearances, the one pushed first in front; the case's key comes from that one."""

    appearances: tuple[Appearance, ...]
    regions: list[str]
    units: list[tuple[str, Reason, date]]

    @property
    def case_key(self) -> str:
        """Stable while later pushes join: it changes only if an earlier push is backfilled in front."""
        return key("case", *self.appearances[0].standing.key)


@dataclass(frozen=True)
class Folding:
    """What folding needs beside the appearances: places, directory, tags, texts of issues."""

    book: RegionBook
    directory: Directory
    follow_up_tags: frozenset[str]
    tag_separators: re.Pattern[str]
    issues: dict[str, IssueType]
    decided: Decided


def case_row(case: Case, folding: Folding) -> Row:
    """The row of core.conduct_case."""
    first = case.appearances[0]
    dates = [each.standing.published_on for each in case.appearances if each.standing.published_on]
    tags = {tag for each in case.appearances for tag in _tags(each.standing, folding)}
    return {
        "case_key": case.case_key,
        "title": first.standing.title,
        "published_on": min(dates, default=None),
        "first_pushed_on": first.first_pushed_on,
        "appearance_count": len(case.appearances),
        "is_followed_up": bool(tags & folding.follow_up_tags),
        "region_codes": case.regions,
    }


def appearance_row(case: Case, appearance: Appearance, folding: Folding) -> Row:
    """The row of core.pushed_case for one appearance of a case."""
    said = appearance.standing
    return {
        "list_code": said.list_code,
        "case_id": said.case_id,
        "case_key": case.case_key,
        "link_basis": _link_basis(case, folding.decided),
        "title": said.title,
        "region_text": said.region_text,
        "region_codes": sorted(home_regions(said, folding.book)),
        "published_on": said.published_on,
        "source_name": said.source_name,
        "handling_opinion": said.handling_opinion,
        "tags": _tags(said, folding),
        "data_date": said.data_date,
        "first_pushed_on": appearance.first_pushed_on,
        "file_id": said.file_id,
        "row_no": said.row_no,
    }


def unit_rows(case: Case) -> list[Row]:
    """The rows of core.case_unit: whom the case concerns."""
    return [
        {"case_key": case.case_key, "unit_code": unit, "reason": reason, "referred_on": since}
        for unit, reason, since in case.units
    ]


def proposal_row(proposal: Proposal) -> Row:
    """The row of what people have to decide about two appearances."""
    left, right = ("/".join(case_id) for case_id in (proposal.left, proposal.right))
    return {"left_key": left, "right_key": right, "features": Jsonb(dict(proposal.features))}


def _link_basis(case: Case, decided: Decided) -> str:
    """What put the appearances together: people where they said so of any two of them."""
    keys = {each.standing.key for each in case.appearances}
    if len(keys) == 1:
        return UNLINKED
    return PEOPLE if any(pair <= keys for pair in decided.same) else STRONG


def _tags(said: Statement, folding: Folding) -> list[str]:
    return [tag for tag in folding.tag_separators.split(said.tags or "") if tag]

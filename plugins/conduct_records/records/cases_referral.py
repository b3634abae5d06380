"""Whom a case concerns: the reporting units of the places it names and the department of its conduct."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from conduct_records.records.cases_standing import Statement
from conduct_records.records.regions import find_regions, read_regions
from conduct_records.records.regions_book import RegionBook

Reason = Literal["region", "province", "industry"]


@dataclass(frozen=True)
class IndustryRule:
    """One dated rule of the policy industry_referral; `until` is the last day it holds, None for no end."""

    department: str
    tier: int
    words: tuple[str, ...]
    since: date
    until: date | None

    def holds_on(self, day: date) -> bool:
        """Whether the rule is in force on `day`."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class Directory:
    """Region code of each reporting unit to its code, the lead authority, the industry rules."""

    units: Mapping[str, str]
    lead_authority: str
    industry_rules: tuple[IndustryRule, ...]


def home_regions(statement: Statement, book: RegionBook) -> frozenset[str]:
    """The places in the province that an appearance names: by its region cell, then, for all it says is the
    province or nothing that is understood, by its title. A cell that names other provinces alone gives none.
    """
    read = read_regions(statement.region_text, book)
    home = {region.code for region in read.regions if region.is_home}
    if home - {book.home} or (read.regions and not home):
        return frozenset(home)
    return frozenset({region.code for region in find_regions(statement.title, book)} or home)


def case_regions(parts: Iterable[frozenset[str]], book: RegionBook) -> list[str]:
    """The narrowest places over the appearances of one case: one that only says the province yields."""
    return book.narrowest({code for part in parts for code in part})


def units_of(regions: Iterable[str], book: RegionBook, directory: Directory) -> dict[str, Reason]:
    """Unit code to why: the unit each place lies in, or the lead authority for the province itself."""
    found: dict[str, Reason] = {}
    for region in regions:
        unit = next(
            (directory.units[code] for code in book.ancestors(region) if code in directory.units), None
        )
        found[unit or directory.lead_authority] = "region" if unit else "province"
    return found


def departments_of(statement: Statement, directory: Directory) -> set[str]:
    """The departments whose words the title holds, or else the body; conduct before line of business."""
    day = statement.published_on or statement.data_date
    rules = [rule for rule in directory.industry_rules if rule.holds_on(day)]
    for text in (statement.title, statement.body or ""):
        hits = [rule for rule in rules if any(word in text for word in rule.words)]
        if hits:
            tier = min(rule.tier for rule in hits)
            return {rule.department for rule in hits if rule.tier == tier}
    return set()


def industry_rule(body: Mapping[str, Any], since: date, until: date | None) -> IndustryRule:
    """One row of ref.policy as a rule."""
    return IndustryRule(body["department"], body["tier"], tuple(body["words"]), since, until)

"""Folds pushed appearances into cases: what stands, which appearances are one event, whom a case concerns."""

from __future__ import annotations

import re
from datetime import date, datetime

import yaml

from conduct_records.contracts.codes import read_issue_types
from conduct_records.records.cases_decisions import decided_links
from conduct_records.records.cases_findings import CODES, findings, issue_row
from conduct_records.records.cases_linking import Candidate, Links, link
from conduct_records.records.cases_referral import (
    Directory,
    case_regions,
    departments_of,
    home_regions,
    industry_rule,
    units_of,
)
from conduct_records.records.cases_rows import (
    Case,
    Folding,
    Row,
    appearance_row,
    case_row,
    proposal_row,
    unit_rows,
)
from conduct_records.records.cases_standing import Appearance, Statement, stand
from conduct_records.records.regions_book import RegionBook
from conduct_records.settings import SCHEMAS
from conduct_records.warehouse.connection import Connection
from conduct_records.warehouse.statements import statement


def fold_cases(connection: Connection, valid_on: date, known_at: datetime) -> dict[str, int]:
    """Fold all pushes up to `valid_on` into cases, proposals and issues; returns counts by name.

    The same pushes give the same rows in whatever order they came; only rows that differ are written.
    Source: requirements A3 to A6, D3.
    """
    values = {"valid_on": valid_on}
    rows = connection.execute(statement("core/case_evidence#statements"), values).fetchall()
    rules: dict[str, dict[str, int]] = dict(
        connection.execute(statement("core/case_evidence#linking"), values).fetchall()
    )
    folding = _folding(connection)
    appearances = {each.standing.key: each for each in stand(Statement(*row) for row in rows)}
    candidates = [_candidate(each, folding.book) for each in appearances.values()]
    links = link(candidates, folding.book, rules, folding.decided)
    cases = [_case([appearances[each.key] for each in group], folding) for group in links.groups]
    found = [
        issue_row(finding, folding.issues, known_at)
        for case in cases
        for appearance in case.appearances
        for finding in findings(appearance, case.regions, _has_department(case), folding.book)
    ]
    return _write(connection, cases, links, found, folding)


def _folding(connection: Connection) -> Folding:
    words = yaml.safe_load((SCHEMAS / "cases.yaml").read_text(encoding="utf-8"))
    rules = connection.execute(statement("core/case_evidence#industry")).fetchall()
    ((lead,),) = connection.execute(statement("core/case_evidence#lead_authority")).fetchall()
    units: dict[str, str] = dict(connection.execute(statement("core/case_evidence#units")).fetchall())
    return Folding(
        book=RegionBook.load(),
        directory=Directory(units, lead, tuple(industry_rule(*rule) for rule in rules)),
        follow_up_tags=frozenset(
            tag for (tag,) in connection.execute(statement("core/case_evidence#follow_up_tags")).fetchall()
        ),
        tag_separators=re.compile(f"[{re.escape(words['tag_separators'])}]+"),
        issues=read_issue_types(SCHEMAS / "codes" / "issues.csv"),
        decided=decided_links(connection),
    )


def _candidate(appearance: Appearance, book: RegionBook) -> Candidate:
    said = appearance.standing
    regions = home_regions(said, book)
    return Candidate(said.key, said.title, regions, said.published_on, appearance.first_pushed_on)


def _case(appearances: list[Appearance], folding: Folding) -> Case:
    regions = case_regions((home_regions(each.standing, folding.book) for each in appearances), folding.book)
    reasons = units_of(regions, folding.book, folding.directory)
    if regions:
        for each in appearances:
            reasons |= dict.fromkeys(departments_of(each.standing, folding.directory), "industry")
    units = [
        (code, reason, _known_since(code, appearances, folding)) for code, reason in sorted(reasons.items())
    ]
    return Case(tuple(appearances), regions, units)


def _known_since(unit: str, appearances: list[Appearance], folding: Folding) -> date:
    """The first push that concerned the unit, so that a later push never moves its due date."""
    return min(
        said.data_date
        for each in appearances
        for said in each.statements
        if unit in units_of(home_regions(said, folding.book), folding.book, folding.directory)
        or unit in departments_of(said, folding.directory)
    )


def _has_department(case: Case) -> bool:
    return any(reason == "industry" for _, reason, _ in case.units)


def _write(
    connection: Connection, cases: list[Case], links: Links, found: list[Row], folding: Folding
) -> dict[str, int]:
    appearances = [appearance_row(case, each, folding) for case in cases for each in case.appearances]
    units = [row for case in cases for row in unit_rows(case)]
    proposals = [proposal_row(each) for each in links.proposals]
    written = (
        _sync(connection, "appearance", appearances, ("list_code", "case_id"))
        + _sync(connection, "case", [case_row(case, folding) for case in cases], ("case_key",))
        + _sync(connection, "unit", units, ("case_key", "unit_code"))
        + _sync(connection, "proposal", proposals, ("left_key", "right_key"))
        + _sync(connection, "issue", found, ("issue_id",))
    )
    counts = {"appearances": len(appearances), "cases": len(cases), "link_proposals": len(proposals)}
    return counts | {"case_rows_written": written}


def _sync(connection: Connection, name: str, rows: list[Row], keys: tuple[str, ...]) -> int:
    """Write what differs and remove what is gone; returns how many rows changed."""
    kept: Row = {f"{each}s": [row[each] for row in rows] for each in keys}
    gone = connection.execute(
        statement(f"core/case#drop_{name}s"), kept | {"issue_codes": list(CODES)}
    ).rowcount
    if not rows:
        return gone
    with connection.cursor() as cursor:
        cursor.executemany(statement(f"core/case#keep_{name}"), rows)
        return gone + cursor.rowcount

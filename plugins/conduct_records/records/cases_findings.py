"""What is wrong or doubtful about pushed appearances, as rows of ops.issue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from conduct_records.contracts.codes import IssueType
from conduct_records.records.cases_standing import Appearance, Statement
from conduct_records.records.keys import key
from conduct_records.records.regions import read_regions, suggest_misprints
from conduct_records.records.regions_book import RegionBook

CODES = ("region_unread", "region_suggestion", "push_contradicts", "region_missing", "industry_unknown")
"""The issues that this fold raises, and takes back."""


@dataclass(frozen=True)
class Finding:
    """One finding on one field of one statement; `detail` completes the catalogue's text."""

    statement: Statement
    issue_code: str
    field: str
    value: str
    detail: str = ""


def findings(
    appearance: Appearance, regions: Iterable[str], has_department: bool, book: RegionBook
) -> Iterator[Finding]:
    """What an appearance gives: unread places, misprints, contradicting pushes, no place, no department.

    `regions` are the places of its case. Texts are only read, never changed. Source: requirements A4, A5.
    """
    standing = appearance.standing
    name = f"{standing.list_code}/{standing.case_id}"
    unread = read_regions(standing.region_text, book).unread
    for text in unread:
        yield Finding(standing, "region_unread", "region_text", text)
    texts = [
        *(("region_text", text) for text in unread),
        ("title", standing.title),
        ("body", standing.body or ""),
    ]
    yield from _misprints(standing, texts, regions, book)
    for each in appearance.contradicting:
        yield Finding(each, "push_contradicts", "case_id", name)
    if not regions:
        yield Finding(standing, "region_missing", "region_text", name)
    elif not has_department:
        yield Finding(standing, "industry_unknown", "title", name)


def issue_row(finding: Finding, types: dict[str, IssueType], known_at: datetime) -> dict[str, Any]:
    """The finding as parameters of core/case#keep_issue; file_id is the pull.

    Raises:
        KeyError: the catalogue does not know the code.
    """
    kind = types[finding.issue_code]
    words = {"value": finding.value, "detail": finding.detail}
    where = finding.statement.file_id, finding.statement.row_no, finding.field
    return {
        "issue_id": key("fold", kind.code, where[0], str(where[1]), finding.field, finding.value),
        "file_id": where[0],
        "row_no": where[1],
        "field": finding.field,
        "issue_code": kind.code,
        "severity": kind.severity,
        "responsibility": kind.responsibility,
        "value": finding.value,
        "message": kind.message.format_map(words),
        "suggestion": kind.fix.format_map(words),
        "known_at": known_at,
    }


def _misprints(
    standing: Statement, texts: list[tuple[str, str]], regions: Iterable[str], book: RegionBook
) -> Iterator[Finding]:
    prefectures = sorted({book.prefecture(code) for code in regions} - {book.home})
    seen: set[str] = set()
    for field, text in texts:
        for prefecture in prefectures:
            for each in suggest_misprints(text, prefecture, book):
                if each.text not in seen:
                    seen.add(each.text)
                    yield Finding(standing, "region_suggestion", field, each.text, f"{each.name} {each.code}")

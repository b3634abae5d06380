"""Renders the public column: pages, search index, feeds and deltas, as path to text."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from conduct_records.disclosure import feeds
from conduct_records.settings import TEMPLATES

NEWEST = 50
ASSETS = ("style.css", "icon.svg", "column.js", "vendor/minisearch.js", "vendor/minisearch.LICENSE.txt")


@dataclass(frozen=True)
class Row:
    """One public record: `content` is what the gate gives."""

    record_key: str
    subject_key: str
    content_hash: str
    display_until: date | None
    content: dict[str, Any]


@dataclass(frozen=True)
class Entry:
    """One entry of a public list."""

    list_code: str
    display_until: date | None
    content: dict[str, Any]


@dataclass
class Column:
    """All that one version shows. `versions`: (number, valid_on, records, digest), newest first."""

    valid_on: date
    rows: list[Row]
    entries: list[Entry]
    labels: dict[str, dict[str, str]]
    digest: str
    version_no: int = 0
    versions: list[tuple[Any, ...]] = field(default_factory=list)
    changed_in: dict[str, int] = field(default_factory=dict)

    @property
    def newest(self) -> list[Row]:
        """The records that the first page lists; the search finds the others."""

        def age(row: Row) -> tuple[str, str]:
            return row.content["document_on"], row.record_key

        return sorted(self.rows, key=age, reverse=True)[:NEWEST]


def look() -> str:
    """A hash of the templates: pages are written again when these change."""
    paths = sorted(path for path in (TEMPLATES / "portal").rglob("*") if path.is_file())
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()


def render(column: Column) -> dict[str, str]:
    """Every file of the version, by its path below the served folder. Source: requirements E3, E5."""
    pages = Environment(
        loader=FileSystemLoader(TEMPLATES / "portal"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    shared = {"column": column, "labels": column.labels}
    files = {
        name: pages.get_template(name).render(shared, root="")
        for name in ("index.html", "lists.html", "rights.html")
    }
    record_page = pages.get_template("record.html")
    for row in column.rows:
        files[f"records/{row.record_key}.html"] = record_page.render(shared, row=row, root="../")
    files |= {name: (TEMPLATES / "portal" / name).read_text(encoding="utf-8") for name in ASSETS}
    files["search.json"] = json.dumps([_found(row) for row in column.rows], ensure_ascii=False)
    return files | feeds.feeds(column)


def _found(row: Row) -> dict[str, Any]:
    """What the search needs of one record."""
    content = row.content
    return {
        "key": row.record_key,
        "name": content["subject_name"],
        "code": content.get("subject_code", ""),
        "document": content["document_no"],
        "until": str(row.display_until or ""),
    }

"""The column for people: pages rendered from templates; nothing but the section pages names a version."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import escape

from conduct_records.disclosure.items import PORTAL, Item, declared, kinds
from conduct_records.settings import SCHEMAS

ASSETS = ("style.css", "icon.svg", "column.js", "vendor/minisearch.js", "vendor/minisearch.LICENSE.txt")
FEEDS = SCHEMAS / "feeds"
ITEM_ROOT = "../../"  # from an item's page to the served folder
MARK = "\x00"


@dataclass(frozen=True)
class Column:
    """What the pages of one version say of it.

    `labels`: list portal of ref.code; `counts` and `lengths`: items and shard digits by kind; `tables`: those
    of each page.
    """

    version_no: int
    valid_on: date
    labels: Mapping[str, str]
    counts: Mapping[str, int]
    lengths: Mapping[str, int]
    tables: Mapping[str, list[Mapping[str, Any]]] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The name of the column."""
        return self.labels["title"]

    def stamp(self) -> dict[str, Any]:
        """What a copy that holds this version says of itself."""
        return {"version_no": self.version_no, "look": look(), "lengths": dict(self.lengths)}

    @property
    def pages(self) -> list[Mapping[str, Any]]:
        """The section pages, in the order of the navigation."""
        found: list[Mapping[str, Any]] = declared()["pages"]
        return found


@cache
def environment() -> Environment:
    """Templates as the portal uses them: everything is escaped, nothing may be undefined."""
    return Environment(
        loader=FileSystemLoader(PORTAL),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def look() -> str:
    """A hash of templates and schemas: all pages are written again when these change."""
    paths = sorted(path for folder in (PORTAL, FEEDS) for path in folder.rglob("*") if path.is_file())
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()


def item_page(column: Column, item: Item) -> str:
    """The page of one item; it names no version, so that it stays as it is while its item does.

    What surrounds an item is rendered once: a million pages differ in their middle only.
    """
    template = environment().get_template(str(kinds()[item.kind].page))
    until = item.display_until.isoformat()
    body = template.render(labels=column.labels, c=item.content, until=until, root=ITEM_ROOT)
    before, middle, after = _frame(column.title)
    return "".join((before, escape(item.content["subject_name"]), middle, body, after))


@cache
def _frame(title: str) -> tuple[str, str, str]:
    """What stands before the title of an item's page, between title and body, and after it."""
    template = environment().get_template("item.html")
    pages = declared()["pages"]
    whole = template.render(column={"title": title, "pages": pages}, root=ITEM_ROOT, mark=MARK)
    before, middle, after = whole.split(MARK)
    return before, middle, after


def section_pages(column: Column) -> dict[str, str]:
    """Every page that lists, and the page of downloads, by path."""
    files = {}
    for page in column.pages:
        name = page["page"]
        tables = column.tables[name]
        files[name] = _section(column, name, {"title": page["title"], "page": name}, tables)
    files["data.html"] = _section(
        column, "data.html", {"title": column.labels["data"], "page": "data.html"}, []
    )
    return files


def _section(column: Column, name: str, page: Mapping[str, Any], tables: list[Mapping[str, Any]]) -> str:
    template = name if (PORTAL / name).exists() else "section.html"
    data = [
        {
            "stem": kind.stem,
            "label": kind.label,
            "count": column.counts.get(kind.name, 0),
            "length": column.lengths[kind.name],
            "csv": kind.csv,
        }
        for kind in kinds().values()
    ]
    return (
        environment()
        .get_template(template)
        .render(
            column=column,
            labels=column.labels,
            page=page,
            tables=tables,
            data=data,
            address=_address,
            root="",
        )
    )


def _address(field_name: str, key: str) -> str:
    """The page of the item that a key names: record_key leads to a record."""
    return kinds()[field_name.removesuffix("_key")].address(key)


def assets() -> dict[str, str]:
    """Style, scripts and published schemas, by path."""
    files = {name: (PORTAL / name).read_text(encoding="utf-8") for name in ASSETS}
    return files | {f"schemas/{path.name}": path.read_text("utf-8") for path in sorted(FEEDS.glob("*.json"))}

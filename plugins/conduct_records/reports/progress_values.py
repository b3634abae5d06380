"""How a figure reads: one form for pages and workbooks, and `no data` where there is none."""

from __future__ import annotations

from typing import Any

from conduct_records.reports.progress import Part, Row, template

NUMBER_FORMATS = {None: "#,##0", "percent": "0.0%", "decimal": "0.0"}


def text(value: Any, form: str | None = None) -> str:
    """A figure as people read it."""
    if value is None:
        return str(template()["no_data"])
    if form == "flag":
        return str(template()["yes"] if value else template()["no"])
    if form == "percent":
        return f"{float(value):.1%}"
    if form == "short":
        return f"{float(value):,g}"
    if form == "decimal":
        return f"{float(value):.1f}"
    return value if isinstance(value, str) else f"{int(value):,}"


def number(value: Any) -> float | None:
    """A figure as charts and cells take it."""
    return None if value is None else float(value)


def label(part: Part, row: Row) -> str:
    """What stands under a bar, point or slice."""
    value = str(row[part.declared["label"]])
    return str(part.declared.get("labels", {}).get(value, value))


def notes(part: Part) -> list[str]:
    """The notes as sentences.

    Raises:
        KeyError: a note has no text in the template.
    """
    names = ("first_name", "second_name", "third_name")
    texts = part.declared["texts"]
    return [texts[row["note_code"]].format(*(row[name] or "" for name in names)) for row in part.rows]

"""The summary at the end of a run, read from the warehouse."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

import psycopg

from conduct_records.disclosure.folder import CURRENT
from conduct_records.warehouse.statements import statement

SECTIONS = {
    "cases": "Pushed cases",
    "referrals": "Referrals per unit",
    "regions": "Region texts that were not understood, with what is offered",
    "pulls": "Pulls",
    "submissions": "Submissions",
    "issues": "Issues",
    "records": "Records by state and disclosure class",
    "outbox": "Messages for the platform",
    "acknowledgements": "What the platform answered",
    "digest": "Digest over all records and lists",
}


def print_summary(connection: psycopg.Connection[Any], out: TextIO) -> None:
    """Write one table per section to `out`; `connection` is to the warehouse and only reads."""
    for name, title in SECTIONS.items():
        cursor = connection.execute(statement(f"checks/summary#{name}"))
        heads = [column.name for column in cursor.description or ()]
        print(f"\n{title}", file=out)
        print_table(heads, cursor.fetchall(), out)


def print_files(outbox: Path, portal: Path, out: TextIO) -> None:
    """Write how many files units got and where they and the portal lie."""
    receipts = sum(1 for path in outbox.rglob("*.xlsx") if path.is_file())
    print(f"\nFiles\n  {receipts} workbooks (receipts and referral lists) under {outbox}", file=out)
    print(f"  portal: {portal / CURRENT / 'index.html'}", file=out)


def print_table(heads: Sequence[str], rows: Sequence[Sequence[Any]], out: TextIO) -> None:
    """Write rows under their heads in columns, a Chinese character two wide; `none` for no rows."""
    if not rows:
        print("  none", file=out)
        return
    table = [list(heads), *[["" if value is None else str(value) for value in row] for row in rows]]
    widths = [max(_width(row[column]) for row in table) for column in range(len(heads))]
    for row in table:
        cells = [text + " " * (width - _width(text)) for text, width in zip(row, widths, strict=True)]
        print("  " + "  ".join(cells).rstrip(), file=out)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)

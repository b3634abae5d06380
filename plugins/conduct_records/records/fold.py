"""From the claims of the touched subjects to records, lists, their versions and what is wrong with them."""

from __future__ import annotations

from typing import Any

from conduct_records.warehouse.connection import Connection
from conduct_records.warehouse.statements import statement

STEPS = (
    ("standing", ("clear", "fold")),
    ("determination", ("clear", "clear_events", "fold", "events", "unentitled")),
    ("law", ("clear", "fold")),
    ("hold", ("clear", "fold")),
    ("objection", ("clear", "fold")),
    ("repair", ("clear", "fold")),
    ("record", ("clear", "fold")),
    ("list_entry", ("clear", "fold")),
    ("version", ("records", "removed_records", "entries", "removed_entries")),
    ("issue", ("clear", "fold")),
    ("digest", ("put_in",)),
)
"""Files of include/sql/core and their sections in order: each step reads what the ones before it made."""


def fold_touched(connection: Connection, values: dict[str, Any]) -> None:
    """Fold the subjects in core.touched_subject again; all statements are local to the subject.

    `values` holds run_id, valid_on and known_at. Source: requirements D3, D4; architecture decision 5.
    """
    for name, sections in STEPS:
        for section in sections:
            connection.execute(statement(f"core/{name}#{section}"), values)

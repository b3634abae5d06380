"""From the claims of the touched subjects to records, lists, their versions and what is wrong with them."""

from __future__ import annotations

from collections import Counter
from typing import Any

from conduct_records.records.change import KEYS, write_changed
from conduct_records.records.matching import words
from conduct_records.warehouse.connection import Connection
from conduct_records.warehouse.statements import statement

STEPS = (
    ("standing", ("fold", "standing_claim")),
    ("determination", ("clear", "clear_events", "fold", "events", "unentitled")),
    ("law", ("clear", "fold")),
    ("hold", ("clear", "fold")),
    ("objection", ("clear", "fold")),
    ("repair", ("clear", "fold")),
    ("record", ("fold", "record")),
    ("list_entry", ("clear", "fold")),
    ("version", ("records", "removed_records", "entries", "removed_entries")),
    ("issue", ("clear", "fold", "remove", "add")),
    ("digest", ("put_in",)),
)
"""Files of include/sql/core and what of each comes in order: a section, or a table to be brought to what a
section made for it. Each step reads what the ones before it made."""
VERSIONS = {
    "records": "record_versions",
    "removed_records": "record_versions",
    "entries": "list_entry_versions",
    "removed_entries": "list_entry_versions",
}
"""Sections of core/version, and under which name the rows that they append are counted."""


def fold_touched(connection: Connection, values: dict[str, Any]) -> Counter[str]:
    """Fold the subjects in core.touched_subject again; all statements are local to the subject.

    `values` holds run_id, valid_on and known_at. Returns how many versions were appended.
    Source: requirements D3, D4; architecture decision 5.
    """
    appended = Counter(dict.fromkeys(VERSIONS.values(), 0))
    given = values | words()
    for name, sections in STEPS:
        for section in sections:
            if section in KEYS:
                write_changed(connection, section, values)
                continue
            done = connection.execute(statement(f"core/{name}#{section}"), given)
            if section in VERSIONS:
                appended[VERSIONS[section]] += done.rowcount
    return appended

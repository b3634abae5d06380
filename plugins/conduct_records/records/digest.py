"""The digest that proves two builds equal."""

from __future__ import annotations

import hashlib
from typing import Any

from conduct_records.warehouse.connection import Connection
from conduct_records.warehouse.statements import statement


def digest(connection: Connection) -> str:
    """64 hexadecimal characters over all that is derived and all declarations, free of known_at.

    Computed from the rows themselves; `kept_digest` gives the same from the sums that builds keep.
    Source: requirement D3; architecture decision 6; invariants I5 and I6.
    """
    return _digest(connection, "whole")


def kept_digest(connection: Connection) -> str:
    """The same digest from the sums in core.digest_sum: its cost doesn't grow with the warehouse."""
    return _digest(connection, "kept")


def _digest(connection: Connection, sums: str) -> str:
    lines: list[tuple[Any, ...]] = []
    for section in (sums, "beside"):
        lines += connection.execute(statement(f"core/digest#{section}")).fetchall()
    text = "\n".join(" ".join(str(value) for value in line) for line in lines)
    return hashlib.sha256(text.encode()).hexdigest()

"""Recorded changes of a subject's key: input, never rebuilt, replayed by every build."""

from __future__ import annotations

from datetime import datetime

from conduct_records.warehouse.connection import Connection
from conduct_records.warehouse.statements import statement


def record_rekey(connection: Connection, old: str, new: str, reason: str, known_at: datetime) -> None:
    """Say that what is held on `old` belongs to `new`; the next build moves the claims, addresses stay.

    Source: requirement D2; architecture decision 5.

    Raises:
        KeyError: there is no subject `new`, or nothing was ever held on `old`.
        ValueError: the two are one, or `new` itself leads to `old`.
    """
    values = {"old_subject_key": old, "new_subject_key": new, "reason": reason, "known_at": known_at}
    row = connection.execute(statement("core/rekey#ends"), values).fetchone()
    is_known, is_loop = row or (False, False)
    if not is_known:
        raise KeyError(f"{old} or {new} is no subject's key")
    if old == new or is_loop:
        raise ValueError(f"{new} is, or leads to, {old}")
    connection.execute(statement("core/rekey#record"), values)

"""The digest that proves two builds equal."""

from __future__ import annotations

from conduct_records.warehouse.connection import Connection
from conduct_records.warehouse.statements import statement


def digest(connection: Connection) -> str:
    """64 hexadecimal characters over records, lists, cases, referrals and declarations, free of known_at.

    Source: requirement D3; architecture decision 6; invariants I5 and I6.
    """
    ((value,),) = connection.execute(statement("core/digest")).fetchall()
    return str(value)

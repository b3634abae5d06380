"""The business date that everything which leaves the centre holds for."""

from __future__ import annotations

from datetime import date

from conduct_records.warehouse.connection import Connection
from conduct_records.warehouse.statements import statement


def open_date(connection: Connection, data_date: date) -> date:
    """The latest date worked for so far, `data_date` included: a backfill publishes nothing older.

    Source: architecture decision 6.
    """
    row = connection.execute(statement("core/run#now"), {"data_date": data_date}).fetchone()
    return max(data_date, row[0]) if row else data_date

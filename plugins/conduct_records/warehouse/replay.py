"""Files read again under a contract that has changed since: what was refused may pass now (B7)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from psycopg.rows import dict_row

from conduct_records.contracts.book import load_contracts
from conduct_records.intake.inbox import Lane, is_link
from conduct_records.settings import Settings
from conduct_records.storage import location
from conduct_records.warehouse.connection import connect
from conduct_records.warehouse.ingest import Ingested, ingest
from conduct_records.warehouse.statements import statement


def replay(
    known_at: datetime, settings: Settings, unit: str | None = None, kind: str | None = None
) -> list[Ingested]:
    """Ingest each file whose contract version is no longer that of its kind; its new reading supersedes.

    Evidence, quarantine and issues of the old reading stay in history; a refusal supersedes nothing. Files of
    a kind whose contract is broken, or that no longer lie where they were, are left as they are.
    """
    return [ingest(lane, known_at, settings) for lane in list(_stale(settings, unit, kind))]


def _stale(settings: Settings, unit: str | None, kind: str | None) -> Iterator[Lane]:
    book = load_contracts()
    asked = {"unit_code": unit, "kind": kind}
    with (
        connect(settings, "records_loader") as connection,
        connection.cursor(row_factory=dict_row) as cursor,
    ):
        for row in cursor.execute(statement("landing/file#latest"), asked):
            if row["kind"] in book.broken or row["contract_version"] == book.version_of(row["kind"]):
                continue
            if (place := location(row["path"])).exists() and not is_link(place):
                label = f"{row['unit_code']}/{row['file_name']}"
                yield Lane(
                    row["path"], row["unit_code"], row["data_date"], row["file_name"], row["sequence"], label
                )

"""Which ingestion flows of a data date have ended: the build follows the one that ends last."""

from __future__ import annotations

from datetime import date, datetime

from conduct_records.settings import Settings
from conduct_records.warehouse.connection import connect
from conduct_records.warehouse.statements import statement

INGESTION = ("pull_pushed_cases", "pull_evaluations", "ingest_submissions")


def begin(flow: str, data_date: date, known_at: datetime, settings: Settings) -> None:
    """Note that `flow` works for a data date, for the first time or again: until its end it is open."""
    values = {"flow": flow, "data_date": data_date, "known_at": known_at}
    with connect(settings, "records_loader") as connection:
        connection.execute(statement("landing/arrival#lock"), values)
        connection.execute(statement("landing/arrival#begin"), values)


def end(flow: str, data_date: date, known_at: datetime, settings: Settings) -> bool:
    """Note that `flow` has ended for a data date; whether no ingestion flow of that date is open now.

    Of flows that end at the same time at least one hears that it was the last: each end is judged under a
    lock. A flow that is run again alone is the last one again, so the build follows it too.
    """
    values = {"flow": flow, "data_date": data_date, "known_at": known_at, "flows": list(INGESTION)}
    with connect(settings, "records_loader") as connection:
        connection.execute(statement("landing/arrival#lock"), values)
        connection.execute(statement("landing/arrival#end"), values)
        (row,) = connection.execute(statement("landing/arrival#ended"), values).fetchall()
        return bool(row[0] == len(INGESTION))


def open_elsewhere(flow: str, data_date: date, known_at: datetime, settings: Settings) -> set[date]:
    """The other data dates at which `flow` works now: a sweep leaves their files to it.

    One that has not ended within the time for a flow is taken for dead, so no file waits for it for ever.
    """
    values = {"flow": flow, "data_date": data_date, "since": known_at - settings.deadline}
    with connect(settings, "records_loader") as connection:
        return {row[0] for row in connection.execute(statement("landing/arrival#open"), values)}

"""Files that kill the process which reads them: counted, reported, and left alone after some attempts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

import psycopg

from conduct_records.contracts.book import load_contracts
from conduct_records.intake.inbox import Lane
from conduct_records.settings import Settings
from conduct_records.warehouse.connection import connect
from conduct_records.warehouse.statements import statement

MOST = 3  # dead processes after which no sweep takes the file again
CRASH = "reader_crash"


@contextmanager
def attempt(lane: Lane, known_at: datetime, settings: Settings) -> Iterator[None]:
    """Count one reading of a file; its end, good or bad, takes the count back, and only a kill leaves it.

    Its date is opened here too: within the long transaction of a lane, that row would hold up all the others.
    """
    values = {
        "path": lane.path,
        "fingerprint": lane.fingerprint,
        "data_date": lane.data_date,
        "known_at": known_at,
    }
    with connect(settings, "records_loader") as connection:
        connection.execute(statement("landing/arrival#open_date"), values)
        connection.execute(statement("landing/attempt#begin"), values)
    try:
        yield
    except psycopg.OperationalError:
        raise  # the warehouse is gone: the count stays for now, and the next reading that ends takes it back
    except BaseException:
        _forget(lane, settings)
        raise
    _forget(lane, settings)


def parked(settings: Settings) -> set[tuple[str, str]]:
    """(path, fingerprint) of the files that a sweep leaves alone; clearing their lane reads them again."""
    with connect(settings, "records_loader") as connection:
        rows = connection.execute(statement("landing/attempt#parked"), {"most": MOST}).fetchall()
        return {(path, fingerprint) for path, fingerprint in rows}


def report_crashes(lanes: Iterable[Lane], known_at: datetime, settings: Settings) -> list[str]:
    """Raise an issue for each of these lanes, all ended, whose process died; returns their paths."""
    kind = load_contracts().issues[CRASH]
    with connect(settings, "records_loader") as connection:
        paths = {"paths": [lane.path for lane in lanes]}
        rows = connection.execute(statement("landing/attempt#unfinished"), paths).fetchall()
        for path, count in rows:
            values = {
                "path": path,
                "severity": kind.severity,
                "responsibility": kind.responsibility,
                "value": str(count),
                "message": kind.message.format(value=count),
                "suggestion": kind.fix,
                "known_at": known_at,
            }
            connection.execute(statement("landing/attempt#report"), values)
        return [path for path, _ in rows]


def _forget(lane: Lane, settings: Settings) -> None:
    values = {"path": lane.path, "fingerprint": lane.fingerprint}
    with connect(settings, "records_loader") as connection:
        connection.execute(statement("landing/attempt#end"), values)
        connection.execute(statement("landing/attempt#settle"), values)

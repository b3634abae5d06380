"""Publishes the marts: changed rows only, checks, then one row moves, all in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from psycopg.types.json import Jsonb

from conduct_records.contracts.dictionary import mart_tables
from conduct_records.disclosure.dates import open_date
from conduct_records.disclosure.marts_changes import write_changed
from conduct_records.disclosure.marts_checks import BoundViolated, check_marts
from conduct_records.disclosure.marts_table import Change
from conduct_records.settings import Settings
from conduct_records.warehouse.connection import Connection, connect, hold_build_lock
from conduct_records.warehouse.statements import statement

log = logging.getLogger(__name__)
Values = dict[str, Any]


@dataclass(frozen=True)
class Published:
    """The version that readers now see, the digest over its facts, and what was written: table to change."""

    version_no: int
    valid_on: date
    digest: str
    changes: dict[str, Change] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def publish_marts(data_date: date, known_at: datetime, settings: Settings, full: bool = False) -> Published:
    """Bring the marts to what core says as of the latest open date.

    Only what changed since the last publication is compared (marts/cover.sql); all of it when `full`, when
    there is no version yet, or when a dimension that the facts rest on changed. Both give the same rows.

    Raises:
        BoundViolated: a check failed; nothing changed but the mark that the marts are stale.

    Source: requirement I1; architecture decision 11.
    """
    values: Values = {"data_date": data_date, "known_at": known_at}
    with _told_when_it_fails(settings, values), connect(settings, "records_builder") as connection:
        hold_build_lock(connection)
        connection.execute(statement("core/run#memory"))
        values["valid_on"] = open_date(connection, data_date)
        return _publish(connection, values, _docs(settings, data_date, known_at), full)


def _publish(connection: Connection, values: Values, docs: Path | None, full: bool) -> Published:
    changes = write_changed(connection, values, full)
    warnings = check_marts(connection, docs)
    connection.execute(statement("marts/version#subjects_done"))
    connection.execute(statement("marts/cover#clear"))
    for warning in warnings:
        log.warning("marts: %s", warning)
    return _move(connection, values, changes, warnings)


def _move(
    connection: Connection, values: Values, changes: dict[str, Change], warnings: list[str]
) -> Published:
    tables = [name for name in changes if mart_tables()[name].in_digest]
    (digest,) = _one(connection, "digest", {"tables": tables})
    said = "; ".join(warnings) or None
    (version_no,) = _one(connection, "move", values | {"digest": digest, "warnings": said})
    changed = [name for name, change in changes.items() if change.is_change]
    connection.execute(statement("marts/version#number"), {"version_no": version_no, "changed": changed})
    counts = {name: [change.added, change.removed] for name, change in changes.items() if change.is_change}
    done = {"state": "done", "digest": digest, "counts": Jsonb(counts), "reason": said}
    connection.execute(statement("marts/version#run"), values | done)
    return Published(version_no, values["valid_on"], digest, changes, tuple(warnings))


@contextmanager
def _told_when_it_fails(settings: Settings, values: Values) -> Iterator[None]:
    """Readers and the log of runs learn that this publication failed; the last good version stays."""
    try:
        yield
    except Exception as error:
        # A database error's message can hold values of rows; the class is enough for the log of runs.
        reason = str(error) if isinstance(error, BoundViolated) else type(error).__name__
        failed = {"valid_on": None, "state": "failed", "digest": None, "counts": Jsonb({}), "reason": reason}
        with connect(settings, "records_builder") as connection:
            connection.execute(statement("marts/version#stale"), {"reason": reason})
            connection.execute(statement("marts/version#run"), failed | values | failed)
        raise


def _docs(settings: Settings, data_date: date, known_at: datetime) -> Path | None:
    run = Path("marts") / data_date.isoformat() / known_at.strftime("%Y%m%dT%H%M%S%f")
    return None if settings.data_docs is None else settings.data_docs / run


def _one(connection: Connection, section: str, values: Values) -> tuple[Any, ...]:
    (row,) = connection.execute(statement(f"marts/version#{section}"), values).fetchall()
    return row

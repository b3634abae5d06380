"""One build: new evidence becomes claims, and the touched subjects are folded again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from psycopg.types.json import Jsonb

from conduct_records.records.cases import fold_cases
from conduct_records.records.claims import claim_evidence, settle_subjects, superseded_files
from conduct_records.records.digest import kept_digest
from conduct_records.records.fold import fold_touched
from conduct_records.records.read_ahead import ReadAhead
from conduct_records.records.targets import fold_targets
from conduct_records.settings import Settings
from conduct_records.warehouse.connection import Connection, connect, hold_build_lock
from conduct_records.warehouse.statements import statement

FLOW = "build_records"


@dataclass(frozen=True)
class Built:
    """What one build made: the business date it holds for, the digest, and counts by name."""

    run_id: str
    valid_on: date
    digest: str
    counts: dict[str, int] = field(default_factory=dict)


def build(data_date: date, known_at: datetime, settings: Settings, full: bool = False) -> Built:
    """Fold the evidence that came since the last build, or all of it, as of the latest open date.

    One transaction under the build lock; incremental and full give the same rows (I6).
    Source: requirements D1 to D5; architecture decisions 5 and 6.
    """
    run_id = run_key(data_date, known_at)
    try:
        with connect(settings, "records_builder") as connection:
            hold_build_lock(connection)
            return _build(connection, settings, run_id, data_date, known_at, full=full)
    except Exception as error:
        # The message of a database error can hold values of rows; its class says enough for the log of runs.
        _note_failure(settings, run_id, data_date, known_at, type(error).__name__)
        raise


def rebuild(known_at: datetime, settings: Settings) -> Built:
    """Throw away what is derived and fold all evidence again; versions and people's decisions stay."""
    return build(known_at.date(), known_at, settings, full=True)


def run_key(data_date: date, known_at: datetime) -> str:
    """The key of one build: the same flow, data date and commit time give the same key."""
    return sha256(f"{FLOW}|{data_date}|{known_at.isoformat()}".encode()).hexdigest()[:32]


def _build(
    connection: Connection,
    settings: Settings,
    run_id: str,
    data_date: date,
    known_at: datetime,
    *,
    full: bool,
) -> Built:
    connection.execute(statement("core/run#memory"))
    dates, declarations, are_others = _as_of(connection, data_date)
    values: dict[str, Any] = {"run_id": run_id, "data_date": data_date, "known_at": known_at, **dates}
    (register_went,) = _one(connection, "core/superseded#registers", superseded_files(connection))
    is_whole = full or register_went or are_others
    # A changed policy, code or register can change any record, so all of them are made again.
    connection.execute(statement("core/rebuild" if is_whole else "core/run#by_key"))
    counts = _fold(connection, settings, values, is_whole)
    made = Built(run_id, values["valid_on"], kept_digest(connection), counts)
    done = values | {"digest": made.digest, "counts": Jsonb(counts | {"declarations": declarations})}
    connection.execute(statement("core/run#done"), done)
    return made


def _as_of(connection: Connection, data_date: date) -> tuple[dict[str, date], str, bool]:
    """What this build and the last one hold for; the declarations, and whether they are others than then."""
    last = connection.execute(statement("core/run#last")).fetchone()
    last_valid_on, last_declarations = last or (None, None)
    valid_on, declarations = _one(connection, "core/run#now", {"data_date": data_date})
    dates = {"valid_on": valid_on, "last_valid_on": last_valid_on or valid_on}
    return dates, declarations, declarations != last_declarations


def _fold(
    connection: Connection, settings: Settings, values: dict[str, Any], is_whole: bool
) -> dict[str, int]:
    """Cases, then the claims of whom evidence touches, then targets; returns counts by name."""
    valid_on, known_at = values["valid_on"], values["known_at"]
    cases = fold_cases(connection, valid_on, known_at)
    with ReadAhead(settings, is_on=not is_whole) as ahead:
        ahead.read_waiting(connection)
        claim_evidence(connection, values)
        ahead.read_touched(connection, values["run_id"])
        settle_subjects(connection, values)
        appended = fold_touched(connection, values)
    connection.execute(statement("core/touched#unpublished"), values)
    targets = fold_targets(connection, valid_on, known_at)
    connection.execute(statement("share/change#touched"), values | {"is_whole": is_whole})
    (subjects,) = _one(connection, "core/run#subjects", values)
    return {**cases, "subjects": subjects, **appended, **targets}


def _one(connection: Connection, name: str, values: dict[str, Any]) -> tuple[Any, ...]:
    (row,) = connection.execute(statement(name), values).fetchall()
    return row


def _note_failure(settings: Settings, run_id: str, data_date: date, known_at: datetime, reason: str) -> None:
    values = {"run_id": run_id, "data_date": data_date, "known_at": known_at, "reason": reason}
    with connect(settings, "records_builder") as connection:
        connection.execute(statement("core/run#failed"), values)

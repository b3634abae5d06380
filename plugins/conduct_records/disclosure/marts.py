"""Publishes the marts: changed rows only, checks, then one row moves, all in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from conduct_records.disclosure.dates import open_date
from conduct_records.settings import Settings
from conduct_records.warehouse.connection import Connection, connect, hold_build_lock
from conduct_records.warehouse.statements import statement

TABLES = (
    "dim_date",
    "dim_region",
    "dim_department",
    "dim_conduct_class",
    "dim_subject",
    "fact_record",
    "fact_case",
    "fact_referral",
    "fact_submission",
    "fact_issue",
)


class BoundViolated(RuntimeError):
    """A check on the new version failed: readers keep the last good one."""


@dataclass(frozen=True)
class Published:
    """The version that readers now see, and the digest over its facts."""

    version_no: int
    valid_on: date
    digest: str


def publish_marts(data_date: date, known_at: datetime, settings: Settings) -> Published:
    """Bring the marts to what core says as of the latest open date.

    Raises:
        BoundViolated: a check failed; nothing changed but the mark that the marts are stale.

    Source: requirement I1; architecture decision 11.
    """
    try:
        with connect(settings, "records_builder") as connection:
            hold_build_lock(connection)
            return _publish(connection, data_date, known_at)
    except BoundViolated as violated:
        with connect(settings, "records_builder") as connection:
            connection.execute(statement("marts/version#stale"), {"reason": str(violated)})
        raise


def _publish(connection: Connection, data_date: date, known_at: datetime) -> Published:
    for table in TABLES:
        connection.execute(statement(f"marts/{table}"))
    violated = connection.execute(statement("checks/marts")).fetchall()
    if violated:
        raise BoundViolated("; ".join(f"{name}: {found} against {bound}" for name, found, bound in violated))
    (digest,) = connection.execute(statement("marts/version#digest")).fetchone() or ("",)
    valid_on = open_date(connection, data_date)
    values = {"valid_on": valid_on, "digest": digest, "known_at": known_at}
    (version_no,) = connection.execute(statement("marts/version#move"), values).fetchone() or (0,)
    return Published(version_no, valid_on, digest)

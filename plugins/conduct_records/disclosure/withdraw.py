"""What has ended leaves every copy, whether or not a build said so (E6)."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, datetime

from conduct_records.disclosure.dates import open_date
from conduct_records.disclosure.delivery import send
from conduct_records.disclosure.outbox import enqueue
from conduct_records.disclosure.publish import publish_portal
from conduct_records.settings import Settings
from conduct_records.warehouse.connection import connect, hold_build_lock
from conduct_records.warehouse.statements import statement

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Withdrawn:
    """How many records evidence holds back at the gate, and how many copies had to leave."""

    held_back: int
    left: int


def withdraw(data_date: date, known_at: datetime, settings: Settings) -> Withdrawn:
    """Close the gate for ended records, then take them out of the portal and off the platform.

    Needs no successful build: it reads the evidence that no build has claimed. Publishes nothing new.
    Source: requirement E6; architecture decision 8.
    """
    with connect(settings, "records_builder") as connection:
        hold_build_lock(connection)
        values = {"valid_on": open_date(connection, data_date), "known_at": known_at}
        connection.execute(statement("share/withdrawal#due"), values)
        connection.execute(statement("share/withdrawal#forget"))
        held = connection.execute(statement("share/withdrawal#find"), values).rowcount
        connection.execute(statement("share/withdrawal#due"), values)
        due = [key for (key,) in connection.execute(statement("share/withdrawal#due_subjects"))]
        left_over = statement("share/withdrawal#left_over")
        (leaving,) = connection.execute(left_over, {"subject_keys": due}).fetchone() or (0,)
        (unsent,) = connection.execute(statement("share/withdrawal#waiting")).fetchone() or (0,)
    if leaving or unsent:  # a process that was killed before it sent leaves nothing but what it queued
        log.info("%d copies must leave", leaving)
        publish_portal(data_date, known_at, settings, only_withdrawals=True)
        enqueue(data_date, known_at, settings, only_withdrawals=True)
        send(data_date, known_at, settings)
    return Withdrawn(held, leaving)

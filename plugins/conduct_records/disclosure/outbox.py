"""The outbox to the national platform: what is queued once, and what an answer makes of it (E2)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from itertools import islice
from typing import Any

from conduct_records.disclosure.changes import AT_A_TIME, latest, log_changes
from conduct_records.disclosure.dates import open_date
from conduct_records.exchange.messages import Receipt
from conduct_records.settings import Settings
from conduct_records.warehouse.connection import Connection, connect, hold_build_lock
from conduct_records.warehouse.statements import statement

OUTBOX_ID = "share.outbox"  # names the source of an issue where no file is

Message = dict[str, Any]


def enqueue(
    data_date: date, known_at: datetime, settings: Settings, *, only_withdrawals: bool = False
) -> int:
    """Queue what changed behind the government's gate; returns the number of messages."""
    with connect(settings, "records_sharer") as connection:
        hold_build_lock(connection)
        valid_on = open_date(connection, data_date)
        before = latest(connection, "government").version_no
        version = log_changes(connection, "government", valid_on, known_at, only_withdrawals=only_withdrawals)
        if version.version_no == before:
            return 0
        values = {"version_no": version.version_no, "valid_on": valid_on, "known_at": known_at}
        changed = iter(connection.execute(statement("share/outbox#changed_subjects"), values).fetchall())
        queued = 0
        while part := list(islice(changed, AT_A_TIME)):
            keys = {"subject_keys": [key for (key,) in part]}
            queued += connection.execute(statement("share/outbox#enqueue"), values | keys).rowcount
            mark_changed(connection, keys["subject_keys"])
        retracted = connection.execute(statement("share/outbox#retract"), values).fetchall()
        mark_changed(connection, {key for (key,) in retracted})
        return queued


def mark_changed(connection: Connection, subject_keys: Collection[str]) -> None:
    """Note whose messages changed: the marts compare these and no others."""
    connection.execute(statement("share/outbox#changed"), {"subject_keys": list(subject_keys)})


def acknowledge(connection: Connection, message: Message, receipt: Receipt, known_at: datetime) -> None:
    """Keep an answer, and what it makes of its message."""
    state = "rejected" if receipt.status == "rejected" else "acknowledged"
    values = {
        "subject_key": message["subject_key"],
        "message_key": receipt.idempotency_key,
        "receipt_no": receipt.receipt_number,
        "status": receipt.status,
        "reason": receipt.reason,
        "state": state,
        "known_at": known_at,
    }
    connection.execute(statement("share/outbox#acknowledge"), values)
    connection.execute(statement("share/outbox#settle"), values)
    if state == "rejected":
        raise_issue(connection, "platform_rejected", receipt.record_key, known_at)


def raise_issue(connection: Connection, code: str, value: str, known_at: datetime) -> None:
    """Say that the centre must look at what the platform did; `value` is a record's key or a short reason."""
    values = {"file_id": OUTBOX_ID, "issue_code": code, "value": value, "known_at": known_at}
    connection.execute(statement("share/outbox#raise_issue"), values)

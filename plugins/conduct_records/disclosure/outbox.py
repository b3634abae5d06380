"""The outbox to the national platform: queued once, sent in order, acknowledged, reconciled (E2)."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from conduct_records.disclosure.dates import open_date
from conduct_records.exchange.client import Client
from conduct_records.exchange.errors import NotUnderstood, Refused, Unavailable
from conduct_records.exchange.messages import Receipt
from conduct_records.settings import Settings
from conduct_records.warehouse.connection import Connection, connect, hold_build_lock
from conduct_records.warehouse.statements import statement

log = logging.getLogger(__name__)
BATCH = 100
OUTBOX_ID = "share.outbox"  # names the source of an issue where no file is


@dataclass(frozen=True)
class Sent:
    """Messages answered by the platform, by its answer, and those that wait for the next run."""

    stored: int
    rejected: int
    pending: int


def enqueue(
    data_date: date, known_at: datetime, settings: Settings, *, only_withdrawals: bool = False
) -> int:
    """Queue what changed behind the government's gate; returns the number of messages."""
    with connect(settings, "records_sharer") as connection:
        hold_build_lock(connection)
        valid_on = open_date(connection, data_date)
        values = {"valid_on": valid_on, "known_at": known_at, "only_withdrawals": only_withdrawals}
        queued = connection.execute(statement("share/outbox#enqueue"), values).rowcount
        connection.execute(statement("share/outbox#retract"))
        return queued


def send(_: date, known_at: datetime, settings: Settings, client: Client | None = None) -> Sent:
    """Send what is pending, in order per subject; what has no receipt stays pending for the next run.

    A rejected message blocks no other and raises an issue. At least once on the wire, once in effect.
    """
    platform = client or Client.of(settings)
    pending = _rows(settings, "share/outbox#pending")
    answered: list[str] = []
    try:
        for batch in _batches(pending):
            receipts = platform.post_batch(batch)
            _settle(settings, batch, receipts, known_at)
            answered += [receipt.status for receipt in receipts]
    except (Unavailable, Refused, NotUnderstood) as error:
        log.error("INCOMPLETE sending: %s; the rest waits for the next run", error)
    rejected = answered.count("rejected")
    return Sent(len(answered) - rejected, rejected, len(pending) - len(answered))


def _batches(messages: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    rest = iter(messages)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _settle(
    settings: Settings, batch: list[dict[str, Any]], receipts: list[Receipt], known_at: datetime
) -> None:
    """One transaction for one batch's answers."""
    sent = {message["idempotency_key"]: message for message in batch}
    with connect(settings, "records_sharer") as connection:
        for receipt in receipts:
            _acknowledge(connection, sent[receipt.idempotency_key], receipt, known_at)


def _acknowledge(
    connection: Connection, message: dict[str, Any], receipt: Receipt, known_at: datetime
) -> None:
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


def raise_issue(connection: Connection, code: str, record_key: str, known_at: datetime) -> None:
    """Say that the centre must look at what the platform did with a record."""
    values = {"file_id": OUTBOX_ID, "issue_code": code, "value": record_key, "known_at": known_at}
    connection.execute(statement("share/outbox#raise_issue"), values)


def _rows(settings: Settings, name: str) -> list[dict[str, Any]]:
    with connect(settings, "records_sharer") as connection:
        cursor = connection.execute(statement(name))
        names = [column.name for column in cursor.description or []]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

"""Delivery of the outbox: sent in order, acknowledged, and what is not waits for the next run (E2)."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import date, datetime

from conduct_records.disclosure.outbox import Message, acknowledge, mark_changed, raise_issue
from conduct_records.exchange.errors import ExchangeError, NotUnderstood, Refused, Unavailable
from conduct_records.exchange.messages import Receipt
from conduct_records.exchange.platform import Platform, platform_of
from conduct_records.settings import Settings
from conduct_records.warehouse.connection import connect
from conduct_records.warehouse.statements import statement

log = logging.getLogger(__name__)
OURS_TO_MEND = (401, 403)  # nothing is wrong with a message that our credentials could not carry


@dataclass(frozen=True)
class Sent:
    """Messages answered by the platform, by its answer, and those that wait for the next run."""

    stored: int
    rejected: int
    pending: int


def send(_: date, known_at: datetime, settings: Settings, client: Platform | None = None) -> Sent:
    """Send what is pending, in order per subject; what has no receipt stays pending for the next run.

    A rejected message is a dead letter with the platform's reason, raises an issue and blocks no other. A
    platform that does not answer ends the sending; an answer that is not understood costs its batch, and the
    rest goes on. At least once on the wire, once in effect. Source: requirement E2.
    """
    delivery = Delivery(settings, client or platform_of(settings), known_at)
    try:
        delivery.run()
    except (Unavailable, Refused) as error:
        log.error("INCOMPLETE sending: %s; the rest waits for the next run", error)
        delivery.report("platform_unavailable", error.reason)
    return Sent(delivery.stored, delivery.rejected, delivery.waiting())


@dataclass
class Delivery:
    """One sending. `held_back` are subjects with a message that got no receipt: their later ones wait too."""

    settings: Settings
    platform: Platform
    known_at: datetime
    stored: int = 0
    rejected: int = 0
    held_back: set[str] = field(default_factory=set)

    def run(self) -> None:
        """Batch after batch, until nothing is left that may go."""
        subject, ordinal = "", 0
        while batch := self._pending(subject, ordinal):
            subject, ordinal = batch[-1]["subject_key"], batch[-1]["ordinal"]
            self._deliver([message for message in batch if message["subject_key"] not in self.held_back])

    def waiting(self) -> int:
        """How many messages are still pending."""
        with connect(self.settings, "records_sharer") as connection:
            row = connection.execute(statement("share/outbox#waiting")).fetchone()
            return int(row[0]) if row else 0

    def report(self, code: str, value: str) -> None:
        """Raise an issue that is not about one record."""
        with connect(self.settings, "records_sharer") as connection:
            raise_issue(connection, code, value, self.known_at)

    def _deliver(self, batch: list[Message]) -> None:
        """Send a batch; where the platform refuses it as a whole, find the message that it means."""
        if not batch:
            return
        try:
            self._settle(batch, self.platform.post_batch(batch))
        except Refused as refused:
            if refused.status in OURS_TO_MEND:
                raise
            self._divide(batch, refused)
        except NotUnderstood as error:
            log.error("an answer of the platform is not understood; its batch waits for the next run")
            self._note(batch, error)
            self.report("platform_not_understood", "batch")
        except Unavailable as error:
            self._note(batch, error)
            raise

    def _divide(self, batch: list[Message], refused: Refused) -> None:
        if len(batch) > 1:
            self._deliver(batch[: len(batch) // 2])
            rest = batch[len(batch) // 2 :]
            self._deliver([message for message in rest if message["subject_key"] not in self.held_back])
        else:
            (only,) = batch
            receipt = Receipt("", only["idempotency_key"], only["record_key"], "rejected", refused.reason)
            self._settle(batch, [receipt])

    def _settle(self, batch: list[Message], receipts: list[Receipt]) -> None:
        """One transaction for one batch's answers."""
        sent = {message["idempotency_key"]: message for message in batch}
        with connect(self.settings, "records_sharer") as connection:
            for receipt in receipts:
                acknowledge(connection, sent.pop(receipt.idempotency_key), receipt, self.known_at)
            mark_changed(connection, {message["subject_key"] for message in batch})
        answers = [receipt.status for receipt in receipts]
        self.rejected += answers.count("rejected")
        self.stored += len(answers) - answers.count("rejected")
        self.held_back |= {message["subject_key"] for message in sent.values()}

    def _note(self, batch: list[Message], error: ExchangeError) -> None:
        """Say in the outbox why a batch waits."""
        self.held_back |= {message["subject_key"] for message in batch}
        with connect(self.settings, "records_sharer") as connection, connection.cursor() as cursor:
            rows = [
                {
                    "subject_key": message["subject_key"],
                    "message_key": message["idempotency_key"],
                    "reason": error.reason,
                }
                for message in batch
            ]
            cursor.executemany(statement("share/outbox#tried"), rows)
            mark_changed(connection, {message["subject_key"] for message in batch})

    def _pending(self, subject: str, ordinal: int) -> list[Message]:
        values = {"subject_key": subject, "ordinal": ordinal, "size": self.platform.batch}
        with connect(self.settings, "records_sharer") as connection:
            cursor = connection.execute(statement("share/outbox#pending"), values)
            names = [column.name for column in cursor.description or []]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

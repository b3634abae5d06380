"""Compares what the platform holds with what it should hold, and says again what differs (E2)."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from conduct_records.disclosure.compare import UNTOLD, Comparison, Difference, compare
from conduct_records.disclosure.delivery import send
from conduct_records.disclosure.outbox import mark_changed, raise_issue
from conduct_records.exchange.errors import ExchangeError, NotUnderstood
from conduct_records.exchange.platform import Platform, platform_of
from conduct_records.settings import Settings
from conduct_records.warehouse.connection import connect
from conduct_records.warehouse.statements import statement

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reconciled:
    """Groups compared, items that differed, those that still do; is_done is False when nobody answered."""

    groups: int
    differing: int
    left: int
    is_done: bool


def reconcile(
    data_date: date, known_at: datetime, settings: Settings, client: Platform | None = None
) -> Reconciled:
    """Compare counts and digests by kind, region and class; say again what was acknowledged and is not so.

    What waits is not said twice, what was rejected stays a dead letter, and what nobody ever told the
    platform is an issue: each difference has its outcome. Source: requirement E2, invariant I8.
    """
    platform = client or platform_of(settings)
    try:
        first = compare(settings, platform)
        _report(settings, first.differences, known_at)
        if not _say_again(settings, first.differences, data_date, known_at):
            return Reconciled(first.groups, len(first.differences), len(first.differences), True)
        send(data_date, known_at, settings, platform)
        second: Comparison = compare(settings, platform)
    except ExchangeError as error:
        log.error("INCOMPLETE reconciliation: %s", error)
        if isinstance(error, NotUnderstood):
            with connect(settings, "records_sharer") as connection:
                raise_issue(connection, "platform_not_understood", "reconciliation", known_at)
        return Reconciled(0, 0, 0, False)
    return Reconciled(first.groups, len(first.differences), len(second.differences), True)


def _report(settings: Settings, differences: Iterable[Difference], known_at: datetime) -> None:
    """An issue for each item that differs although it was settled, or that is a stranger."""
    with connect(settings, "records_sharer") as connection:
        for each in differences:
            if each.state in ("acknowledged", UNTOLD):
                raise_issue(connection, "platform_differs", each.key, known_at)


def _say_again(
    settings: Settings, differences: Iterable[Difference], data_date: date, known_at: datetime
) -> int:
    said = 0
    with connect(settings, "records_sharer") as connection:
        for each in differences:
            values = {"kind": each.kind, "record_key": each.key, "valid_on": data_date, "known_at": known_at}
            again = connection.execute(statement("share/outbox#again"), values).fetchall()
            mark_changed(connection, {key for (key,) in again})
            said += len(again)
    return said

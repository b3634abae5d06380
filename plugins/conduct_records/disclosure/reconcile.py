"""Compares what the platform holds with what it was told, and says again what differs (E2)."""

from __future__ import annotations

import hashlib
import logging
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from conduct_records.disclosure.outbox import raise_issue, send
from conduct_records.exchange.client import Client
from conduct_records.exchange.errors import NotUnderstood, Refused, Unavailable
from conduct_records.settings import Settings
from conduct_records.warehouse.connection import connect
from conduct_records.warehouse.statements import statement

log = logging.getLogger(__name__)
Group = tuple[str, str]


@dataclass(frozen=True)
class Reconciled:
    """Groups compared, records that differed and were said again; is_done is False when nobody answered."""

    groups: int
    differing: int
    is_done: bool


def reconcile(
    data_date: date, known_at: datetime, settings: Settings, client: Client | None = None
) -> Reconciled:
    """Compare counts and digests by region and class; a record that differs is queued and sent again."""
    platform = client or Client.of(settings)
    said = _said(settings)
    try:
        theirs = {
            (group.region_code, group.class_code): (group.count, group.digest)
            for group in platform.reconciliation()
            if group.kind == "record"
        }
        settled = {
            group: [record for record in records if record["state"] == "acknowledged"]
            for group, records in said.items()
        }
        ours = {group: _figure(records) for group, records in settled.items()}
        suspects = [group for group in ours if ours[group] != theirs.get(group, _figure([]))]
        differing = [record for group in suspects for record in settled[group] if _differs(platform, record)]
    except (Unavailable, Refused, NotUnderstood) as error:
        log.error("INCOMPLETE reconciliation: %s", error)
        return Reconciled(0, 0, False)
    _say_again(settings, differing, data_date, known_at)
    _report_strangers(settings, theirs.keys() - said.keys(), known_at)
    if differing:
        send(data_date, known_at, settings, platform)
    return Reconciled(len(ours), len(differing), True)


def _said(settings: Settings) -> dict[Group, list[dict[str, Any]]]:
    """The last word on each record, by region and class; only what is acknowledged can be compared."""
    groups: dict[Group, list[dict[str, Any]]] = defaultdict(list)
    with connect(settings, "records_sharer") as connection:
        for key, action, region, class_code, digest, state in connection.execute(
            statement("share/outbox#said")
        ):
            groups[region, class_code].append({"key": key, "action": action, "hash": digest, "state": state})
    return groups


def _figure(records: list[dict[str, Any]]) -> tuple[int, str]:
    held = sorted(f"{record['key']} {record['hash']}\n" for record in records if record["action"] == "upsert")
    return len(held), hashlib.sha256("".join(held).encode()).hexdigest()


def _differs(platform: Client, record: dict[str, Any]) -> bool:
    held = platform.record(record["key"])
    if record["action"] == "withdraw":
        return held is not None
    return held is None or held.get("content_hash") != record["hash"]


def _say_again(
    settings: Settings, records: list[dict[str, Any]], data_date: date, known_at: datetime
) -> None:
    with connect(settings, "records_sharer") as connection:
        for record in records:
            values = {"record_key": record["key"], "valid_on": data_date, "known_at": known_at}
            connection.execute(statement("share/outbox#again"), values)
            raise_issue(connection, "platform_differs", record["key"], known_at)


def _report_strangers(settings: Settings, groups: set[Group], known_at: datetime) -> None:
    """The platform holds records of a region and class that nothing was ever said about."""
    with connect(settings, "records_sharer") as connection:
        for region, class_code in sorted(groups):
            raise_issue(connection, "platform_differs", f"{region} {class_code}", known_at)

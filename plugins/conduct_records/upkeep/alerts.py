"""Alerts go to one place: a row in ops.alert, a line in the log, and the address that a setting names."""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

import requests
import yaml

from conduct_records.settings import SCHEMAS, Settings
from conduct_records.warehouse.connection import Connection, connect
from conduct_records.warehouse.statements import statement

log = logging.getLogger(__name__)
SECONDS = 10


@dataclass(frozen=True)
class Alert:
    """`alert_code` is one of include/schemas/alerts.yaml; `detail` is one line without any row's values."""

    alert_code: str
    about: str
    data_date: date
    detail: str


@cache
def declared() -> dict[str, Any]:
    """The alerts with their severity, and what the watch looks for."""
    found: dict[str, Any] = yaml.safe_load((SCHEMAS / "alerts.yaml").read_text(encoding="utf-8"))
    return found


def raise_alert(alert: Alert, known_at: datetime, settings: Settings) -> bool:
    """Tell people, once while the alert stands; returns whether it is new.

    Raises:
        KeyError: the code is not declared.
    """
    with connect(settings, "records_loader") as connection:
        is_new = put(connection, alert, known_at)
    if is_new:
        tell(alert, settings)
    return is_new


def put(connection: Connection, alert: Alert, known_at: datetime) -> bool:
    """Write the row; whether it did not stand before."""
    declared()["alerts"][alert.alert_code]
    values = asdict(alert) | {"known_at": known_at}
    return connection.execute(statement("ops/alert#raise"), values).fetchone() is not None


def tell(alert: Alert, settings: Settings) -> None:
    """Log it, and post it as JSON to CONDUCT_RECORDS_ALERT_URL where that is set. Never raises.

    An address that does not answer is logged: the row in ops.alert stands in any case.
    """
    known = declared()["alerts"][alert.alert_code]
    log.error("ALERT %s %s %s: %s", alert.alert_code, alert.about, alert.data_date, alert.detail)
    if address := settings.environ.get("CONDUCT_RECORDS_ALERT_URL"):
        body = {"severity": known["severity"], "label": known["label"], **asdict(alert)}
        body["data_date"] = alert.data_date.isoformat()
        try:
            requests.post(address, json=body, timeout=SECONDS).raise_for_status()
        except requests.RequestException as error:
            log.error("the address for alerts did not take it: %s", type(error).__name__)

"""At the end of a run: read every published artefact back and compare it with core (E6, I7)."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from conduct_records.disclosure.folder import CURRENT
from conduct_records.exchange.client import Client
from conduct_records.exchange.errors import NotUnderstood, Refused, Unavailable
from conduct_records.settings import Settings
from conduct_records.warehouse.connection import connect
from conduct_records.warehouse.statements import statement

log = logging.getLogger(__name__)


class LeftoverFound(RuntimeError):
    """A record stands where it must not, or is missing where it must stand; the message names both."""


@dataclass(frozen=True)
class Proof:
    """Artefacts read and records looked for; is_platform_asked is False when the platform did not answer."""

    artefacts: int
    ended: int
    is_platform_asked: bool


def prove(_: date, __: datetime, settings: Settings, client: Client | None = None) -> Proof:
    """Raise where any copy disagrees with core.

    Raises:
        LeftoverFound: naming the artefact and the record's key.
    """
    with connect(settings, "records_builder") as connection:
        public = {key for key, _ in connection.execute(statement("checks/proof#public"))}
        ended = connection.execute(statement("checks/proof#ended")).fetchall()
        told = dict(connection.execute(statement("checks/proof#told")).fetchall())
    hidden = {key for key, audience in ended if audience == "public"}
    artefacts = list(_artefacts(settings.portal / "versions"))
    for path in artefacts:
        _look_for(path, hidden)
    _look_complete(settings.portal / CURRENT, public)
    gone = {key for key, audience in ended if audience == "government"}
    for key in gone & told.keys():
        if told[key] != "withdraw":
            raise LeftoverFound(f"outbox: {key} was never withdrawn")
    is_asked = _ask_platform(client or Client.of(settings), gone & told.keys())
    return Proof(len(artefacts), len(hidden), is_asked)


def _artefacts(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def _look_for(path: Path, hidden: set[str]) -> None:
    """A key that may stand only in a delta's list of withdrawals must stand nowhere else."""
    text = path.read_text(encoding="utf-8")
    if path.parent.name == "deltas":
        text = json.dumps(json.loads(text)["upserts"])
    for key in hidden:
        if key in text or key in path.name:
            raise LeftoverFound(f"{path.name}: {key}")


def _look_complete(folder: Path, public: set[str]) -> None:
    feed = json.loads((folder / "records.json").read_text(encoding="utf-8"))["records"]
    missing = public - {record["record_key"] for record in feed}
    missing |= {key for key in public if not (folder / "records" / f"{key}.html").exists()}
    if missing:
        raise LeftoverFound(f"portal lacks {sorted(missing)[0]}")


def _ask_platform(client: Client, keys: set[str]) -> bool:
    """Whether the platform could be asked; what it must no longer hold is asked for one by one."""
    try:
        for key in sorted(keys):
            if client.record(key) is not None:
                raise LeftoverFound(f"platform: {key}")
    except (Unavailable, Refused, NotUnderstood) as error:
        log.error("INCOMPLETE proof: the platform could not be asked: %s", error)
        return False
    return True

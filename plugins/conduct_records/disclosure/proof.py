"""At the end of a run: read every published artefact back and compare it with core (E6, I7)."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, datetime

from conduct_records.disclosure.artefacts import Found
from conduct_records.disclosure.compare import UNTOLD, compare
from conduct_records.disclosure.folder import CURRENT, VERSIONS
from conduct_records.disclosure.items import kinds
from conduct_records.exchange.errors import ExchangeError
from conduct_records.exchange.platform import Platform, platform_of
from conduct_records.settings import Settings
from conduct_records.warehouse.connection import Connection, connect
from conduct_records.warehouse.statements import statement

log = logging.getLogger(__name__)


class LeftoverFound(RuntimeError):
    """An item stands where it must not, or is missing where it must stand; the message names both."""


@dataclass(frozen=True)
class Proof:
    """Files read and records that may not be seen.

    Is_platform_asked is False when the platform did not answer.
    """

    artefacts: int
    ended: int
    is_platform_asked: bool


def prove(_: date, __: datetime, settings: Settings, client: Platform | None = None) -> Proof:
    """Raise where any copy disagrees with core: portal, marts, platform.

    Raises:
        LeftoverFound: naming the artefact and the item's key.
    """
    with connect(settings, "records_builder") as connection:
        missed = connection.execute(statement("checks/proof#missed")).fetchall()
        for audience, subject_key, _key in missed:
            values = {"subject_key": subject_key, "audience": audience}
            connection.execute(statement("checks/proof#due"), values)
    if missed:
        raise LeftoverFound(f"{missed[0][0]}: {missed[0][2]} differs from the gate; publish and send again")
    with connect(settings, "records_builder") as connection:
        files = _prove_portal(connection, settings)
        _prove_marts(connection)
        (ended,) = connection.execute(statement("checks/proof#ended")).fetchone() or (0,)
    return Proof(files, ended, _prove_platform(settings, client or platform_of(settings)))


def _prove_portal(connection: Connection, settings: Settings) -> int:
    rows = connection.execute(statement("checks/proof#shown")).fetchall()
    found = Found(frozenset(bytes.fromhex(key) for _, key, _ in rows))
    found.read(settings.portal / VERSIONS, set())
    if found.strange:
        values = {"keys": sorted(found.strange)}
        ended = connection.execute(statement("checks/proof#of_core"), values).fetchone()
        if ended:
            raise LeftoverFound(f"{found.strange[ended[0]]}: {ended[0]}")
    found.read_current(settings.portal / CURRENT)
    paged = {bytes.fromhex(key) for kind, key, _ in rows if kinds()[kind].page}
    for key in sorted(paged ^ found.pages)[:1]:
        raise LeftoverFound(f"portal: the page of {key.hex()} is {'missing' if key in paged else 'left'}")
    digest = connection.execute(statement("checks/proof#digest")).fetchone()
    if digest and int(digest[0], 16) != found.digest:
        raise LeftoverFound("portal: the data files are not what the log says was published")
    return found.files


def _prove_marts(connection: Connection) -> None:
    """Marts that were never published hold nothing to compare."""
    published = connection.execute("select from marts.current_version").fetchone()
    differs = connection.execute(statement("checks/proof#marts")).fetchone() if published else None
    if differs:
        raise LeftoverFound(f"marts: {differs[0]} differs from core")


def _prove_platform(settings: Settings, client: Platform) -> bool:
    """Whether the platform could be asked; what it holds and should not is a leftover."""
    try:
        differences = compare(settings, client).differences
    except ExchangeError as error:
        log.error("INCOMPLETE proof: the platform could not be asked: %s", error)
        return False
    for each in differences:
        if each.is_held and not each.is_wanted and each.state != UNTOLD:
            raise LeftoverFound(f"platform: {each.kind} {each.key}, whose withdrawal is {each.state}")
    return True

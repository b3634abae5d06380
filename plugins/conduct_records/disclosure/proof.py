"""At the end of a run: read every published artefact back and compare it with core (E6, I7)."""

from __future__ import annotations

import logging
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from conduct_records.disclosure.artefacts import Found
from conduct_records.disclosure.compare import UNTOLD, compare
from conduct_records.disclosure.contents import AT_A_TIME
from conduct_records.disclosure.folder import CURRENT, VERSIONS
from conduct_records.disclosure.items import kinds
from conduct_records.disclosure.proof_of_changes import Concerned, leftovers, newest_shown
from conduct_records.disclosure.proof_scope import Scope
from conduct_records.exchange.errors import ExchangeError
from conduct_records.exchange.platform import Platform, platform_of
from conduct_records.settings import Settings
from conduct_records.warehouse.connection import Connection, connect, hold_lock_across
from conduct_records.warehouse.statements import statement

log = logging.getLogger(__name__)


class LeftoverFound(RuntimeError):
    """An item stands where it must not, or is missing where it must stand; the message names both."""


@dataclass(frozen=True)
class Proof:
    """Files read, items that have ended, and whether the platform could be asked what it holds."""

    artefacts: int
    ended: int
    is_platform_asked: bool


def prove(
    _: date, __: datetime, settings: Settings, client: Platform | None = None, *, is_whole: bool = False
) -> Proof:
    """Raise where any copy disagrees with core: portal, marts, platform.

    A large column is proved as a whole once a week, after a change of the gate and after it was written as a
    whole; on other nights, what may have changed since the last proof is looked up. `is_whole` asks for the
    whole at any time. A build may end between the exits and the proof: the subjects that an exit has still to
    look at are proved after it; so is all of an audience when the next data date was opened between them.
    Source: requirement E6.

    Raises:
        LeftoverFound: naming the artefact and the item's key.
    """
    files, ended = prove_copies(settings, is_whole=is_whole)
    return Proof(files, ended, _prove_platform(settings, client or platform_of(settings)))


def prove_copies(settings: Settings, *, is_whole: bool) -> tuple[int, int]:
    """Portal and marts; returns files read and items that have ended. Raises LeftoverFound."""
    with connect(settings, "records_builder") as connection:
        hold_lock_across(connection)  # nothing is built or published meanwhile
        scope = Scope.of(connection, is_whole=is_whole)
        missed = list(scope.missed(connection))
        for audience in {audience for audience, _ in missed}:
            # what lost one subject may have lost others: that exit compares everything next time
            connection.execute(statement("share/change#compared"), {"audience": audience, "gate_hash": ""})
        connection.commit()
        if missed:
            place, key = missed[0]
            raise LeftoverFound(f"{place}: {key} differs from the gate; publish and send again")
        _prove_newest(connection, settings, scope.version_no)
        if scope.is_whole:
            files = _prove_portal(connection, settings)
            if scope.has_marts:
                _prove_marts(connection)
            (ended,) = connection.execute(statement("checks/proof#ended")).fetchone() or (0,)
        else:
            files, ended = _prove_changes(connection, settings, scope)
        scope.proved(connection)
    return files, ended


def _prove_newest(connection: Connection, settings: Settings, version_no: int) -> None:
    log_says = connection.execute(statement("checks/proof#digest")).fetchone() or ("",)
    if newest_shown(settings) != (version_no, log_says[0]):
        raise LeftoverFound(
            "portal: readers see nothing, or another version than the log's last; publish again"
        )


def _prove_changes(connection: Connection, settings: Settings, scope: Scope) -> tuple[int, int]:
    concerned = Concerned.of(connection, scope.subject_keys)
    files, wrong = leftovers(concerned, settings)
    if wrong:
        raise LeftoverFound(f"portal: {wrong[0]} is left or missing")
    for values in scope.parts():
        differs = connection.execute(statement("checks/proof#marts_of"), values).fetchone()
        if differs and scope.has_marts:
            raise LeftoverFound(f"marts: {differs[0]} differs from core")
    return files, len(concerned.gone())


def _prove_portal(connection: Connection, settings: Settings) -> int:
    shown = _shown(connection)
    found = Found(frozenset(key for keys in shown.values() for key in keys))
    found.read(settings.portal / VERSIONS, set())
    if found.strange:
        values = {"keys": sorted(found.strange)}
        ended = connection.execute(statement("checks/proof#of_core"), values).fetchone()
        if ended:
            raise LeftoverFound(f"{found.strange[ended[0]]}: {ended[0]}")
    found.read_current(settings.portal / CURRENT)
    paged = {key for kind, keys in shown.items() if kinds()[kind].page for key in keys}
    for key in sorted(paged ^ found.pages)[:1]:
        raise LeftoverFound(f"portal: the page of {key.hex()} is {'missing' if key in paged else 'left'}")
    digest = connection.execute(statement("checks/proof#digest")).fetchone()
    if digest and int(digest[0], 16) != found.digest:
        raise LeftoverFound("portal: the data files are not what the log says was published")
    return found.files


def _shown(connection: Connection) -> dict[str, list[bytes]]:
    """Keys of what the public is shown, by kind: read one after another, since there may be a million."""
    shown = defaultdict(list)
    with connection.cursor(name="shown_keys") as cursor:
        cursor.itersize = AT_A_TIME
        for kind, key in cursor.execute(statement("checks/proof#shown")):
            shown[kind].append(bytes.fromhex(key))
    return shown


def _prove_marts(connection: Connection) -> None:
    differs = connection.execute(statement("checks/proof#marts")).fetchone()
    if differs:
        raise LeftoverFound(f"marts: {differs[0]} differs from core")


def _prove_platform(settings: Settings, client: Platform) -> bool:
    """Whether the platform could be asked; what it holds and should not is a leftover.

    Of one that answers later, what waits for its first answer is none: the alert of a backlog is for that.
    """
    try:
        differences = compare(settings, client).differences
    except ExchangeError as error:
        log.error("INCOMPLETE proof: the platform could not be asked: %s", error)
        return False
    for each in differences:
        if client.answers_later and each.is_awaited:
            continue
        if each.is_held and not each.is_wanted and each.state != UNTOLD:
            raise LeftoverFound(f"platform: {each.kind} {each.key}, whose withdrawal is {each.state}")
    return True

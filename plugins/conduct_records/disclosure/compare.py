"""What the platform holds against what it should: digests of groups, then keys where they differ (E2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from conduct_records.exchange.platform import Platform
from conduct_records.settings import Settings
from conduct_records.warehouse.connection import Connection, connect
from conduct_records.warehouse.statements import statement

Group = tuple[str, str, str]  # kind, region, class
Figure = tuple[int, str]  # count, digest
UNTOLD = "untold"


@dataclass(frozen=True)
class Difference:
    """An item that the platform lacks, holds otherwise, or should not hold.

    `is_held`: the platform has something under the key; `is_wanted`: it should. `state` is how our last word
    stands (pending, acknowledged, rejected; untold where there was none). `is_awaited`: it waits, and no word
    that was answered has taken the item back.
    """

    kind: str
    key: str
    is_held: bool
    is_wanted: bool
    state: str
    is_awaited: bool


@dataclass(frozen=True)
class Comparison:
    """Groups that were compared, and every item in which the two sides differ, in the order of keys."""

    groups: int
    differences: tuple[Difference, ...]


def compare(settings: Settings, platform: Platform) -> Comparison:
    """Ask for the platform's digests, and for its keys in the groups that differ.

    Raises:
        ExchangeError: the platform could not be asked.
    """
    theirs = {
        (group.kind, group.region_code, group.class_code): (group.count, group.digest)
        for group in platform.reconciliation()
    }
    with connect(settings, "records_sharer") as connection:
        ours = _figures(connection)
        suspects = sorted(
            group for group in ours.keys() | theirs.keys() if ours.get(group) != theirs.get(group)
        )
        wanted: dict[str, dict[str, str]] = {}
        held: dict[str, dict[str, str]] = {}
        for group in suspects:
            wanted.setdefault(group[0], {}).update(_should_hold(connection, group))
            if group in theirs:
                held.setdefault(group[0], {}).update(platform.holdings(*group))
        found = [
            difference
            for kind in sorted(wanted.keys() | held.keys())
            for difference in _differences(connection, kind, wanted.get(kind, {}), held.get(kind, {}))
        ]
    return Comparison(len(ours.keys() | theirs.keys()), tuple(found))


def _figures(connection: Connection) -> dict[Group, Figure]:
    rows = connection.execute(statement("share/outbox#should_hold"))
    return {(kind, region, class_code): (count, digest) for kind, region, class_code, count, digest in rows}


def _should_hold(connection: Connection, group: Group) -> dict[str, str]:
    values = dict(zip(("kind", "region_code", "class_code"), group, strict=True))
    return dict(connection.execute(statement("share/outbox#should_hold_of"), values).fetchall())


def _differences(
    connection: Connection, kind: str, wanted: Mapping[str, str], held: Mapping[str, str]
) -> list[Difference]:
    keys = sorted(key for key in wanted.keys() | held.keys() if wanted.get(key) != held.get(key))
    values = {"kind": kind, "record_keys": keys}
    rows = connection.execute(statement("share/outbox#last_state"), values)
    words = {key: (state, is_awaited) for key, state, is_awaited in rows}
    return [
        Difference(kind, key, key in held, key in wanted, *words.get(key, (UNTOLD, False))) for key in keys
    ]

"""What differs between the gate and what an audience was last shown, as a version of its own (E2, E5)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from conduct_records.warehouse.connection import Connection
from conduct_records.warehouse.statements import statement

MODULUS = 2**256
AT_A_TIME = 5_000


@dataclass(frozen=True)
class Version:
    """What an audience is shown: its number, the business date it holds for, how many items, their digest."""

    version_no: int
    valid_on: date
    record_count: int
    digest: str


NOTHING = Version(0, date.min, 0, "0" * 64)


def gate_hash() -> str:
    """The definition of the gate: who looked through another one looks at everything again."""
    return hashlib.sha256(statement("views/gate").encode()).hexdigest()


def look_again(connection: Connection, audience: str) -> None:
    """Make every subject due where the gate is defined otherwise than when the audience last looked."""
    values = {"audience": audience, "gate_hash": gate_hash()}
    held = connection.execute(statement("share/change#gate_hash"), values).fetchone()
    if held is None or held[0] != values["gate_hash"]:
        connection.execute(statement("share/change#all_due"), values)
        connection.execute(statement("share/change#compared"), values)


def log_changes(
    connection: Connection, audience: str, valid_on: date, known_at: datetime, *, only_withdrawals: bool
) -> Version:
    """Compare the subjects that are due, and log what differs as the next version.

    A day without change is a version too, so that readers can tell it from a day without publication; the
    same day twice is not. With `only_withdrawals` nothing new is let out, and the subjects stay due. The
    caller holds the build lock. Source: requirements E2, E5.
    """
    look_again(connection, audience)
    before = latest(connection, audience)
    values: dict[str, Any] = {
        "audience": audience,
        "version_no": before.version_no + 1,
        "valid_on": valid_on,
        "only_withdrawals": only_withdrawals,
    }
    connection.execute(statement("share/change#fall_due"), values)
    for subject_keys in due(connection, audience):
        for section in ("log_withdrawn", "show"):
            connection.execute(statement(f"share/change#{section}"), values | {"subject_keys": subject_keys})
    for section in ("hide", "log_shown") if only_withdrawals else ("hide", "log_shown", "settle"):
        connection.execute(statement(f"share/change#{section}"), values)
    changes = connection.execute(statement("share/change#hashes"), values)
    is_new_day = not only_withdrawals and valid_on > before.valid_on
    if not changes.rowcount and not is_new_day:
        return before
    after = _after(before, valid_on if is_new_day else before.valid_on, changes)
    more = {"known_at": known_at, "run_id": f"{audience} {valid_on}", "change_count": changes.rowcount}
    connection.execute(statement("share/change#add_version"), {**values, **vars(after), **more})
    return after


def due(connection: Connection, audience: str) -> Iterator[list[str]]:
    """The subjects that are due, some thousands at a time, in the order of their keys."""
    values: dict[str, Any] = {"audience": audience, "after": "", "size": AT_A_TIME}
    while rows := connection.execute(statement("share/change#due"), values).fetchall():
        yield [key for (key,) in rows]
        values["after"] = rows[-1][0]


def latest(connection: Connection, audience: str) -> Version:
    """The last version of an audience; NOTHING before the first."""
    row = connection.execute(statement("share/change#latest"), {"audience": audience}).fetchone()
    return Version(*row) if row else NOTHING


def _after(
    before: Version, valid_on: date, changes: Iterable[tuple[str, str, str | None, str | None]]
) -> Version:
    total, count = int(before.digest, 16), before.record_count
    for kind, key, now, earlier in changes:
        if now:
            total, count = total + line(kind, key, now), count + 1
        if earlier:
            total, count = total - line(kind, key, earlier), count - 1
    return Version(before.version_no + 1, valid_on, count, f"{total % MODULUS:064x}")


def line(kind: str, key: str, content_hash: str) -> int:
    """What one item adds to the digest."""
    return int.from_bytes(hashlib.sha256(f"{kind} {key} {content_hash}".encode()).digest(), "big")

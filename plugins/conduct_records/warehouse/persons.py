"""Natural persons in the vault: one lasting key each, whatever key their tokens were made with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from conduct_records.settings import Settings
from conduct_records.validation.vault import Tokeniser, VaultEntry
from conduct_records.warehouse.connection import Connection, connect
from conduct_records.warehouse.statements import statement

BATCH = 20_000  # persons a statement: memory stays small whatever the file


class KeyChanged(RuntimeError):
    """The key of a version is another than the one the vault knows; the message names the version."""


def keep_persons(
    connection: Connection,
    tokeniser: Tokeniser,
    entries: Sequence[VaultEntry],
    file_id: str,
    known_at: datetime,
) -> None:
    """Put ids of one file into the vault and lead all their tokens to the persons' lasting keys.

    Raises:
        KeyChanged: a key was changed and its version was not.
    """
    if not entries:
        return
    _know_keys(connection, tokeniser, known_at)
    for batch in _batches(entries):
        kept = {
            name: [getattr(one, name) for one in batch]
            for name in ("token", "key_version", "scheme", "value")
        }
        connection.execute(
            statement("landing/person#keep"), kept | {"file_id": file_id, "known_at": known_at}
        )
        _link(connection, batch, known_at)


def link_persons(settings: Settings, known_at: datetime) -> int:
    """Give every person in the vault a token of the present key; returns how many there are.

    Run once after a new key came, with the older ones still set: then they can be dropped, and every person
    keeps the lasting key. Each id that is read leaves a row in vault.access.
    """
    tokeniser = Tokeniser(*settings.person_key, settings.older_person_keys)
    with connect(settings, "records_owner") as connection:
        connection.execute(statement("landing/person#note_access"), {"known_at": known_at})
        for (value,) in connection.execute(statement("landing/person#held")).fetchall():
            tokeniser.token(value)
        _know_keys(connection, tokeniser, known_at)
        for batch in _batches(list(tokeniser.entries.values())):
            _link(connection, batch, known_at)
    return len(tokeniser.entries)


def _know_keys(connection: Connection, tokeniser: Tokeniser, known_at: datetime) -> None:
    for version, fingerprint in tokeniser.fingerprints():
        values = {"key_version": version, "fingerprint": fingerprint, "known_at": known_at}
        connection.execute(statement("landing/person#know_key"), values)
        if connection.execute(statement("landing/person#changed_key"), values).fetchone():
            raise KeyChanged(
                f"the person token key of version {version} is not the one this version was: put that one"
                " back, or give the new one a version of its own"
            )


def _link(connection: Connection, batch: Sequence[VaultEntry], known_at: datetime) -> None:
    rows = [(number, *alias) for number, entry in enumerate(batch) for alias in entry.aliases]
    person, version, token = (list(column) for column in zip(*rows, strict=True))
    values: dict[str, Any] = {"person": person, "key_version": version, "token": token, "known_at": known_at}
    connection.execute(statement("landing/person#link"), values)
    connection.execute(statement("landing/person#rekey"), values)


def _batches(entries: Sequence[VaultEntry]) -> Iterator[Sequence[VaultEntry]]:
    return (entries[start : start + BATCH] for start in range(0, len(entries), BATCH))

"""Reads items with their content from behind the gate, some thousands of subjects at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from conduct_records.disclosure.items import Gone, Item
from conduct_records.warehouse.connection import Connection
from conduct_records.warehouse.statements import statement

AT_A_TIME = 5_000

Shown = tuple[Any, ...]  # subject_key, then the fields of an Item without its content


def all_items(connection: Connection) -> Iterator[Item]:
    """Every item that the public is shown, in the order of kind and key."""
    with connection.cursor(name="shown_all") as cursor:
        cursor.itersize = AT_A_TIME
        cursor.execute(statement("share/publication#shown_all"))
        yield from with_content(connection, cursor)


def items(connection: Connection, section: str, values: Mapping[str, Any] | None = None) -> list[Item]:
    """The items that a section of share/publication names, in its order."""
    rows = connection.execute(statement(f"share/publication#{section}"), values).fetchall()
    return list(with_content(connection, rows))


def gone_since(connection: Connection, version_no: int) -> list[Gone]:
    """What was withdrawn after a version and is not shown again."""
    rows = connection.execute(statement("share/publication#gone_since"), {"since": version_no})
    return [Gone(*row) for row in rows]


def with_content(connection: Connection, shown: Iterable[Shown]) -> Iterator[Item]:
    """Each row with what the gate lets out of it. What the gate no longer lets out is left out."""
    rest = iter(shown)
    while part := list(islice(rest, AT_A_TIME)):
        keys = {"subject_keys": sorted({row[0] for row in part})}
        read = connection.execute(statement("share/publication#contents"), keys)
        held = {(kind, key): content for kind, key, content in read}
        for _, kind, key, version_no, content_hash, until, on in part:
            if (kind, key) in held:
                content = held[kind, key] | {"content_hash": content_hash}
                yield Item(kind, key, version_no, content_hash, until, on, content)

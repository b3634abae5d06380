"""Reads the rows of the touched subjects beside the build, so that the fold finds them in memory.

The statements of a fold wait for one page of the disk after another; on a warehouse larger than memory that
is most of a day of builds. A disk answers several readers at once as fast as one.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from typing import Any

from psycopg import sql

from conduct_records.settings import Settings
from conduct_records.warehouse.connection import Connection, connect
from conduct_records.warehouse.statements import statement

log = logging.getLogger(__name__)
READERS = 8
FEW = 1000  # subjects that are not worth other connections
COLUMNS = {
    "record": "content_hash",
    "subject": "name",
    "subject_identifier": "seen_from",
    "claim": "content_hash",
    "name_index": "core_name",
    "standing_claim": "claim_key",
    "determination": "claim_key",
    "record_law": "policy_rule",
    "record_hold": "hold_code",
    "record_version": "content_hash",
}
"""Tables of core that grow with the records, in the order in which a build comes to them; of each a column of
its rows."""


@contextmanager
def read_ahead(connection: Connection, settings: Settings, values: dict[str, Any]) -> Iterator[None]:
    """While the block runs, other connections read what is committed about the touched subjects.

    `values` holds run_id. Nothing is changed and no result rests on it: readers that fail, say for want of a
    connection, leave the build as slow as without them. Source: docs/records-figures.md, a day.
    """
    keys = [key for (key,) in connection.execute(statement("core/read_ahead#keys"), values).fetchall()]
    count = READERS if len(keys) >= FEW else 0
    is_over = Event()
    with ThreadPoolExecutor(READERS) as readers:
        parts = [keys[number::READERS] for number in range(count)]
        reading = [readers.submit(_read, settings, part, is_over) for part in parts]
        try:
            yield
        finally:
            is_over.set()
    if failed := sorted({type(error).__name__ for one in reading if (error := one.exception())}):
        log.warning("readers ahead of the fold failed, the build goes on without: %s", ", ".join(failed))


def _read(settings: Settings, keys: list[str], is_over: Event) -> None:
    with connect(settings, "records_builder") as connection:
        connection.execute(statement("core/read_ahead#begin"))
        for table, column in COLUMNS.items():
            if is_over.is_set():
                return
            names = {"table": sql.Identifier("core", table), "column": sql.Identifier(column)}
            rows = sql.SQL(statement("core/read_ahead#rows")).format(**names)
            connection.execute(rows, {"keys": keys})
        connection.execute(statement("core/read_ahead#issues"), {"keys": keys})

"""Reads the rows of subjects beside the build, so that the fold finds them in memory.

The statements of a fold wait for one page of the disk after another; on a warehouse larger than memory that
is most of a day of builds. A disk answers several readers at once as fast as one.
"""

from __future__ import annotations

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from types import TracebackType

from psycopg import sql

from conduct_records.records.claims import waiting_kinds
from conduct_records.settings import Settings
from conduct_records.warehouse.connection import Connection, connect
from conduct_records.warehouse.statements import statement

log = logging.getLogger(__name__)
Query = sql.SQL | sql.Composed
READERS = 8
FEW = 1000  # subjects that are not worth other connections
COLUMNS = {
    ("core", "claim"): "content_hash",
    ("core", "record"): "content_hash",
    ("core", "subject"): "name",
    ("core", "subject_identifier"): "seen_from",
    ("core", "standing_claim"): "claim_key",
    ("core", "record_version"): "record_key",
    ("ops", "issue"): "issue_id",
}
"""Tables that grow with the records, in the order in which a build comes to them; of each a column of its
rows, or of its index where a build asks no more of most."""


class ReadAhead:
    """Connections that read what is committed about subjects, until the block ends; none unless `is_on`.

    Nothing is changed and no result rests on it: readers that fail, say for want of a connection, leave the
    build as slow as without them. Source: docs/records-figures.md, a day.
    """

    def __init__(self, settings: Settings, is_on: bool = True) -> None:
        self._settings = settings
        self._is_on = is_on
        self._is_over = Event()
        self._begun: set[str] = set()
        self._reading: list[Future[None]] = []

    def __enter__(self) -> ReadAhead:
        self._readers = ThreadPoolExecutor(READERS)
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._is_over.set()
        self._readers.shutdown()
        if failed := sorted({type(fault).__name__ for one in self._reading if (fault := one.exception())}):
            log.warning("readers ahead of the fold failed, the build goes on without: %s", ", ".join(failed))

    def read_waiting(self, connection: Connection) -> None:
        """Begin with whom unclaimed files name by a credit code: most of those that a day touches."""
        for kind in waiting_kinds(connection) if self._is_on else ():
            view = sql.Identifier("evidence", f"{kind}_claim")
            query = sql.SQL(statement("core/read_ahead#waiting")).format(view=view)
            self._begin(connection, query, {"kind": kind})

    def read_touched(self, connection: Connection, run_id: str) -> None:
        """Go on with the others that this build folds again."""
        if self._is_on:
            self._begin(connection, sql.SQL(statement("core/read_ahead#touched")), {"run_id": run_id})

    def _begin(self, connection: Connection, query: Query, values: dict[str, str]) -> None:
        keys = {key for (key,) in connection.execute(query, values).fetchall()}
        fresh = sorted(keys - self._begun)  # in the order of the indexes
        if len(fresh) >= FEW:
            self._begun.update(fresh)
            for number in range(READERS):
                self._reading.append(self._readers.submit(self._read, fresh[number::READERS]))

    def _read(self, keys: list[str]) -> None:
        with connect(self._settings, "records_builder") as connection:
            connection.execute(statement("core/run#memory"))
            for query in _queries():
                if self._is_over.is_set():
                    return
                connection.execute(query, {"keys": keys})


def _queries() -> list[sql.Composed]:
    rows = sql.SQL(statement("core/read_ahead#rows"))
    return [
        rows.format(table=sql.Identifier(*table), column=sql.Identifier(column))
        for table, column in COLUMNS.items()
    ]

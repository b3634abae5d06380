"""The server that a bench measures on, gone at the end unless a folder is named that keeps it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg

from conduct_records.local.server import Server


@contextmanager
def serving(
    settings: Mapping[str, str], keep: str | None = None, within: Path | None = None
) -> Iterator[Server]:
    """A running server of one's own with these settings; its state stays in the folder `keep`.

    Otherwise it is made anew `within` a folder, that of temporary files where none is named.
    """
    state = Path(keep or tempfile.mkdtemp(prefix="records-bench-", dir=within))
    server = Server(state, settings=dict(settings))
    try:
        yield server.start()
    finally:
        server.stop()
        for folder in () if keep else (state, server.root, server.sockets):
            shutil.rmtree(folder, ignore_errors=True)


def database(server: Server, name: str, fill: Callable[[str], None]) -> str:
    """The address of a database; where there is none, `fill` is given a new one, named so when it is full."""
    with psycopg.connect(server.url("postgres"), autocommit=True) as admin:
        if not admin.execute("select from pg_database where datname = %s", [name]).rowcount:
            admin.execute("drop database if exists draft")
            admin.execute("create database draft")
            fill(server.url("draft"))
            admin.execute(f"alter database draft rename to {name}")  # type: ignore[arg-type]
    return server.url(name)

"""The server that bench/build.py measures on, gone at the end unless BENCH_STATE says where to keep it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from conduct_records.local.server import Server

STATE = os.environ.get("BENCH_STATE")
# A crash of the bench loses nothing: both sizes are measured on the same, relaxed server.
RELAXED = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "wal_level": "minimal",
           "max_wal_senders": "0", "autovacuum": "off", "shared_buffers": "4GB"}  # fmt: skip


@contextmanager
def serving() -> Iterator[Server]:
    """A running server of the bench's own."""
    state = Path(STATE or tempfile.mkdtemp(prefix="records-bench-"))
    server = Server(state, settings=RELAXED)
    try:
        yield server.start()
    finally:
        server.stop()
        for folder in () if STATE else (state, server.root, server.sockets):
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

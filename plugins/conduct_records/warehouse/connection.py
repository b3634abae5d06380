"""Connections to the warehouse, each under the role of the step that asks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql

from conduct_records.settings import Settings

BUILD_LOCK = 7302019  # one builder and publisher at a time (architecture, decision 5)

Connection = psycopg.Connection[tuple[Any, ...]]


@contextmanager
def connect(settings: Settings, role: str) -> Iterator[Connection]:
    """One transaction under `role`: committed when the block ends, rolled back when it raises.

    Raises:
        SettingMissing: WAREHOUSE_URL is absent.
        psycopg.OperationalError: the server does not answer.
    """
    with psycopg.connect(settings.warehouse_url, application_name=f"conduct_records {role}") as connection:
        connection.execute(sql.SQL("set role {}").format(sql.Identifier(role)))
        yield connection


def hold_build_lock(connection: Connection) -> None:
    """Wait until no other build or publication runs, then hold the lock to the end of the transaction."""
    connection.execute("select pg_advisory_xact_lock(%s)", [BUILD_LOCK])

"""Connections to the warehouse, each under the role of the step that asks."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import Conninfo

from conduct_records.failpoints import reach
from conduct_records.settings import SQL, SettingMissing, Settings
from conduct_records.warehouse.statements import statement

BUILD_LOCK = 7302019  # one builder and publisher at a time (architecture, decision 5)
# A statement whose process died ends, and frees its locks. Hashes are taken of what the server writes, so how
# it writes dates and times is ours to say: a server's own settings may change no digest. A Citus coordinator
# speaks to each worker over one connection, since what a transaction wrote over several it may not read
# together; and the claims of a large submission pass through it, as large as they are.
SESSION = (
    "-c client_connection_check_interval=5s -c datestyle=ISO -c timezone=UTC"
    " -c citus.max_adaptive_executor_pool_size=1 -c citus.max_intermediate_result_size=-1"
)

Connection = psycopg.Connection[tuple[Any, ...]]


class SchemaUnfit(RuntimeError):
    """The schema is not the one this program works with; the message is one line, nothing is touched."""


@contextmanager
def connect(settings: Settings, role: str) -> Iterator[Connection]:
    """One transaction under `role`: committed when the block ends, rolled back when it raises.

    Raises:
        SettingMissing: WAREHOUSE_URL is absent or no address.
        SchemaUnfit: the schema is older or newer than this program, or its migration did not end.
        psycopg.OperationalError: the server does not answer.
    """
    with _open(settings, role) as connection:
        check_schema(connection)
        connection.execute(sql.SQL("set role {}").format(sql.Identifier(role)))
        yield connection


@contextmanager
def owner(settings: Settings) -> Iterator[Connection]:
    """One transaction under the role of WAREHOUSE_URL itself, for upkeep: it may see and do everything."""
    with _open(settings, "upkeep") as connection:
        yield connection


class _Watched(psycopg.Connection[tuple[Any, ...]]):
    """A connection whose commits are points at which a trial may kill the process."""

    def commit(self) -> None:
        reach("before commit")
        super().commit()
        reach("after commit")


def _open(settings: Settings, step: str) -> Connection:
    options = f"{_address(settings).get('options') or ''} {SESSION}".strip()
    return _Watched.connect(
        settings.warehouse_url, application_name=f"conduct_records {step}", options=options
    )


def for_programs(settings: Settings) -> dict[str, str]:
    """The environment that leads PostgreSQL's programs to the warehouse: no `ps` shows a password there."""
    names = {known.keyword.decode(): known.envvar for known in Conninfo.get_defaults()}
    given = {names[keyword]: str(value) for keyword, value in _address(settings).items()}
    return dict(os.environ) | {name.decode(): value for name, value in given.items() if name}


def _address(settings: Settings) -> dict[str, Any]:
    try:
        return dict(conninfo_to_dict(settings.warehouse_url))
    except psycopg.ProgrammingError:  # its message can quote a password
        raise SettingMissing("WAREHOUSE_URL is no address of PostgreSQL: see .env.example") from None


def check_schema(connection: Connection) -> None:
    """Raise SchemaUnfit unless the warehouse has exactly the schema of this program."""
    remedy = "run `conduct-records migrate`"
    try:
        found = connection.execute(statement("checks/schema#state")).fetchone()
    except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
        raise SchemaUnfit(f"the warehouse has no schema yet: {remedy}") from None
    version, is_whole = found or ("none", False)
    if version > head():
        raise SchemaUnfit(f"the warehouse has schema {version}, this program {head()}: use the newer program")
    if version < head() or version == "none":
        raise SchemaUnfit(f"the warehouse has schema {version}, this program wants {head()}: {remedy}")
    if not is_whole:
        raise SchemaUnfit(f"the migration to schema {version} did not end: {remedy}")


@cache
def head() -> str:
    """The newest revision that this program has a file for."""
    return max(path.stem.split("_")[0] for path in (SQL / "migrations" / "versions").glob("[0-9]*.py"))


def hold_build_lock(connection: Connection) -> None:
    """Wait until no other build or publication runs, then hold the lock to the end of the transaction."""
    connection.execute("select pg_advisory_xact_lock(%s)", [BUILD_LOCK])


def hold_lock_across(connection: Connection) -> None:
    """The same lock, held over several transactions until the connection closes."""
    connection.execute("select pg_advisory_lock(%s)", [BUILD_LOCK])
    connection.commit()

"""Brings a warehouse to the newest schema: plain SQL by Alembic, forward only, in one transaction."""

from __future__ import annotations

from datetime import UTC, datetime

import psycopg
from alembic import command, op
from alembic.config import Config
from psycopg import sql
from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import NullPool

from conduct_records.contracts.dictionary import comments
from conduct_records.settings import SQL, Settings
from conduct_records.warehouse.connection import Connection, owner
from conduct_records.warehouse.distribute import ONE_BY_ONE, distribute, distribute_functions
from conduct_records.warehouse.kinds import define_tables, define_views
from conduct_records.warehouse.reference import load_reference
from conduct_records.warehouse.statements import statement

MIGRATIONS = SQL / "migrations"


def migrate(url: str) -> None:
    """Apply what is missing, then make again what is a declaration (evidence tables, views, grants, codes).

    One transaction: a killed migration leaves the warehouse as it was. Re-running changes nothing. `url` is a
    libpq address of a role that may create schemas and roles; on a Citus coordinator the tables are spread.
    """
    with owner(Settings({"WAREHOUSE_URL": url})) as given:  # a wrong address is told here as everywhere
        engine = create_engine("postgresql+psycopg://", creator=lambda: given, poolclass=NullPool)
        _upgrade(engine)


def _upgrade(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("select pg_advisory_xact_lock(7302018)")  # two starters at once: one waits
        connection.exec_driver_sql(ONE_BY_ONE)
        config = configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        redefine(_driver(connection.connection.driver_connection))


def configuration() -> Config:
    """Alembic's settings: where the revisions are."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config


def redefine(connection: Connection) -> None:
    """The evidence table of each kind, the spreading on Citus, the views, the grants, the reference data."""
    define_tables(connection)
    distribute(connection)
    define_views(connection)
    for name in _stems("views"):
        connection.execute(statement(f"views/{name}"))
    distribute_functions(connection)
    connection.execute(statement("grants"))
    _comment_marts(connection)
    load_reference(connection, datetime.now(UTC))


def _stems(folder: str) -> list[str]:
    """The names of a folder's files, in the order in which they are run."""
    return sorted(path.stem for path in (SQL / folder).glob("*.sql"))


def _comment_marts(connection: Connection) -> None:
    for table, column, text in comments():
        what = sql.SQL("table") if column is None else sql.SQL("column")
        name = sql.Identifier("marts", table, *([column] if column else []))
        connection.execute(sql.SQL("comment on {} {} is {}").format(what, name, sql.Literal(text)))


def apply_sql_file(name: str) -> None:
    """Run one migration's statements on Alembic's own connection."""
    _driver(op.get_bind().connection.driver_connection).execute(statement(f"migrations/{name}"))


def _driver(connection: object) -> Connection:
    if not isinstance(connection, psycopg.Connection):
        raise TypeError(f"migrations run on psycopg, not on {type(connection).__name__}")
    return connection

"""Brings a warehouse to the newest schema: plain SQL by Alembic, forward only, each file in a transaction."""

from __future__ import annotations

from datetime import UTC, datetime

import psycopg
from alembic import command, op
from alembic.config import Config
from psycopg import sql
from sqlalchemy import create_engine, make_url
from sqlalchemy.pool import NullPool

from conduct_records.settings import SQL
from conduct_records.warehouse.reference import load_reference
from conduct_records.warehouse.statements import sections, statement

MIGRATIONS = SQL / "migrations"


def migrate(url: str) -> None:
    """Apply what is missing, then make again what is a declaration (evidence tables, views, grants, codes).

    Re-running changes nothing. `url` is a libpq address of a role that may create schemas and roles.
    """
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"), poolclass=NullPool)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    with engine.connect() as connection:
        connection.exec_driver_sql("select pg_advisory_lock(7302018)")  # two starters at once: one waits
        connection.commit()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    redefine(url)


def redefine(url: str) -> None:
    """In one transaction: the evidence table of each kind, the views, the grants, the reference data."""
    with psycopg.connect(url) as connection:
        for path in sorted((SQL / "evidence").glob("*.sql")):
            _define_kind(connection, path.stem)
        for path in sorted((SQL / "views").glob("*.sql")):
            connection.execute(statement(f"views/{path.stem}"))
        connection.execute(statement("grants"))
        load_reference(connection, datetime.now(UTC))


def _define_kind(connection: psycopg.Connection, kind: str) -> None:
    """The table of a kind and the view that the fold reads; without section `claim` it is about nobody."""
    own = sections(statement(f"evidence/{kind}"))
    connection.execute(own["table"])
    view = sql.SQL(statement("claim_view")).format(
        view=sql.Identifier("evidence", f"{kind}_claim"),
        table=sql.Identifier("evidence", kind),
        claim=sql.SQL(own.get("claim", "select")),
    )
    connection.execute(view)


def apply_sql_file(name: str) -> None:
    """Run one migration's statements on Alembic's own connection."""
    driver = op.get_bind().connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError(f"migrations run on psycopg, not on {type(driver).__name__}")
    driver.execute(statement(f"migrations/{name}"))

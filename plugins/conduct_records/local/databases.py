"""The databases of the embedded server, and the roles that log in to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
from psycopg import sql

from conduct_records.local.cluster import OWNER

DATABASES = {"warehouse": OWNER, "airflow": "airflow"}
"""Each database with the role that owns it and logs in to it."""
Connection = psycopg.Connection[Any]


def create_databases(connection: Connection, password: Callable[[str], str]) -> None:
    """Make the roles and databases that are absent; nobody connects but who owns them or is admitted."""
    present = {row[0] for row in connection.execute("select datname from pg_database")}
    roles = {row[0] for row in connection.execute("select rolname from pg_roles")}
    for database, role in DATABASES.items():
        if role not in roles:
            create = sql.SQL("create role {} login password {}")
            connection.execute(create.format(sql.Identifier(role), sql.Literal(password(role))))
        if database not in present:
            create = sql.SQL("create database {} owner {}")
            connection.execute(create.format(sql.Identifier(database), sql.Identifier(role)))
            revoke = sql.SQL("revoke connect on database {} from public")
            connection.execute(revoke.format(sql.Identifier(database)))


def admit(connection: Connection, role: str, password: str) -> None:
    """Let an existing role log in to the warehouse."""
    name = sql.Identifier(role)
    alter = sql.SQL("alter role {} login password {}")
    connection.execute(alter.format(name, sql.Literal(password)))
    connection.execute(sql.SQL("grant connect on database warehouse to {}").format(name))

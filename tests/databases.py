"""Databases for tests on any server: copied from a migrated one, on Citus on all of its nodes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

Connection = psycopg.Connection[tuple[object, ...]]
BUSY = "select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = %s"


@dataclass(frozen=True)
class Databases:
    """The databases of one server. `address` is a libpq URL of one of them; its role may create databases."""

    address: str

    def url(self, name: str) -> str:
        return urlunsplit(urlsplit(self.address)._replace(path=f"/{name}"))

    def create(self, name: str) -> None:
        """An empty database; on a coordinator with its workers joined."""
        workers = self._workers()
        for node in (self.address, *workers):
            _execute(node, sql.SQL("create database {}").format(sql.Identifier(name)))
            if workers:
                _execute(_on(node, name), sql.SQL("create extension citus"))
        if workers:
            self._join(name, workers)

    def copy(self, source: str, name: str) -> None:
        """A copy of `source`, which takes no connection any more."""
        copy = sql.SQL("create database {} template {}").format(sql.Identifier(name), sql.Identifier(source))
        nodes = (self.address, *self._workers())
        for node in nodes:
            _close(node, source)
        for node in nodes:
            _execute(node, copy)

    @contextmanager
    def lent(self, source: str, name: str) -> Iterator[str]:
        """The address of a copy of `source`, dropped at the end."""
        self.copy(source, name)
        try:
            yield self.url(name)
        finally:
            self.drop(name)

    def drop(self, name: str) -> None:
        drop = sql.SQL("drop database {} with (force)").format(sql.Identifier(name))
        for node in (self.address, *self._workers()):
            _close(node, name)
            _execute(node, drop)

    def _join(self, name: str, workers: list[str]) -> None:
        with psycopg.connect(self.url(name), autocommit=True) as connection:
            place = urlsplit(self.address)
            connection.execute("select citus_set_coordinator_host(%s, %s)", [place.hostname, place.port])
            for worker in workers:
                place = urlsplit(worker)
                connection.execute("select citus_add_node(%s, %s)", [place.hostname, place.port])

    def _workers(self) -> list[str]:
        """The addresses of the workers that the database of `address` knows."""
        with psycopg.connect(self.address) as connection:
            if connection.execute("select to_regclass('pg_dist_node')").fetchone() == (None,):
                return []
            query = "select nodename, nodeport from pg_dist_node where groupid <> 0 order by nodeid"
            return [_at(self.address, host, port) for host, port in connection.execute(query)]


def _close(address: str, name: str) -> None:
    """End what is connected to a database and let nobody in: Citus's own daemons would come back."""
    close = sql.SQL("alter database {} allow_connections false").format(sql.Identifier(name))
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(close)
        connection.execute(BUSY, [name])


def _execute(address: str, statement: sql.Composed | sql.SQL) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statement)


def _on(address: str, database: str) -> str:
    return urlunsplit(urlsplit(address)._replace(path=f"/{database}"))


def _at(address: str, host: object, port: object) -> str:
    parts = urlsplit(address)
    user, has_user, _ = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{user}{has_user}{host}:{port}"))

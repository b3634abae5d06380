"""A warehouse, a platform and folders that can be copied, and what of them must not depend on a fault."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from conduct_records.settings import ROOT, Settings
from simulator.server import running
from tests.databases import Databases

CLIENT = ("hubei", "s" * 40)
PLATFORM = "platform.sqlite"
# Book-keeping of a build, and of a sender for the next publication: a run that ran twice wrote it twice.
COUNTED = """
select schemaname, tablename from pg_tables
where schemaname in ('evidence', 'landing', 'quarantine', 'core', 'share')
and schemaname || '.' || tablename not in ('core.touched_subject', 'share.unpublished_subject')
or schemaname = 'ops' and tablename = 'issue'
order by 1, 2
"""
DIGEST = """
select digest from ops.run where flow = 'build_records' and digest is not null
order by data_date desc, known_at desc limit 1
"""
MESSAGES = "select message_key, action, state, content_hash from share.outbox order by 1"


@dataclass(frozen=True)
class World:
    """One database and one folder; nothing runs in it."""

    databases: Databases
    name: str
    folder: Path
    store: str = PLATFORM  # the platform's, within the folder

    @property
    def url(self) -> str:
        return self.databases.url(self.name)

    def copy(self, name: str) -> World:
        other = World(self.databases, name, self.folder.with_name(name))
        self.databases.copy(self.name, name)
        shutil.copytree(self.folder, other.folder, symlinks=True)
        return other

    def drop(self) -> None:
        self.databases.drop(self.name)
        shutil.rmtree(self.folder, ignore_errors=True)

    @contextmanager
    def alive(self) -> Iterator[Settings]:
        """With the platform running: the settings of a task."""
        with running(ROOT / "samples" / "platform", self.folder / self.store, CLIENT) as platform:
            yield Settings(
                {
                    "WAREHOUSE_URL": self.url,
                    "CONDUCT_RECORDS_STATE": str(self.folder),
                    "EXCHANGE_URL": platform.url,
                    "EXCHANGE_CLIENT_ID": CLIENT[0],
                    "EXCHANGE_CLIENT_SECRET": CLIENT[1],
                    "PERSON_TOKEN_KEY": "k" * 40,
                }
            )

    def marks(self) -> dict[str, Any]:
        """Digest, counts, messages, what the platform holds, files: equal after any fault."""
        with psycopg.connect(self.url) as connection:
            found: dict[str, Any] = {
                f"{schema}.{table}": _one(connection, sql.SQL("select count(*) from {}"), schema, table)
                for schema, table in connection.execute(COUNTED).fetchall()
            }
            found["messages"] = connection.execute(MESSAGES).fetchall()
            found["digest"] = connection.execute(DIGEST).fetchone()
            found["marts"] = connection.execute("select digest from marts.current_version").fetchone()
        with sqlite3.connect(self.folder / self.store) as store:
            for table in ("accepted", "held", "last_ordinal"):
                found[f"platform {table}"] = store.execute(f"select * from {table} order by 1, 2").fetchall()
            found["platform receipts"] = store.execute("select count(*) from receipt").fetchone()
        current = self.folder / "portal" / "current"
        found["portal"] = {str(path.relative_to(current)): _hash(path) for path in _files(current)}
        found["outbox"] = sorted(
            str(path.relative_to(self.folder)) for path in _files(self.folder / "outbox")
        )
        return found


def differences(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """Names of the marks that are not equal."""
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def _one(connection: psycopg.Connection[Any], query: sql.SQL, *table: str) -> int:
    row = connection.execute(query.format(sql.Identifier(*table))).fetchone()
    return int(row[0])


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()

"""Fixtures that every part of the suite shares: a real PostgreSQL server and fresh, migrated databases."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

TEMPLATE = "records_template"
_numbers = itertools.count(1)


class AnyServer(Protocol):
    """What tests need of a server: the address of one of its databases."""

    def url(self, database: str = "warehouse") -> str: ...


@dataclass(frozen=True)
class GivenServer:
    """A server that is already running, named by TEST_WAREHOUSE_URL; its role may create databases."""

    address: str

    def url(self, database: str = "warehouse") -> str:
        return urlunsplit(urlsplit(self.address)._replace(path=f"/{database}"))


@pytest.fixture(scope="session")
def server() -> Iterator[AnyServer]:
    """TEST_WAREHOUSE_URL's server, or an embedded one on a state folder of its own."""
    if address := os.environ.get("TEST_WAREHOUSE_URL"):
        yield GivenServer(address)
        return
    from conduct_records.local.server import Server

    state = Path(tempfile.mkdtemp(prefix="records-test-"))
    embedded = Server(
        state, settings={"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    )
    try:
        yield embedded.start()
    finally:
        embedded.stop()
        shutil.rmtree(state)
        shutil.rmtree(embedded.root, ignore_errors=True)
        shutil.rmtree(embedded.sockets, ignore_errors=True)


@pytest.fixture(scope="session")
def template(server: AnyServer) -> Iterator[str]:
    """Name of a migrated, empty database that the others are copied from."""
    from conduct_records.warehouse.migrate import migrate

    name = f"{TEMPLATE}_{os.getpid()}"
    with psycopg.connect(server.url("postgres"), autocommit=True) as admin:
        admin.execute(f"create database {name}")
        migrate(server.url(name))
        yield name
        admin.execute(f"drop database {name} with (force)")


@pytest.fixture
def warehouse(server: AnyServer, template: str) -> Iterator[str]:
    """The address of a fresh, migrated database, dropped after the test."""
    name = f"records_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(server.url("postgres"), autocommit=True) as admin:
        admin.execute(f"create database {name} template {template}")
        yield server.url(name)
        admin.execute(f"drop database {name} with (force)")

"""Fixtures that every part of the suite shares: a real PostgreSQL server and fresh, migrated databases."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from typing import Protocol

import pytest
from hypothesis import settings

from tests.databases import Databases
from tests.servers import fresh_server

_numbers = itertools.count(1)
settings.register_profile("suite", deadline=None)  # how long an example takes tells of the machine alone
settings.load_profile("suite")


class AnyServer(Protocol):
    """What tests need of a server: the address of one of its databases."""

    def url(self, database: str = "warehouse") -> str: ...


@pytest.fixture(scope="session")
def server() -> Iterator[AnyServer]:
    """TEST_WAREHOUSE_URL's server (plain or a Citus coordinator), or an embedded one of its own."""
    if address := os.environ.get("TEST_WAREHOUSE_URL"):
        yield Databases(address)
        return
    with fresh_server(synchronous_commit="off", full_page_writes="off") as embedded:
        yield embedded


@pytest.fixture(scope="session")
def databases(server: AnyServer) -> Databases:
    """Makes databases on the server of the tests."""
    return Databases(os.environ.get("TEST_WAREHOUSE_URL") or server.url("postgres"))


@pytest.fixture(scope="session")
def template(databases: Databases) -> Iterator[str]:
    """Name of a migrated, empty database that the others are copied from."""
    from conduct_records.warehouse.migrate import migrate

    name = f"records_template_{os.getpid()}"
    databases.create(name)
    migrate(databases.url(name))
    yield name
    databases.drop(name)


@pytest.fixture
def warehouse(databases: Databases, template: str) -> Iterator[str]:
    """The address of a fresh, migrated database, dropped after the test."""
    with databases.lent(template, f"records_{os.getpid()}_{next(_numbers)}") as address:
        yield address

"""The database's disk is full: a task fails and leaves nothing, and once there is room it ends well (J4)."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import psycopg
import pytest

from bench.penalties import write_penalties
from conduct_records.local.server import Server
from conduct_records.warehouse.migrate import migrate
from tests.databases import Databases
from tests.faults.night import Task, tasks
from tests.faults.world import World, differences
from tests.servers import fresh_server

DAY = date(2019, 1, 28)
ROWS = 4_000  # more than a table's file of FULL_AT bytes holds
FULL_AT = 1 << 20  # bytes of one file; the server's log of transactions has files of exactly that size


@pytest.fixture
def own_server() -> Iterator[Server]:
    """A server whose files may be kept small: no other test hangs on it."""
    with fresh_server() as server:
        server.stop()
        server.programs.run("pg_resetwal", "--wal-segsize=1", "-D", str(server.data))
        yield server.start()


@pytest.fixture
def empty(own_server: Server, tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("world") / "first"
    inbox = folder / "inbox" / str(DAY) / "HB-AMR"
    inbox.mkdir(parents=True)
    write_penalties(inbox / "penalties.csv", None, ROWS)
    first = World(Databases(own_server.url("postgres")), "first", folder)
    first.databases.create(first.name)
    migrate(first.url)
    return first


def test_a_task_fails_whole_and_ends_well_once_there_is_room(own_server: Server, empty: World) -> None:
    undisturbed, world = empty.copy("undisturbed"), empty.copy("disturbed")
    with undisturbed.alive() as settings:
        assert [task.run() for task in _some(tasks(DAY, settings))] == [0, 0, 0]
    with world.alive() as settings:
        lanes, ingest, build = _some(tasks(DAY, settings))
        assert lanes.run() == 0
        before = _counts(world)
        for task in (ingest, build):
            with _full(own_server):
                assert task.run() == 1
                assert task is build or _counts(world) == before
            assert task.run() == 0
    assert differences(undisturbed.marks(), world.marks()) == []


def _some(night: Iterator[Task]) -> list[Task]:
    wanted = {"ingest_submissions.lanes", "ingest_submissions.ingest", "build_records.build"}
    return [task for task in night if task.name in wanted]


def _counts(world: World) -> tuple[object, ...] | None:
    query = """
    select (select count(*) from evidence.penalty_decision), (select count(*) from landing.file),
        (select count(*) from quarantine.row), (select count(*) from ops.issue)
    """
    with psycopg.connect(world.url) as connection:
        return connection.execute(query).fetchone()


@contextmanager
def _full(server: Server) -> Iterator[None]:
    """Each connection that is opened meanwhile can make no file longer."""
    postmaster = int((server.data / "postmaster.pid").read_text().split()[0])
    free = resource.prlimit(postmaster, resource.RLIMIT_FSIZE)
    resource.prlimit(postmaster, resource.RLIMIT_FSIZE, (FULL_AT, free[1]))
    try:
        yield
    finally:
        resource.prlimit(postmaster, resource.RLIMIT_FSIZE, free)

"""What a night survives besides a kill: a restarted server, a full disk, a second run, a stuck lane (J4)."""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from conduct_records.disclosure.marts import publish_marts
from conduct_records.local.server import Server
from conduct_records.settings import Settings
from conduct_records.warehouse.connection import connect, hold_build_lock
from conduct_records.warehouse.migrate import migrate
from tests.databases import Databases
from tests.faults.matrix import Night, nights
from tests.faults.night import Task, ended, play, tasks
from tests.faults.world import World, differences
from tests.servers import fresh_server

DAY = date(2019, 1, 29)
FULL_AT = 2_000  # bytes that a process may write into one file


@pytest.fixture(scope="module")
def own_server() -> Iterator[Server]:
    """A server that may be restarted: no other test hangs on it."""
    with fresh_server() as server:
        yield server


@pytest.fixture(scope="module")
def night(own_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Night:
    folder = tmp_path_factory.mktemp("world") / "first"
    folder.mkdir()
    empty = World(Databases(own_server.url("postgres")), "first", folder)
    empty.databases.create(empty.name)
    migrate(empty.url)
    return nights(empty, (DAY,))[DAY]


@pytest.fixture
def world(night: Night, request: pytest.FixtureRequest) -> Iterator[World]:
    copied = night.before.copy(f"w{abs(hash(request.node.name))}")
    yield copied
    copied.drop()


@pytest.mark.parametrize(
    ("name", "point"),
    [
        ("ingest_submissions.ingest", "before commit"),
        ("build_records.build", "before commit"),
        ("share_records.send", "after call"),
    ],
)
def test_the_server_restarts_in_the_middle(
    name: str, point: str, night: Night, world: World, own_server: Server
) -> None:
    codes = []
    with world.alive() as settings:
        for task in tasks(DAY, settings):
            if task.name != name or codes:
                assert task.run() == 0
                continue
            pid = task.start_stopped(f"{point}@1")
            own_server._control("stop", "-w", "-m", "immediate")
            own_server.start()
            os.kill(pid, signal.SIGCONT)
            codes.append(ended(pid))
            assert task.run() == 0
    assert len(codes) == 1
    assert differences(night.marks, world.marks()) == []


@pytest.mark.parametrize("name", ["ingest_submissions.ingest", "share_records.publish"])
def test_a_full_disk_fails_a_task_and_the_next_try_mends_it(name: str, night: Night, world: World) -> None:
    failed = 0
    with world.alive() as settings:
        for task in tasks(DAY, settings):
            if task.name == name:
                failed += replace(task, work=_on_a_full_disk(task)).run() != 0
            assert task.run() == 0
    assert failed > 0
    assert differences(night.marks, world.marks()) == []


def test_the_same_date_twice_at_once(night: Night, world: World) -> None:
    with world.alive() as settings:
        runs = [Task("run", lambda _: _ingestion_of(settings)).start() for _ in range(2)]
        assert [ended(pid) for pid in runs] == [0, 0]
        runs = [Task("run", lambda _: play(DAY, settings, is_alone=False)).start() for _ in range(2)]
        assert [ended(pid) for pid in runs] == [0, 0]
    # Chance says whether the later publication of the marts came before the other run sent its messages.
    assert set(differences(night.marks, world.marks())) <= {"marts"}
    kept, whole = (publish_marts(DAY, datetime.now(UTC), settings, full=full) for full in (False, True))
    assert kept.digest == whole.digest


def test_a_lane_that_hangs_stops_no_other_lane(night: Night, world: World) -> None:
    with world.alive() as settings:
        before = [task for task in tasks(DAY, settings) if task.name.startswith(("pull", "ingest"))]
        lanes = [task for task in before if task.name == "ingest_submissions.ingest"]
        stuck = lanes[0].start_stopped("before commit@2")
        assert [task.run() for task in before if task is not lanes[0]] == [0] * (len(before) - 1)
        os.kill(stuck, signal.SIGKILL)  # as the task's time-out does
        assert ended(stuck) == -signal.SIGKILL
        assert lanes[0].run() == 0
        assert play(DAY, settings) == 0
    assert differences(night.marks, world.marks()) == []


def test_what_a_killed_build_left_running_frees_the_lock_by_itself(world: World) -> None:
    with world.alive() as settings:
        locked, say = os.pipe()
        killed = Task("build", lambda _: _sleep_under_the_lock(settings, say)).start()
        assert os.read(locked, 1) == b"."
        os.kill(killed, signal.SIGKILL)
        assert ended(killed) == -signal.SIGKILL
        with connect(settings, "records_builder") as connection:
            connection.execute("set lock_timeout = '60s'")
            hold_build_lock(connection)


def _sleep_under_the_lock(settings: Settings, say: int) -> None:
    with connect(settings, "records_builder") as connection:
        hold_build_lock(connection)
        os.write(say, b".")
        connection.execute("select pg_sleep(600)")


def _on_a_full_disk(task: Task):
    def work(now: datetime) -> object:
        resource.setrlimit(resource.RLIMIT_FSIZE, (FULL_AT, FULL_AT))
        return task.work(now)

    return work


def _ingestion_of(settings: Settings) -> None:
    for task in tasks(DAY, settings, is_alone=False):
        if task.name.startswith(("pull", "ingest")) and task.run() != 0:
            raise AssertionError(task.name)

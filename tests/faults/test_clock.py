"""A clock that jumps ahead and falls back, between tasks and between nights, changes nothing (J4)."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from itertools import cycle
from pathlib import Path

import pytest

from conduct_records.contracts.book import load_contracts
from conduct_records.settings import ROOT
from tests.databases import Databases
from tests.faults.night import Task, tasks
from tests.faults.world import World, differences

DAYS = (date(2019, 1, 28), date(2019, 1, 29))
HOUR = timedelta(hours=1)
RIGHT = (0 * HOUR,)
JUMPING = (0 * HOUR, -3 * HOUR, 900 * HOUR, -50 * HOUR, HOUR)
AHEAD = (1000 * HOUR,)


@pytest.fixture
def empty(databases: Databases, template: str, tmp_path: Path) -> World:
    world = World(databases, "clock", tmp_path / "clock")
    shutil.copytree(ROOT / "samples" / "inbox", world.folder / "inbox")
    databases.copy(template, world.name)
    return world


def test_no_night_depends_on_the_clock(empty: World) -> None:
    load_contracts()  # once for all forks
    right, jumping, fell_back = (empty.copy(name) for name in ("right", "jumping", "fell_back"))
    for world, clocks in (
        (right, (RIGHT, RIGHT)),
        (jumping, (JUMPING, JUMPING)),
        (fell_back, (AHEAD, RIGHT)),
    ):
        with world.alive() as settings:
            for day, clock in zip(DAYS, clocks, strict=True):
                for task, wrong_by in zip(tasks(day, settings), cycle(clock), strict=False):
                    assert replace(task, work=partial(_work, task, wrong_by)).run() == 0, task.name
    expected = right.marks()
    assert {world.name: differences(expected, world.marks()) for world in (jumping, fell_back)} == {
        "jumping": [],
        "fell_back": [],
    }
    for world in (empty, right, jumping, fell_back):
        world.drop()


def _work(task: Task, wrong_by: timedelta, now: datetime) -> object:
    return task.work(now + wrong_by)

"""Killed at any named point and run again, a night leaves what an undisturbed one leaves (J4)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.databases import Databases
from tests.faults.matrix import Cell, Night, cells, nights, tried
from tests.faults.world import World

DAYS = (date(2019, 1, 28),)
SAMPLE = 5  # of the whole matrix, which `make kill-matrix` plays


@pytest.fixture(scope="module")
def played(
    databases: Databases, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[date, Night]]:
    folder: Path = tmp_path_factory.mktemp("faults") / "kills"
    folder.mkdir()
    empty = World(databases, "kills", folder)
    empty.databases.copy(template, empty.name)
    found = nights(empty, DAYS)
    yield found
    for night in found.values():
        night.before.drop()


def test_every_task_passes_points(played: dict[date, Night]) -> None:
    tasks = {task for night in played.values() for task, _ in night.passed}
    assert len(tasks) == 13
    points = {point for night in played.values() for _, point in night.passed}
    both = {
        f"{moment} {kind}" for kind in ("commit", "call", "file", "switch") for moment in ("before", "after")
    }
    assert points == both | {"before page", "before link", "after seal"}


def test_a_kill_at_any_point_loses_and_doubles_nothing(played: dict[date, Night]) -> None:
    drawn = random.Random(7).sample(list(cells(played, range(1, 4))), SAMPLE)
    done = [tried(played[cell.at.day], cell) for cell in drawn]
    assert [cell for cell in done if not cell.is_good] == []


def test_the_harness_sees_a_difference(played: dict[date, Night]) -> None:
    cell = next(cells(played, range(1, 2)))
    other = Night(played[cell.at.day].before, played[cell.at.day].marks | {"digest": "another"}, {})
    assert tried(other, cell).differing == ("digest",)
    assert not Cell(cell.task, cell.point, 1, cell.at).is_good

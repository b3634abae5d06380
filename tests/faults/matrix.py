"""The kill matrix: SIGKILL at every named point of every task, compared with an undisturbed run (J4)."""

from __future__ import annotations

import random
import shutil
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from conduct_records.settings import ROOT
from tests.faults.night import play
from tests.faults.world import World, differences

DATES = tuple(date(2019, 1, 28) + timedelta(days=number) for number in range(6))
Point = tuple[str, str]  # task, failpoint


@dataclass(frozen=True)
class Pass:
    """One pass of a point: on which date, in which task of that name, the how-manieth in its process."""

    day: date
    instance: int
    number: int


@dataclass(frozen=True)
class Night:
    """One date before it is played, and what an undisturbed play leaves and passes."""

    before: World
    marks: dict[str, Any]
    passed: dict[Point, list[Pass]]


@dataclass(frozen=True, order=True)
class Cell:
    """One kill; `differing` names the marks that came out otherwise than undisturbed."""

    task: str
    point: str
    seed: int
    at: Pass = field(compare=False)
    killed: int = field(default=0, compare=False)
    differing: tuple[str, ...] = field(default=(), compare=False)

    @property
    def is_good(self) -> bool:
        """Whether the kill came, nothing was lost and nothing doubled."""
        return self.killed == 1 and not self.differing

    def failpoint(self, task: str, instance: int) -> str:
        """What the environment says to a task: nothing, or where to end."""
        is_it = (task, instance) == (self.task, self.at.instance)
        return f"{self.point}@{self.at.number}" if is_it else ""


def nights(first: World, dates: tuple[date, ...] = DATES) -> dict[date, Night]:
    """Play the dates undisturbed from an empty, migrated world and note the points that each task passes."""
    shutil.copytree(ROOT / "samples" / "inbox", first.folder / "inbox")
    found = {}
    before = first
    for day in dates:
        after = before.copy(f"{first.name}_{day:%m%d}")
        logs = after.folder / "passed"
        logs.mkdir()
        with after.alive() as settings:
            play(day, settings, lambda task, instance, logs=logs: f"log:{logs / task}~{instance}")
        passed = _passes(logs, day)
        shutil.rmtree(logs)
        found[day] = Night(before, after.marks(), passed)
        before = after
    before.drop()
    return found


def cells(played: dict[date, Night], seeds: range) -> Iterator[Cell]:
    """For every point and seed one kill, at a pass that the seed draws among those of all dates."""
    for task, point in sorted({point for night in played.values() for point in night.passed}):
        passes = [each for night in played.values() for each in night.passed.get((task, point), [])]
        for seed in seeds:
            yield Cell(task, point, seed, random.Random(f"{task} {point} {seed}").choice(passes))


def tried(night: Night, cell: Cell) -> Cell:
    """Play the night once with this kill, let the killed task run again, and compare."""
    world = night.before.copy(f"{night.before.name}_kill")
    try:
        with world.alive() as settings:
            killed = play(cell.at.day, settings, cell.failpoint)
        return replace(cell, killed=killed, differing=tuple(differences(night.marks, world.marks())))
    finally:
        world.drop()


def _passes(logs: Path, day: date) -> dict[Point, list[Pass]]:
    found: dict[Point, list[Pass]] = defaultdict(list)
    for log in sorted(logs.iterdir()):
        task, instance = log.name.split("~")
        lines = log.read_text().splitlines()
        for place, point in enumerate(lines):
            number = lines[: place + 1].count(point)
            found[task, point].append(Pass(day, int(instance), number))
    return found

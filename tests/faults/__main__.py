"""`make kill-matrix [SEEDS=3]`: play the matrix, write docs/kill-matrix.md; exit 1 when a cell is bad."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

from conduct_records.local.server import Server
from conduct_records.settings import ROOT
from conduct_records.warehouse.migrate import migrate
from tests.databases import Databases
from tests.faults.matrix import Cell, cells, nights, tried
from tests.faults.world import World

TABLE = ROOT / "docs" / "kill-matrix.md"
HEAD = """# Kill matrix

Played on {day} by `make kill-matrix SEEDS={seeds}`: {count} kills, {bad} with a difference.

Each cell is one SIGKILL of a task's process, at one pass of a named point that the seed draws among all
passes of the six sample dates; the task is then run again, as Airflow does, and the night goes on.
Afterwards these must equal an undisturbed night's: the digest, the number of rows of every table of
evidence, landing, quarantine, core and share, the issues, every message with its state, what the platform
holds, has accepted and answered, the bytes of the portal, the files of the units, the digest of the marts.
A cell shows the date of the night, then `=` for equal, else what differed.

| task | point | passes | {columns} |
|---|---|---|{lines}|
"""


def main(seeds: int) -> int:
    """Play and write; the number of seeds is the number of kills of each point."""
    state = Path(tempfile.mkdtemp(prefix="records-kills-"))
    server = Server(state / "server", settings={"fsync": "off", "synchronous_commit": "off"}).start()
    try:
        bad = _play(server, state, seeds)
    finally:
        server.stop()
        shutil.rmtree(server.root, ignore_errors=True)
        shutil.rmtree(state, ignore_errors=True)
    return 1 if bad else 0


def _play(server: Server, state: Path, seeds: int) -> int:
    """All kills, the first of each point before the second; the table is written anew after each."""
    databases = Databases(server.url("postgres"))
    empty = World(databases, "kills", state / "kills")
    empty.folder.mkdir()
    databases.create(empty.name)
    migrate(empty.url)
    played = nights(empty)
    passes: dict[tuple[str, str], int] = defaultdict(int)
    for night in played.values():
        for point, found in night.passed.items():
            passes[point] += len(found)
    done: list[Cell] = []
    for cell in sorted(cells(played, range(1, seeds + 1)), key=lambda cell: cell.seed):
        done.append(tried(played[cell.at.day], cell))
        print(_row(done[-1]), flush=True)
        TABLE.write_text(_table(done, passes, seeds), encoding="utf-8")
    return sum(not cell.is_good for cell in done)


def _row(cell: Cell) -> str:
    return f"{cell.task:28} {cell.point:14} seed {cell.seed} {_outcome(cell)}"


def _outcome(cell: Cell) -> str:
    if cell.killed != 1:
        return f"{cell.at.day:%m-%d} not killed"
    return f"{cell.at.day:%m-%d} {', '.join(cell.differing) or '='}"


def _table(done: list[Cell], passes: dict[tuple[str, str], int], seeds: int) -> str:
    rows: dict[tuple[str, str], list[str]] = defaultdict(list)
    for cell in sorted(done):
        rows[cell.task, cell.point].append(_outcome(cell))
    head = HEAD.format(
        day=datetime.now(UTC).date(),
        seeds=seeds,
        count=len(done),
        bad=sum(not cell.is_good for cell in done),
        columns=" | ".join(f"seed {seed}" for seed in range(1, seeds + 1)),
        lines="|".join(["---"] * seeds),
    )
    lines = [
        f"| {task} | {point} | {passes[task, point]} | {' | '.join(told)} |"
        for (task, point), told in rows.items()
    ]
    return head + "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 3))

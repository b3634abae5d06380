"""A day of many files through Airflow: how much of its wall time is not spent inside task functions.

BENCH_FILES and BENCH_FILE_ROWS make a smaller trial (40 files of 25,000 rows).
"""

from __future__ import annotations

import csv
import itertools
import os
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from bench import task_times
from bench.figures import Figure
from bench.machine import machine, run_of
from bench.penalties import headers, penalties
from bench.task_times import Timed, covered
from conduct_records.warehouse.arrivals import INGESTION

FILES = int(os.environ.get("BENCH_FILES", "40"))
ROWS = int(os.environ.get("BENCH_FILE_ROWS", "25000"))
DAY = date(2019, 1, 28)
LANES = 4  # of one flow at a time, as dags/ingest_submissions.py has it
MOST = 0.25


def measure() -> list[Figure]:
    """One day from the three triggers to the end of its ingestion; what follows is a few long tasks."""
    extra: dict[str, str] = {}

    def fill(state: Path) -> None:
        write_files(state / "inbox", [DAY], FILES, ROWS)
        extra.update(task_times.install(state))

    with machine(fill, DAY, extra) as (stack, api):
        for flow in INGESTION:
            api.trigger(flow, DAY)
        runs = [run_of(api, flow, DAY, stack) for flow in INGESTION]
        return [*figures(runs, task_times.read(stack.state))]


def write_files(inbox: Path, days: list[date], files: int, rows: int) -> None:
    """So many files of one department on each day; no decision comes twice."""
    supply = (cells for _, cells in penalties(len(days) * files * rows))
    for day in days:
        folder = inbox / str(day) / "HB-AMR"
        folder.mkdir(parents=True)
        for number in range(1, files + 1):
            with (folder / f"{number:02d}_penalties.csv").open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([headers(), *itertools.islice(supply, rows)])


def figures(runs: list[dict[str, Any]], calls: list[Timed]) -> Iterator[Figure]:
    """How much of the time no task function ran, and how much of its lanes' time the flow did not use."""
    first = min(_moment(run["queued_at"]) for run in runs)
    last = max(_moment(run["end_date"]) for run in runs)
    inside = covered(call for call in calls if call.flow in INGESTION)
    lanes = [call for call in calls if call.task == "ingest"]
    spent = sum(call.end - call.start for call in lanes)
    read = max(call.end for call in lanes) - first
    yield Figure(f"{len(lanes)} files x {ROWS:,} rows: wall time", last - first, "s")
    yield Figure("inside task functions", inside, "s")
    yield Figure("share of the wall time outside", 1 - inside / (last - first), "", MOST)
    yield Figure("until the last file is read", read, "s")
    yield Figure("the mean lane's function", spent / len(lanes), "s")
    yield Figure(f"share of the {LANES} lanes' time outside", 1 - spent / (LANES * read), "")


def _moment(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()

"""When Airflow was inside a task's own function: hooks that a cluster policy sets on every task."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

VARIABLE = "BENCH_TASK_TIMES"
POLICY = "from bench.task_times import task_policy\n"


@dataclass(frozen=True)
class Timed:
    """One call of a task's function: seconds since the epoch."""

    flow: str
    task: str
    start: float
    end: float


def install(state: Path) -> dict[str, str]:
    """Write the policy where Airflow looks for it; what must be set for it to be used."""
    settings = state / "airflow" / "config" / "airflow_local_settings.py"
    settings.parent.mkdir(parents=True)
    settings.write_text(POLICY)
    return {VARIABLE: str(state / "task-times.jsonl")}


def task_policy(task: Any) -> None:
    """Airflow calls this for each task it loads; a mapped one hands its arguments to each of its lanes."""
    if hasattr(task, "partial_kwargs"):
        task.partial_kwargs |= {"pre_execute": _starts, "post_execute": _ends}
    else:
        task._pre_execute_hook, task._post_execute_hook = _starts, _ends


def read(state: Path) -> list[Timed]:
    """All calls that ended well, in the order of their ends."""
    lines = (state / "task-times.jsonl").read_text().splitlines()
    return [Timed(**json.loads(line)) for line in lines]


def covered(calls: Iterable[Timed]) -> float:
    """Seconds in which at least one function ran."""
    total, reached = 0.0, 0.0
    for call in sorted(calls, key=lambda call: call.start):
        total += max(0.0, call.end - max(call.start, reached))
        reached = max(reached, call.end)
    return total


_started: list[float] = []  # of the one task of this process


def _starts(_: Any) -> None:
    _started.append(time.time())


def _ends(context: Any, _: Any) -> None:
    task = context["ti"]
    row = {"flow": task.dag_id, "task": task.task_id, "start": _started[-1], "end": time.time()}
    with Path(os.environ[VARIABLE]).open("a") as log:
        log.write(json.dumps(row) + "\n")

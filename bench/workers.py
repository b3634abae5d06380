"""Celery workers over Redis on one machine: two against one, and what a killed worker leaves to the other.

The same project, told by environment alone as in docker-compose.yml. It needs `redis-server` on the path
(Debian: redis-server). BENCH_FILES and BENCH_FILE_ROWS make a smaller trial (40 files of 2,500 rows).
"""

from __future__ import annotations

import os
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.big_day import write_files
from bench.figures import Figure
from bench.machine import POLL_SECONDS, machine, run_of
from conduct_records.local.airflow_api import AirflowApi
from conduct_records.local.ports import free_port
from conduct_records.local.processes import Component, end
from conduct_records.local.server import Server
from conduct_records.local.stack import PRELOADED, Stack

FILES = int(os.environ.get("BENCH_FILES", "40"))
ROWS = int(os.environ.get("BENCH_FILE_ROWS", "2500"))
DAYS = [date(2019, 1, 28) + timedelta(days=number) for number in range(4)]
SLOTS = 2  # tasks that a worker runs at a time
FLOW, NAME = "ingest_submissions", "BENCH_WORKER"
# A worker that is gone is noticed soon: the defaults are 300 s for its tasks, 600 s for those not begun.
NOTICED = {
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "20",
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "5",
    "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT": "20",
    "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT_CHECK_INTERVAL": "5",
    "AIRFLOW__WORKERS__TASK_HEARTBEAT_INTERVAL": "5",
}
TAKEN = "select count(*), count(distinct file_id) from landing.file where data_date = %s"


def name() -> str:
    """What Airflow notes as the host of a task: the worker it ran on."""
    return os.environ.get(NAME, "scheduler")


def measure() -> list[Figure]:
    """A day to warm up, a day on one worker, one on two, one on two of which one is killed."""
    if shutil.which("redis-server") is None:
        print("  left out: redis-server is not installed here")
        return []
    with _redis() as broker:
        extra: dict[str, str] = {}

        def fill(state: Path) -> None:
            write_files(state / "inbox", DAYS, FILES, ROWS)
            extra.update(_settings(state, broker))

        with machine(fill, DAYS[0], extra) as (stack, api):
            return list(_figures(stack, api))


def _figures(stack: Stack, api: AirflowApi) -> Iterator[Figure]:
    first = _worker(stack, "worker-1")
    _play(stack, api, DAYS[0])
    alone, _ = _play(stack, api, DAYS[1])
    second = _worker(stack, "worker-2")
    both, shared = _play(stack, api, DAYS[2])
    yield Figure(
        f"{FILES} files x {ROWS:,} rows, one worker of {SLOTS} tasks", FILES * ROWS / alone, "rows/s"
    )
    yield Figure("two workers", FILES * ROWS / both, "rows/s")
    yield Figure("two workers against one", alone / both, "x")
    yield Figure("fewer lanes of the two", min(shared.values()) if len(shared) == 2 else 0, "")
    yield from _killed(stack, api, first, second)


def _killed(stack: Stack, api: AirflowApi, first: Component, second: Component) -> Iterator[Figure]:
    """Kill the second worker while it reads files; the first one takes over what it had."""
    api.trigger(FLOW, DAYS[3])
    while not _is_midway(lanes := _lanes(stack, api, DAYS[3]), second.name):
        if lanes and all(lane["state"] == "success" for lane in lanes):
            raise RuntimeError("the day ended before the second worker could be killed")
        time.sleep(POLL_SECONDS)
    stack.drop(second)
    seconds, _ = _watched(stack, api, DAYS[3])
    lanes = _lanes(stack, api, DAYS[3])
    again = [lane for lane in lanes if lane["try_number"] > 1]
    with stack.server.connect() as connection:
        rows, files = connection.execute(TAKEN, [DAYS[3]]).fetchone() or (0, 0)
    yield Figure("one of two killed midway: the day's wall time", seconds, "s")
    yield Figure("  lanes tried again", len(again), "")
    yield Figure(
        "  of those, not ended well on the other", sum(not _is_on(lane, first) for lane in again), "", 0
    )
    yield Figure("  files missing or double", abs(FILES - files) + abs(rows - files), "", 0)


def _play(stack: Stack, api: AirflowApi, day: date) -> tuple[float, Counter[str]]:
    api.trigger(FLOW, day)
    return _watched(stack, api, day)


def _watched(stack: Stack, api: AirflowApi, day: date) -> tuple[float, Counter[str]]:
    """Seconds from the first lane's start to the last one's end, and the lanes of each worker."""
    run = run_of(api, FLOW, day, stack)
    if run["state"] != "success":
        raise RuntimeError(f"{FLOW} of {day} failed")
    lanes = _lanes(stack, api, day)
    starts = [datetime.fromisoformat(lane["start_date"]) for lane in lanes]
    ends = [datetime.fromisoformat(lane["end_date"]) for lane in lanes]
    return (max(ends) - min(starts)).total_seconds(), Counter(lane["hostname"] for lane in lanes)


def _lanes(stack: Stack, api: AirflowApi, day: date) -> list[dict[str, Any]]:
    stack.check()
    (run,) = [run for run in api.runs(dag_id=FLOW) if run["partition_key"] == str(day)]
    return [task for task in api.tasks(FLOW, run["dag_run_id"]) if task["task_id"] == "ingest"]


def _is_midway(lanes: list[dict[str, Any]], worker: str) -> bool:
    """Whether a third is done and this worker is reading."""
    done = sum(lane["state"] == "success" for lane in lanes)
    busy = any(lane["state"] == "running" and lane["hostname"] == worker for lane in lanes)
    return done >= FILES // 3 and busy


def _is_on(lane: dict[str, Any], worker: Component) -> bool:
    return bool(lane["state"] == "success" and lane["hostname"] == worker.name)


def _worker(stack: Stack, called: str) -> Component:
    """A worker of its own name, once it is ready for tasks."""
    options = ["--concurrency", str(SLOTS), "--celery-hostname", called, "--skip-serve-logs"]
    pid = ["--pid", str(stack.state / f"{called}.pid")]
    worker = stack.add(called, [*PRELOADED, "celery", "worker", *options, *pid], {NAME: called})
    while f"{called} ready" not in worker.log.read_text(errors="replace"):
        worker.check()
        time.sleep(POLL_SECONDS)
    return worker


def _settings(state: Path, broker: str) -> dict[str, str]:
    return NOTICED | {
        "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
        "AIRFLOW__CORE__HOSTNAME_CALLABLE": "bench.workers.name",
        "AIRFLOW__CELERY__BROKER_URL": broker,
        "AIRFLOW__CELERY__RESULT_BACKEND": Server(state).url("airflow", scheme="db+postgresql"),
    }


@contextmanager
def _redis() -> Iterator[str]:
    """The address of a Redis of our own that keeps nothing."""
    port, folder = free_port(), Path(os.environ.get("TMPDIR", "/tmp")) / f"records-redis-{os.getpid()}"  # noqa: S108
    command = ["redis-server", "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir", str(folder)]
    folder.mkdir(mode=0o700)
    redis = Component.start("redis", command, os.environ, folder)
    try:
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        end([redis])
        shutil.rmtree(folder)

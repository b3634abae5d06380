"""A whole machine for a bench: server, simulator and Airflow in a folder of their own, removed afterwards."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from conduct_records.local.airflow_api import AirflowApi
from conduct_records.local.stack import Stack

ENDED = {"success", "failed"}
POLL_SECONDS = 0.25


def say(line: str) -> None:
    """Progress goes beside the figures."""
    print(f"  {line}", file=sys.stderr, flush=True)


@contextmanager
def machine(
    fill: Callable[[Path], None], until: date, extra: Mapping[str, str] | None = None
) -> Iterator[tuple[Stack, AirflowApi]]:
    """Start all of it once `fill` has prepared the state folder; no flow is scheduled after `until`."""
    state = Path(tempfile.mkdtemp(prefix="records-bench-"))
    fill(state)
    stack = Stack(state, say, {"CONDUCT_RECORDS_SCHEDULE_UNTIL": str(until), **(extra or {})})
    try:
        yield stack, stack.start()
    finally:
        stack.stop()
        shutil.rmtree(stack.server.root, ignore_errors=True)
        shutil.rmtree(state, ignore_errors=True)


def run_of(api: AirflowApi, flow: str, day: date, stack: Stack) -> dict[str, Any]:
    """The newest run of a flow for a date, once it has ended."""
    while True:
        runs = [run for run in api.runs(dag_id=flow) if run["partition_key"] == str(day)]
        if runs and runs[-1]["state"] in ENDED:
            return runs[-1]
        stack.check()
        time.sleep(POLL_SECONDS)

"""What loading the DAG folder costs, against a folder that holds one empty DAG, each in a fresh process."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.figures import Figure
from conduct_records.settings import ROOT

EMPTY = "from airflow.sdk import DAG\n\nwith DAG('empty', schedule=None):\n    pass\n"
LOAD = """
import sys
from airflow.dag_processing.dagbag import DagBag
bag = DagBag(dag_folder=sys.argv[1])
assert not bag.import_errors, bag.import_errors
"""
MOST = 1.3


def measure(rounds: int = 3) -> list[Figure]:
    """The least of some rounds each: CPU time, so that a busy machine tells the same."""
    with tempfile.TemporaryDirectory() as home:
        empty = Path(home) / "empty"
        empty.mkdir()
        (empty / "empty.py").write_text(EMPTY)
        ours, floor = [], []
        for _ in range(rounds):
            floor.append(cpu_seconds(empty, home))
            ours.append(cpu_seconds(ROOT / "dags", home))
    return [
        Figure("dag folder: one empty DAG in a fresh process", min(floor), "s CPU"),
        Figure("dag folder: ours in a fresh process", min(ours), "s CPU"),
        Figure("dag folder: ours against one empty DAG", min(ours) / min(floor), "x", MOST),
    ]


def cpu_seconds(folder: Path, home: str) -> float:
    """User and system time of one fresh process that loads `folder` as the DAG processor does."""
    environment = os.environ | {
        "AIRFLOW_HOME": home,
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
        "PYTHONPATH": os.pathsep.join([str(ROOT / "plugins"), str(ROOT)]),
    }
    command = [sys.executable, "-c", LOAD, str(folder)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    # of this process alone: what else ended meanwhile would count among all children
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{folder} could not be loaded")
    return usage.ru_utime + usage.ru_stime

"""A million penalty decisions from a file to evidence and to records, against COPY of the same rows.

Every contestant runs in a process of its own on one server with PostgreSQL's own durability settings; rounds
interleave. BENCH_ROWS and BENCH_ROUNDS make a smaller trial; BENCH_MORE_ROWS is the size of the memory check
(0: none); BENCH_ONLY names some of the contestants, of which `evidence` is the first half of `records`.
dlt is no part of the lock: it is installed for the bench alone, into a folder that only its contestant sees.
BENCH_WAREHOUSE_URL names a running server, a Citus coordinator for one: a database is made there and dropped,
its settings stay as they are, and on a cluster the floor's table is spread as well.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from bench.figures import Figure
from bench.penalties import write_penalties
from bench.server import serving
from conduct_records.warehouse.migrate import migrate
from tests.databases import Databases

ROWS = int(os.environ.get("BENCH_ROWS", "1000000"))
MORE_ROWS = int(os.environ.get("BENCH_MORE_ROWS", str(5 * ROWS)))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
CONTESTANTS = {
    "floor": "COPY FROM a typed CSV",
    "records": "file to evidence, then to records",
    "pandas": "pandas and to_sql, same checks as far as a script has them",
    "dlt": "dlt",
}
SHOWN = ("server_version", "fsync", "synchronous_commit", "full_page_writes", "wal_level", "shared_buffers")
AT_MOST = {"evidence": 1.5, "built": 2.5}
MEMORY = 1024
DLT = "dlt[postgres]==1.31.0"


def measure() -> list[Figure]:
    """Medians in seconds, their ratios to the floor, peak memory in MiB at two sizes."""
    state = Path(tempfile.mkdtemp(prefix="records-bench-"))
    try:
        write_penalties(state / "submission.csv", state / "typed.csv", ROWS)
        with _warehouse() as url:
            migrate(url)
            _show(url)
            times, memory = _rounds(state, url)
            figures = [*_figures(times), *([_memory_figure(ROWS, memory)] if memory else [])]
            if MORE_ROWS:
                figures.append(_memory_figure(MORE_ROWS, _memory(state, url)))
            return figures
    finally:
        shutil.rmtree(state, ignore_errors=True)


@contextmanager
def _warehouse() -> Iterator[str]:
    """The address of an empty database: on BENCH_WAREHOUSE_URL's server, or on one of our own."""
    if address := os.environ.get("BENCH_WAREHOUSE_URL"):
        databases, name = Databases(address), f"records_bench_{os.getpid()}"
        databases.create(name)
        try:
            yield databases.url(name)
        finally:
            databases.drop(name)
        return
    with serving({}) as server:
        yield server.url()


def _show(url: str) -> None:
    with psycopg.connect(url) as connection:
        settings = [f"{name}={connection.execute(f'show {name}').fetchone()[0]}" for name in SHOWN]  # type: ignore[index]
    print(f"{ROWS:,} rows x 25 columns, {ROUNDS} rounds, {os.cpu_count()} cores; {', '.join(settings)}")


def _rounds(state: Path, url: str) -> tuple[dict[str, list[float]], float]:
    times: dict[str, list[float]] = {}
    memory = 0.0
    wanted = _contestants(state)
    for number in range(ROUNDS):
        for name in wanted:
            told = _run(name, state / "submission.csv", state / "typed.csv", url)
            memory = max(memory, told["peak_mib"] if name in {"records", "evidence"} else 0)
            for figure, seconds in told["seconds"].items():
                times.setdefault(figure, []).append(seconds)
                print(f"  round {number + 1}: {figure:<10} {seconds:8.2f} s", flush=True)
    return times, memory


def _memory(state: Path, url: str) -> float:
    """Peak memory of an ingestion of MORE_ROWS rows."""
    (state / "typed.csv").unlink()
    write_penalties(state / "submission.csv", None, MORE_ROWS)
    return float(_run("evidence", state / "submission.csv", state / "typed.csv", url)["peak_mib"])


def _contestants(state: Path) -> list[str]:
    wanted = os.environ.get("BENCH_ONLY", "").split() or list(CONTESTANTS)
    if "dlt" in wanted and not _install_dlt(state / "dlt"):
        print(f"  left out: {DLT} could not be installed")
        wanted.remove("dlt")
    return wanted


def _install_dlt(folder: Path) -> bool:
    uv = Path(sys.executable).with_name("uv")
    command = [str(uv), "pip", "install", "-q", "--python", sys.executable, "--target", str(folder), DLT]
    return subprocess.run(command, check=False).returncode == 0


def _run(name: str, submission: Path, typed: Path, url: str) -> dict[str, dict[str, float]]:
    """One contestant in a process of its own; its last line is what it says."""
    command = [sys.executable, "-m", "bench.contestants", name, str(submission), str(typed)]
    environ = os.environ | {"WAREHOUSE_URL": url, "CONDUCT_RECORDS_STATE": str(submission.parent / "state")}
    if name == "dlt":
        own = submission.parent / "dlt"
        paths = [str(own), *filter(None, [os.environ.get("PYTHONPATH")])]
        environ |= {"PYTHONPATH": os.pathsep.join(paths), "DLT_DATA_DIR": str(own / "data")}
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{name}: {done.stderr[-2000:]}")
    told: dict[str, dict[str, float]] = json.loads(done.stdout.splitlines()[-1])
    return told


def _figures(times: dict[str, list[float]]) -> list[Figure]:
    medians = {name: statistics.median(seconds) for name, seconds in times.items()}
    floor = medians.pop("floor")
    figures = [Figure("floor: COPY FROM a typed CSV into a logged table", floor, "s")]
    for name, seconds in medians.items():
        figures.append(Figure(f"{name}: seconds", seconds, "s"))
        figures.append(Figure(f"{name}: times the floor", seconds / floor, "x", AT_MOST.get(name)))
    return figures


def _memory_figure(rows: int, mebibytes: float) -> Figure:
    return Figure(f"peak memory of our process, {rows:,} rows", mebibytes, "MiB", MEMORY)

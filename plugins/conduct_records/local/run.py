"""Runs that begin, show their progress, print a summary and end by themselves."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TextIO

import psycopg

from conduct_records.local.environment import warehouse_environment
from conduct_records.local.leaks import search
from conduct_records.local.nights import Nights
from conduct_records.local.readiness import StackFault
from conduct_records.local.samples import SAMPLE_DATES, copy_samples
from conduct_records.local.server import Server
from conduct_records.local.stack import Stack
from conduct_records.local.summary import print_files, print_summary, print_table
from conduct_records.settings import Settings


@dataclass
class Clock:
    """Prints each line with the seconds since the start, and keeps how long each part took."""

    out: TextIO
    parts: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._start = self._part = time.monotonic()

    def say(self, line: str) -> None:
        """Print one line of progress."""
        print(f"{time.monotonic() - self._start:6.1f} s  {line}", file=self.out, flush=True)

    def end_part(self, name: str) -> None:
        """Note the time since the last part ended."""
        now = time.monotonic()
        self.parts.append((name, f"{now - self._part:.1f} s"))
        self._part = now

    def total(self) -> str:
        """The seconds since the start."""
        return f"{time.monotonic() - self._start:.1f} s"


def run_samples(state: Path, out: TextIO) -> int:
    """Every flow over the sample dates, night by night; one more night of the last date when all are done.

    Raises:
        StackFault: EXCHANGE_URL names a platform, which knows nothing of the samples.
    """
    if os.environ.get("EXCHANGE_URL"):
        raise StackFault("EXCHANGE_URL is set: the samples are played with the simulator alone; use backfill")
    copy_samples(state)
    return _run(state, out, _sample_nights, report_leaks)


def backfill(state: Path, out: TextIO, first: date, last: date, *, backwards: bool) -> int:
    """A backfill from `first` to `last`, newest first when `backwards`, and all that follows it."""
    copy_samples(state)
    dates = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return _run(state, out, lambda nights: nights.backfilled(dates, backwards=backwards))


def _sample_nights(nights: Nights) -> None:
    shared = [run for run in nights.api.runs(dag_id="share_records") if run["state"] == "success"]
    done = {run["partition_key"] for run in shared}
    all_done = {str(day) for day in SAMPLE_DATES} <= done
    nights.in_turn(SAMPLE_DATES[-1:] if all_done else SAMPLE_DATES)


def report_leaks(server: Server, out: TextIO) -> int:
    """Say where personal data stands outside the vault; 1 when there is any."""
    warehouse = warehouse_environment(server)["WAREHOUSE_URL"]
    found = search(server.state, {"airflow": server.url("airflow"), "warehouse": warehouse})
    print("\nPersonal ids, telephones and names outside the vault", file=out)
    print_table(("place", "what"), [(leak.place, leak.what) for leak in found], out)
    return 1 if found else 0


def _run(
    state: Path,
    out: TextIO,
    work: Callable[[Nights], None],
    check: Callable[[Server, TextIO], int] = lambda *_: 0,
) -> int:
    clock = Clock(out)
    stack = Stack(state, clock.say, {"CONDUCT_RECORDS_SCHEDULE_UNTIL": str(SAMPLE_DATES[-1])})
    was_up = stack.is_up()
    try:
        api = stack.start()
        clock.end_part("start of server, simulator and Airflow")
        nights = Nights(stack, api)
        work(nights)
        clock.end_part("flows")
        _summarise(stack, out)
        status = check(Server(stack.state), out)
        memory = _peak_memory(stack)
    finally:
        if not was_up:
            stack.stop()
    clock.end_part("summary and end")
    _print_costs(clock, nights, memory, out)
    return status


def _summarise(stack: Stack, out: TextIO) -> None:
    environment = warehouse_environment(Server(stack.state))
    settings = Settings.load(environment)
    with psycopg.connect(settings.warehouse_url) as connection:
        print_summary(connection, out)
    print_files(Path(settings.outbox), settings.portal, out)


def _print_costs(clock: Clock, nights: Nights, memory: Sequence[tuple[str, str]], out: TextIO) -> None:
    print("\nTime of parts, installation not counted", file=out)
    print_table(("part", "time"), [*clock.parts, ("total", clock.total())], out)
    print("\nTime of each flow, all its runs added up", file=out)
    print_table(("flow", "time"), [(flow, f"{took:.1f} s") for flow, took in nights.seconds.items()], out)
    print("\nPeak memory", file=out)
    print_table(("component", "resident"), memory, out)


def _peak_memory(stack: Stack) -> list[tuple[str, str]]:
    """The largest process of each component's group, where the system tells (Linux)."""
    peaks = {component.name: 0 for component in stack.components}
    groups = {component.pid: component.name for component in stack.components}
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            name = groups.get(os.getpgid(int(status.parent.name)))
            kilobytes = [
                line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM:")
            ]
        except OSError:
            continue  # it ended meanwhile
        if name and kilobytes:
            peaks[name] = max(peaks[name], int(kilobytes[0]))
    return [(name, f"{peak / 1024:.0f} MB") for name, peak in peaks.items()]

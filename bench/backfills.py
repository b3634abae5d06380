"""Many data dates through the real scheduler: backfilled in random orders, beside live runs, equal digests.

Memory and connections are sampled as it goes. SEEDS and DAYS of the environment change what is played.
"""

from __future__ import annotations

import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.figures import Figure
from bench.traffic import dates, write_traffic
from conduct_records.local.nights import Nights
from conduct_records.local.stack import Stack

CHUNK = 5  # dates of one backfill
LIVE = 3  # the last dates come by the schedule, not by a backfill
CONNECTIONS = "select count(*) from pg_stat_activity where backend_type = 'client backend'"
DIGEST = """
select digest from ops.run where flow = 'build_records' and digest is not null order by known_at desc limit 1
"""


@dataclass
class Trial:
    """One play of all dates. Samples are taken after each backfill: resident MB by component, connections."""

    seconds: float = 0.0
    digest: str = ""
    memory: list[dict[str, float]] = field(default_factory=list)
    connections: list[int] = field(default_factory=list)


def measure() -> list[Figure]:
    """Play the dates once for each seed, the first seed with live runs beside."""
    days, seeds = int(os.environ.get("DAYS", "30")), int(os.environ.get("SEEDS", "3"))
    trials = [play(days, seed, is_live_beside=seed == 1) for seed in range(1, seeds + 1)]
    return list(_figures(days, trials))


def play(days: int, seed: int, *, is_live_beside: bool) -> Trial:
    """Backfill all but the last dates in an order that the seed draws; the last ones beside or afterwards."""
    dice = random.Random(seed)  # noqa: S311 - an order, not a secret
    chosen = dates(days)
    chunks = [chosen[at : at + CHUNK] for at in range(0, days - LIVE, CHUNK)]
    chunks[-1] = [day for day in chunks[-1] if day not in chosen[-LIVE:]]
    dice.shuffle(chunks)
    live = chosen[-LIVE:]
    trial = Trial()
    with _stack(days) as (stack, nights):
        started = time.monotonic()
        for chunk in chunks:
            beside = [live.pop(0)] if is_live_beside and live else []
            nights.backfilled(chunk, backwards=dice.random() < 0.5, beside=beside)
            _sample(stack, trial)
        for day in live:
            nights.in_turn([day])
        trial.seconds = time.monotonic() - started
        _sample(stack, trial)
        with stack.server.connect() as connection:
            trial.digest = str((connection.execute(DIGEST).fetchone() or ("",))[0])
    return trial


@contextmanager
def _stack(days: int) -> Iterator[tuple[Stack, Nights]]:
    state = Path(tempfile.mkdtemp(prefix="records-backfills-"))
    write_traffic(state / "inbox", days)
    stack = Stack(
        state,
        lambda line: print(f"  {line}", file=sys.stderr),
        {"CONDUCT_RECORDS_SCHEDULE_UNTIL": str(dates(1)[0])},
    )
    try:
        yield stack, Nights(stack, stack.start())
    finally:
        stack.stop()
        shutil.rmtree(stack.server.root, ignore_errors=True)
        shutil.rmtree(state, ignore_errors=True)


def _sample(stack: Stack, trial: Trial) -> None:
    with stack.server.connect() as connection:
        trial.connections.append(int((connection.execute(CONNECTIONS).fetchone() or (0,))[0]))
    trial.memory.append({component.name: _resident(component.pid) for component in stack.components})


def _resident(group: int) -> float:
    """MB of the leading process of a group; its children come and go with their tasks."""
    pages = int(Path(f"/proc/{group}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _figures(days: int, trials: list[Trial]) -> Iterator[Figure]:
    yield Figure(f"{days} dates: different digests over {len(trials)} orders", _distinct(trials), "", 1)
    for number, trial in enumerate(trials, 1):
        yield Figure(f"order {number}: a date", trial.seconds / days, "s")
        yield Figure(f"order {number}: connections, most", max(trial.connections), "")
        for name in trial.memory[0]:
            values = [sample[name] for sample in trial.memory]
            yield Figure(f"order {number}: {name}, first sample", values[0], "MB")
            yield Figure(f"order {number}: {name}, last against first", values[-1] / values[0], "x", 1.5)


def _distinct(trials: list[Trial]) -> int:
    return len({trial.digest for trial in trials})

"""Many data dates through the real scheduler: backfilled in random orders, beside live runs, equal digests.

The files of a date arrive when it is asked for, so the order is also that of arrival. Memory and connections
are sampled as it goes. DAYS (30) and SEEDS ("1 2 3") of the environment change what is played; seed 1 has
live runs beside. EXPECTED is a digest of another play of as many dates that these must give too.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from bench.figures import Figure
from bench.machine import machine
from bench.traffic import dates, write_traffic
from conduct_records.local.nights import Nights
from conduct_records.local.stack import Stack

CHUNK = 5  # dates of one backfill
LIVE = 3  # the last dates come by the schedule, not by a backfill
ARRIVING = "arriving"  # the folder of what nobody has sent yet
KEY = {"PERSON_TOKEN_KEY": "of benches alone, never of anybody's data"}  # it decides keys, so the digest
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
    """Play the dates once for each seed."""
    days, seeds = int(os.environ.get("DAYS", "30")), os.environ.get("SEEDS", "1 2 3").split()
    trials = {seed: play(days, int(seed), is_live_beside=seed == "1") for seed in seeds}
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
    with machine(lambda state: write_traffic(state / ARRIVING, days), chosen[0], KEY) as (stack, api):
        nights = Nights(stack, api)
        started = time.monotonic()
        for chunk in chunks:
            beside = [live.pop(0)] if is_live_beside and live else []
            _arrive(stack.state, [*chunk, *beside])
            nights.backfilled(chunk, backwards=dice.random() < 0.5, beside=beside)
            _sample(stack, trial)
        for day in live:
            _arrive(stack.state, [day])
            nights.in_turn([day])
        trial.seconds = time.monotonic() - started
        _sample(stack, trial)
        with stack.server.connect() as connection:
            trial.digest = str((connection.execute(DIGEST).fetchone() or ("",))[0])
    return trial


def _arrive(state: Path, days: list[date]) -> None:
    for day in days:
        if (state / ARRIVING / str(day)).exists():
            (state / "inbox").mkdir(exist_ok=True)
            (state / ARRIVING / str(day)).rename(state / "inbox" / str(day))


def _sample(stack: Stack, trial: Trial) -> None:
    with stack.server.connect() as connection:
        trial.connections.append(int((connection.execute(CONNECTIONS).fetchone() or (0,))[0]))
    trial.memory.append({component.name: _resident(component.pid) for component in stack.components})


def _resident(group: int) -> float:
    """MB of the leading process of a group; its children come and go with their tasks."""
    pages = int(Path(f"/proc/{group}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _figures(days: int, trials: dict[str, Trial]) -> Iterator[Figure]:
    digests = {trial.digest for trial in trials.values()} | set(os.environ.get("EXPECTED", "").split())
    print(f"  digest of {days} dates: {', '.join(sorted(digests))}")
    yield Figure(f"{days} dates: different digests over {len(trials)} orders", len(digests), "", 1)
    for seed, trial in trials.items():
        yield Figure(f"order {seed}: all dates", trial.seconds, "s")
        yield Figure(f"order {seed}: a date", trial.seconds / days, "s")
        yield Figure(f"order {seed}: connections, first sample", trial.connections[0], "")
        yield Figure(
            f"order {seed}: connections, most", max(trial.connections), "", 1.5 * trial.connections[0]
        )
        for name in trial.memory[0]:
            values = [sample[name] for sample in trial.memory]
            yield Figure(f"order {seed}: {name}, first sample", values[0], "MB")
            yield Figure(f"order {seed}: {name}, last against first", values[-1] / values[0], "x", 1.5)

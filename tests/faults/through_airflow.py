"""`make airflow-faults [SEED=1]`: sample dates through the real Airflow while its processes are killed (J4).

Two schedulers work side by side. While the dates go through, a killer ends task processes with SIGKILL, drawn
by the seed; midway it ends one of the schedulers with its executor. What is left must equal what the library
leaves undisturbed. It takes some minutes, so the test suite does not run it.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Any

from bench.machine import machine
from conduct_records.local.airflow_api import AirflowApi
from conduct_records.local.nights import Nights
from conduct_records.local.samples import SAMPLE_DATES, copy_samples
from conduct_records.local.server import Server
from conduct_records.local.stack import PRELOADED
from conduct_records.warehouse.migrate import migrate
from tests.databases import Databases
from tests.faults.night import play
from tests.faults.world import CLIENT, World, differences

KILLS = 12
EVERY_SECONDS = 2.0
SECRETS = {
    "EXCHANGE_CLIENT_ID": CLIENT[0],
    "EXCHANGE_CLIENT_SECRET": CLIENT[1],
    "PERSON_TOKEN_KEY": "k" * 40,
}
# The dead are noticed soon; Airflow's own times are minutes.
NOTICED = {
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "20",
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "5",
    "AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_THRESHOLD": "10",
    "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "10",
}


@dataclass
class Killer:
    """Kills the process of a running task now and then, none of them twice; `midway` is called once."""

    api: AirflowApi
    dice: random.Random
    midway: Callable[[], None]
    killed: Counter[str] = field(default_factory=Counter)
    _over: Event = field(default_factory=Event)

    def __enter__(self) -> Killer:
        self._thread = Thread(target=self._work)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _work(self) -> None:
        while self.killed.total() < KILLS and not self._over.wait(EVERY_SECONDS * self.dice.random()):
            if running := [task for task in self.api.running() if task["try_number"] == 1 and task["pid"]]:
                self._kill(self.dice.choice(running))

    def _kill(self, task: dict[str, Any]) -> None:
        with suppress(ProcessLookupError):  # it has ended meanwhile
            os.kill(task["pid"], signal.SIGKILL)
            self.killed[f"{task['dag_id']}.{task['task_id']}"] += 1
            if self.killed.total() == KILLS // 2:
                self.midway()


def main(seed: int) -> int:
    """Play both ways and compare; 1 where a mark differs or nothing was killed."""
    os.environ |= SECRETS
    expected = _undisturbed()
    with machine(copy_samples, SAMPLE_DATES[0], NOTICED) as (stack, api):
        second = stack.add("scheduler-2", [*PRELOADED, "scheduler", "--skip-serve-logs"])
        nights = Nights(stack, api)
        dice = random.Random(seed)
        with Killer(api, dice, lambda: stack.drop(second)) as killer:
            nights.in_turn(SAMPLE_DATES)
        place = Databases(stack.server.url("postgres"))
        world = World(place, "warehouse", stack.state, "platform/received.sqlite")
        found = differences(expected, world.marks())
    print(f"seed {seed}, {killer.killed.total()} task processes killed and one scheduler of two:")
    print("\n".join(f"  {name} {count}" for name, count in sorted(killer.killed.items())))
    print(f"differences: {', '.join(found) or 'none'}")
    return 1 if found or killer.killed.total() < KILLS else 0


def _undisturbed() -> dict[str, Any]:
    folder = Path(tempfile.mkdtemp(prefix="records-undisturbed-"))
    server = Server(folder / "server", settings={"fsync": "off"}).start()
    try:
        world = World(Databases(server.url("postgres")), "undisturbed", folder / "state")
        copy_samples(world.folder)
        world.databases.create(world.name)
        migrate(world.url)
        with world.alive() as settings:
            for day in SAMPLE_DATES:
                play(day, settings)
        return world.marks()
    finally:
        server.stop()
        shutil.rmtree(server.root, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1))

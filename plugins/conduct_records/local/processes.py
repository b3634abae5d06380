"""Long-running children: each in a process group of its own, watched, and ended TERM, TERM, KILL."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

GRACE_SECONDS = (4.0, 3.0)  # after the first and the second TERM; a scheduler may hang on the first


class ComponentDied(RuntimeError):
    """A component ended by itself; the message names its log."""


@dataclass(frozen=True)
class Component:
    """One child that leads its own process group, so its id names all that it starts."""

    name: str
    pid: int
    log: Path

    @classmethod
    def start(
        cls, name: str, command: Sequence[str], environment: Mapping[str, str], folder: Path
    ) -> Component:
        """Start `command` in a new session, its output appended to <folder>/<name>.log."""
        folder.mkdir(parents=True, exist_ok=True)
        log = folder / f"{name}.log"
        with log.open("ab") as output:
            child = subprocess.Popen(
                command,
                env=dict(environment),
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return cls(name, child.pid, log)

    def is_alive(self) -> bool:
        """Whether any process of the group is left."""
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self.pid, os.WNOHANG)
        try:
            os.killpg(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def check(self) -> None:
        """Raise ComponentDied where the leading process is gone."""
        if not self.is_alive():
            lines = self.log.read_text(errors="replace").splitlines()[-5:]
            raise ComponentDied(f"{self.name} ended by itself, see {self.log}:\n" + "\n".join(lines))


def end(components: Sequence[Component]) -> None:
    """End all groups together: TERM, TERM again, then KILL, each after a time of grace."""
    for sign, grace in zip((signal.SIGTERM, signal.SIGTERM), GRACE_SECONDS, strict=True):
        _signal(components, sign)
        deadline = time.monotonic() + grace
        while any(component.is_alive() for component in components) and time.monotonic() < deadline:
            time.sleep(0.05)
    _signal(components, signal.SIGKILL)


def kill(component: Component) -> None:
    """KILL a group without notice, as a power cut would."""
    _signal([component], signal.SIGKILL)


def remember(path: Path, components: Sequence[Component]) -> None:
    """Write which groups run, each with the start time that tells it from a later process of the same id."""
    rows = [
        {"name": one.name, "pid": one.pid, "log": str(one.log), "started": _started(one.pid)}
        for one in components
    ]
    path.write_text(json.dumps(rows, indent=1))


def recall(path: Path) -> list[Component]:
    """The remembered groups that are still the ones we started."""
    rows = json.loads(path.read_text()) if path.exists() else []
    found = [(Component(row["name"], row["pid"], Path(row["log"])), row["started"]) for row in rows]
    return [one for one, started in found if one.is_alive() and _started(one.pid) == started]


def _signal(components: Sequence[Component], sign: signal.Signals) -> None:
    for component in components:
        if component.is_alive():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(component.pid, sign)


def _started(pid: int) -> str:
    shown = subprocess.run(
        ["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return shown.stdout.strip()

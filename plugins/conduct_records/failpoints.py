"""Named points at which a trial may end this process as `kill -9` would: commits, calls, files."""

from __future__ import annotations

import os
import signal
from collections import Counter
from pathlib import Path

VARIABLE = "CONDUCT_RECORDS_FAILPOINT"
_passed: Counter[str] = Counter()


def reach(name: str) -> None:
    """Pass a point; `NAME@3` in the variable ends the process at the third pass of NAME (J4).

    `stop:NAME@3` lets it stand still there until it is told to go on; `log:PATH` writes each name passed as a
    line of PATH. Without the variable nothing happens.
    """
    wanted = os.environ.get(VARIABLE)
    if not wanted:
        return
    if wanted.startswith("log:"):
        with Path(wanted.removeprefix("log:")).open("a") as log:
            log.write(f"{name}\n")
        return
    _passed[name] += 1
    if wanted.removeprefix("stop:") == f"{name}@{_passed[name]}":
        os.kill(os.getpid(), signal.SIGSTOP if wanted.startswith("stop:") else signal.SIGKILL)

"""Waiting for a part of the stack, and no longer than it may take."""

from __future__ import annotations

import time
from collections.abc import Callable

READY_SECONDS = 300.0  # for a machine that is busy; a component that dies is told at once


class StackFault(RuntimeError):
    """A part of the stack does not become ready; the message is one line."""


def wait_until(ready: Callable[[], bool], check: Callable[[], None], what: str) -> None:
    """Ask `ready` again and again, and `check` in between, which raises where there is nothing to wait for.

    Raises:
        StackFault: `what` is still not so when the time is over.
    """
    deadline = time.monotonic() + READY_SECONDS
    while not ready():
        check()
        if time.monotonic() > deadline:
            raise StackFault(f"after {READY_SECONDS:.0f} s it is still not so that {what}")
        time.sleep(0.1)

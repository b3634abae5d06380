"""What the commands share: the warehouse they work on, the time, how they say what they found."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from conduct_records.settings import BEIJING, Settings


class WrongUse(ValueError):
    """The command cannot be carried out as given; the message says what to give."""


@contextmanager
def warehouse() -> Iterator[Settings]:
    """The environment's warehouse, or else the embedded one of this checkout, started if need be."""
    settings = Settings.load()
    if settings.environ.get("WAREHOUSE_URL"):
        yield settings
        return
    from conduct_records.local.environment import warehouse_environment
    from conduct_records.local.server import Server

    server = Server(settings.state).start()
    try:
        yield Settings.load(warehouse_environment(server))
    finally:
        server.release()


def now() -> datetime:
    """The time at which the command was given; its date is that of the people who give it."""
    return datetime.now(BEIJING)


def show(value: Any) -> None:
    """Print a value as JSON."""
    print(json.dumps(value, ensure_ascii=False, indent=2, default=str))

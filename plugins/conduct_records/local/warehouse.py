"""The warehouse that commands work on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from conduct_records.settings import Settings


@contextmanager
def warehouse() -> Iterator[Settings]:
    """The environment's warehouse, or else the embedded one of this checkout, started if need be."""
    settings = Settings.load()
    if settings.environ.get("WAREHOUSE_URL"):
        yield settings
        return
    # imported here: a desk that only checks files waits for none of it
    from conduct_records.local.environment import warehouse_environment
    from conduct_records.local.server import Server

    server = Server(settings.state).start()
    try:
        yield Settings.load(warehouse_environment(server))
    finally:
        server.release()

"""Servers for tests: made in memory where there is room, and gone at the end."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.server import serving
from conduct_records.local.server import Server

MEMORY, ROOM = Path("/dev/shm"), 2 << 30  # bytes; some hundred megabytes are used


@contextmanager
def fresh_server(**settings: str) -> Iterator[Server]:
    """A server of a test's own; of its settings, those given differ from the project's."""
    with serving({"fsync": "off", "max_wal_size": "256MB"} | settings, within=_place()) as server:
        yield server


def _place() -> Path | None:
    """Hundreds of databases are hundreds of thousands of files, made and soon deleted. For each new file ext4
    steps over all that were deleted in the last minutes: a copy of 0.03 s comes to take a second.
    """
    return MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM else None

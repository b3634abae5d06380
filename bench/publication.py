"""The public column at scale: a full publication against plain writing, and days that change a part of it.

BENCH_RECORDS says how many records (1,000,000). What is written is the real thing: pages, data files, search
index, feeds, two copies. The floor writes the same files with the same bytes, and nothing else.
"""

from __future__ import annotations

import os
import resource
import shutil
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import numpy.typing as npt
import psycopg
import yaml

from bench.figures import Figure
from bench.server import serving
from conduct_records.disclosure.outbox import enqueue
from conduct_records.disclosure.proof import prove_copies
from conduct_records.disclosure.publish import publish_portal
from conduct_records.settings import Settings
from conduct_records.warehouse.migrate import migrate
from conduct_records.warehouse.statements import sections

RECORDS = int(os.environ.get("BENCH_RECORDS") or 1_000_000)
AT_MOST = 20.0  # a guard against getting slower; no requirement names a bound
HERE = Path(__file__).parent
SQL = sections((HERE / "publication.sql").read_text(encoding="utf-8"))
DAY = date(2019, 1, 28)
KNOWN = datetime(2019, 1, 28, 4, tzinfo=UTC)


def measure() -> list[Figure]:
    """Seconds, bytes and ratios."""
    with (
        serving({"fsync": "off", "max_wal_size": "4GB"}) as server,
        TemporaryDirectory(prefix="bench-publication-") as folder,
    ):
        migrate(server.url())
        settings = Settings({"WAREHOUSE_URL": server.url(), "CONDUCT_RECORDS_STATE": folder})
        fill(settings)
        return figures(settings)


def fill(settings: Settings) -> None:
    """Put the records into an empty warehouse."""
    texts = yaml.safe_load((HERE / "publication.yaml").read_text(encoding="utf-8"))
    values = texts | {"count": RECORDS, "valid_on": DAY, "known_at": KNOWN}
    with psycopg.connect(settings.warehouse_url) as connection:
        for name in ("open_date", "subjects", "records", "analyze"):
            connection.execute(SQL[name], values)


def figures(settings: Settings) -> list[Figure]:
    """Every figure, in the order in which a centre lives through them."""
    full = timed(lambda: publish_portal(DAY, KNOWN, settings))
    size, floor = write_plainly(settings)
    queue = timed(lambda: enqueue(DAY, KNOWN, settings))
    prove_copies(settings, is_whole=True)  # what was written as a whole is proved as a whole
    found = [
        Figure(f"{RECORDS:,} records, full publication", full, "s"),
        Figure("  bytes written", size / 1e6, "MB"),
        Figure("  the same bytes, written plainly", floor, "s"),
        Figure("  ratio to plain writing", full / floor, "", at_most=AT_MOST),
        Figure("  queued for the platform", queue, "s"),
    ]
    for day, changes in enumerate((0, 100, 1_000, 10_000), start=1):
        if changes <= RECORDS // 10:
            found += one_day(settings, day, changes, full)
    prove = timed(lambda: prove_copies(settings, is_whole=True))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        *found,
        Figure("the weekly proof: every published file read back", prove, "s"),
        Figure("peak memory of the process", memory, "MB", at_most=1_500),
    ]


def one_day(settings: Settings, day: int, changes: int, full: float) -> list[Figure]:
    """A day on which some records changed, for the portal and for the platform."""
    on = DAY + timedelta(days=day)
    if changes:
        values = {"count": RECORDS, "changes": changes, "day": day}
        with psycopg.connect(settings.warehouse_url) as connection:
            connection.execute(SQL["change"], values)
    before = written(settings)
    seconds = timed(lambda: publish_portal(on, KNOWN, settings))
    queue = timed(lambda: enqueue(on, KNOWN, settings))
    bound = max(0.02, 10 * changes / RECORDS) if RECORDS >= 1_000_000 and changes else None
    prove = timed(lambda: prove_copies(settings, is_whole=False))
    return [
        Figure(f"a day with {changes:,} changes, published", seconds, "s"),
        Figure("  share of a full publication", seconds / full, "", at_most=bound),
        Figure("  files that changed", len(np.setxor1d(written(settings), before)), ""),
        Figure("  queued for the platform", queue, "s"),
        Figure("  proved", prove, "s"),
    ]


def written(settings: Settings) -> npt.NDArray[np.int64]:
    """Every file that readers see, by inode and change, in as little memory as that takes."""
    places = os.walk((settings.portal / "current").resolve())
    files = (os.stat(os.path.join(place, name)) for place, _, names in places for name in names)  # noqa: PTH116, PTH118
    return np.fromiter((hash((file.st_ino, file.st_mtime_ns)) for file in files), np.int64)


def write_plainly(settings: Settings) -> tuple[int, float]:
    """Write every published file once more, as it is: bytes, and the seconds that writing alone takes."""
    source = (settings.portal / "current").resolve()
    target = settings.state / "plain"
    size, seconds = 0, 0.0
    for place, _, names in os.walk(source):
        folder = target / Path(place).relative_to(source)
        folder.mkdir(parents=True)
        for name in names:
            data = Path(place, name).read_bytes()
            size += len(data)
            started = time.perf_counter()
            with open(os.path.join(folder, name), "wb") as file:  # noqa: PTH118, PTH123
                file.write(data)
            seconds += time.perf_counter() - started
    shutil.rmtree(target)
    return size, seconds


def timed(work: Callable[[], Any]) -> float:
    """Seconds that some work takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started

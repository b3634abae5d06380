"""What a day costs in a small and in a large warehouse, and what it costs to fold all evidence again.

The warehouses are made up inside the server: BENCH_RECORDS (small,large) decisions of a fifth as many
subjects, and evidence of all of them. The first BENCH_BUILT are built from it; the records of the rest are
copies of those, under the keys and hashes that their evidence gives (build_copies.py), as the full rebuild
shows: BENCH_FULL=0 leaves it out. A day is 9,000 new decisions of subjects that are there already, and 1,000
revocations. In a folder BENCH_STATE the warehouses stay: the next run fills none, and adds its days to them.
"""

from __future__ import annotations

import os
import statistics
import time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, LiteralString

import psycopg

from bench.build_copies import multiply
from bench.figures import Figure
from bench.server import database, serving
from conduct_records.local.server import Server
from conduct_records.records.build import Built, build
from conduct_records.settings import Settings
from conduct_records.warehouse.migrate import migrate
from conduct_records.warehouse.statements import sections

SMALL, LARGE = (int(size) for size in os.environ.get("BENCH_RECORDS", "100000,1000000").split(","))
BUILT = int(os.environ.get("BENCH_BUILT", str(LARGE)))
FULL = os.environ.get("BENCH_FULL", "1") == "1"
FILE_ROWS = 10_000  # of one submission
SUBJECT_SHARE = 5  # decisions of one subject
DECISIONS, REVOCATIONS = 9_000, 1_000
DAYS = int(os.environ.get("BENCH_DAYS", "3"))
BEGINNING = date(2019, 1, 28)
STATE = os.environ.get("BENCH_STATE")
# A crash of the bench loses nothing: both sizes are measured on the same, relaxed server.
RELAXED = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "wal_level": "minimal",
           "max_wal_senders": "0", "autovacuum": "off", "shared_buffers": "4GB"}  # fmt: skip
STATEMENTS = sections(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))


@dataclass
class Warehouse:
    """One made-up warehouse; `records` decisions are there before the first day."""

    url: str
    records: int
    days: int = 0
    seconds: list[float] = field(default_factory=list)

    @property
    def settings(self) -> Settings:
        """What a build needs of the environment."""
        return Settings({"WAREHOUSE_URL": self.url, "CONDUCT_RECORDS_DATA_DOCS": "off"})

    def fill(self) -> float:
        """Registry and decisions; seconds of the first build. Beyond BENCH_BUILT the warehouse is copied."""
        migrate(self.url)
        with psycopg.connect(self.url) as connection:
            connection.execute(STATEMENTS["numbers"])
        built = min(self.records, BUILT)
        self.supply(0, built)
        _, seconds = self.build()
        for before in range(built, self.records, built):
            self.supply(before, built)
        multiply(self.url, self.records // built - 1)
        self.tidy("vacuum analyze")
        self.tidy("checkpoint")
        return seconds

    def supply(self, before: int, count: int) -> None:
        """Evidence of `count` decisions after those `before`, and of their subjects' registration."""
        for kind, share in (("registry_extract", SUBJECT_SHARE), ("penalty_decision", 1)):
            last = (before + count) // share
            for first in range(before // share + 1, last + 1, FILE_ROWS):
                self.deliver(kind, first, min(first + FILE_ROWS - 1, last))

    def day(self) -> None:
        """One more day, built; its seconds are kept."""
        self.days = self.count_days() + 1
        self.tidy("vacuum analyze core.touched_subject")
        self.tidy("truncate core.unpublished_subject, share.due_subject")  # as a night's publications do
        first = self.records + (self.days - 1) * DECISIONS + 1
        self.deliver("penalty_decision", first, first + DECISIONS - 1)
        self.deliver("decision_change", (self.days - 1) * REVOCATIONS + 1, self.days * REVOCATIONS)
        self.seconds.append(self.build()[1])

    def count_days(self) -> int:
        """Days that are there already, of this run or of one before."""
        with psycopg.connect(self.url) as connection:
            return len(connection.execute(STATEMENTS["days"]).fetchall())

    def build(self, full: bool = False) -> tuple[Built, float]:
        """One build and its seconds."""
        begun = time.perf_counter()
        built = build(BEGINNING, self.now(), self.settings, full=full)
        return built, time.perf_counter() - begun

    def deliver(self, kind: str, first: int, last: int) -> None:
        """One file of a kind with the rows of these numbers."""
        values: dict[str, Any] = {
            "kind": kind, "first": first, "last": last, "subjects": self.records // SUBJECT_SHARE,
            "file": f"{kind}-{first}", "count": last - first + 1,
            "known_at": self.now(), "day": BEGINNING + timedelta(self.days),
        }  # fmt: skip
        with psycopg.connect(self.url) as connection:
            for name in ("land", "open", kind):
                connection.execute(STATEMENTS[name], values)

    def tidy(self, how: LiteralString) -> None:
        """What a server does by itself within minutes, so that none of it falls into a day."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(how)

    def now(self) -> datetime:
        """A commit time."""
        return datetime.now(UTC)


def measure() -> list[Figure]:
    """Seconds of first build, day (median) and full rebuild; the ratio of the days; digests."""
    figures: list[Figure] = []
    with serving(RELAXED, STATE) as server:
        small, large = (_warehouse(server, size, figures) for size in (SMALL, LARGE))
        for _ in range(DAYS):
            small.day()
            large.day()
        rebuilt = _rebuilt(large) if FULL else []
    daily = [statistics.median(one.seconds) for one in (small, large)]
    figures += [
        Figure(f"a day of {DECISIONS + REVOCATIONS:,} rows on {one.records:,} records", median, "s")
        for one, median in zip((small, large), daily, strict=True)
    ]
    return [
        *figures,
        Figure(
            "the day on the large warehouse, against the small one", daily[1] / daily[0], "x", at_most=1.5
        ),
        *rebuilt,
    ]


def _rebuilt(warehouse: Warehouse) -> list[Figure]:
    kept, _ = warehouse.build()
    again, seconds = warehouse.build(full=True)
    return [
        Figure(f"full rebuild of {warehouse.records:,} records", seconds, "s"),
        Figure("digests that differ after the rebuild", float(kept.digest != again.digest), "", at_most=0),
    ]


def _warehouse(server: Server, size: int, figures: list[Figure]) -> Warehouse:
    def fill(url: str) -> None:
        seconds = Warehouse(url, size).fill()
        figures.append(Figure(f"first build of {min(size, BUILT):,} records", seconds, "s"))

    return Warehouse(database(server, f"build_{size}", fill), size)

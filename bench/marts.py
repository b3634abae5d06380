"""Marts at scale: dashboard queries warm, publications in proportion to the change, readers never held up.

BENCH_MARTS_ROWS sets the number of fact rows (default 200,000): half of them records, half the message to the
platform that each has. With BENCH_MARTS_STATE the warehouse stands in that folder and stays: the first call
fills it, those that follow measure.
"""

from __future__ import annotations

import itertools
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import yaml

from bench.figures import Figure
from bench.server import serving
from conduct_records.disclosure.marts import publish_marts
from conduct_records.reports.progress import Period, binds, template
from conduct_records.settings import ROOT, Settings
from conduct_records.warehouse.migrate import migrate
from conduct_records.warehouse.statements import sections, statement

ROWS = int(os.environ.get("BENCH_MARTS_ROWS", "200000"))
RECORDS = ROWS // 2
KEPT = os.environ.get("BENCH_MARTS_STATE")
RELAXED = {"fsync": "off", "synchronous_commit": "off", "max_wal_size": "512MB"}
CHUNK = 1_250_000
KNOWN_AT = datetime(2019, 1, 1, tzinfo=UTC)
SECTIONS = sections(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))
CHANGES = (1_000, 10_000)
MEASUREMENTS = 5  # that can be made in a warehouse that is kept
IN_CORE = MEASUREMENTS * sum(CHANGES)  # subjects that core knows
READ = 100.0  # rows of the big tables for each changed record, its neighbours under one subject included
PATIENCE = "100ms"  # a reader that waits longer for a lock fails, and is counted


def measure() -> list[Figure]:
    """Build the rows, time every query, publish days of two sizes with readers at work."""
    with serving(RELAXED, KEPT) as server:
        url, filled = server.url(), Path(KEPT, "filled") if KEPT else None
        settings = Settings({"WAREHOUSE_URL": url, "CONDUCT_RECORDS_DATA_DOCS": "off"})
        if not (filled and filled.exists()):
            _fill(url, settings)
            if filled:
                filled.touch()
                return []
        return [*_queries(url), *_publications(url, settings)]


def _run(url: str, name: str, **values: Any) -> None:
    with psycopg.connect(url) as connection:
        for query in SECTIONS[name].split(";\n\n"):
            connection.execute(query.encode(), {"known_at": KNOWN_AT, **values})


def _fill(url: str, settings: Settings) -> None:
    migrate(url)
    _run(url, "open_date")
    _publish(settings)  # the dimensions: a change of these compares everything
    for name in ("units", "unindexed"):
        _run(url, name)
    for first in range(0, RECORDS, CHUNK):
        _run(url, "records", first=first, last=min(first + CHUNK, RECORDS) - 1)
    for name in ("messages", "indexed", "sum_up", "deliveries", "freshness"):
        _run(url, name)
    _run(url, "into_core", first=0, subjects=min(RECORDS // 5, IN_CORE))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("vacuum analyze")
        connection.execute("insert into core.unpublished_subject select subject_key from core.subject")
    _publish(settings)


def _publish(settings: Settings) -> tuple[float, int]:
    """Seconds of one publication, and the fact rows it added and removed."""
    started = time.perf_counter()
    done = publish_marts(date(2018, 12, 31), datetime.now(UTC), settings)
    change = done.changes["fact_record"]
    return time.perf_counter() - started, change.added + change.removed


def dashboard() -> dict[str, str]:
    """Every chart of the Superset dashboard as the query it asks, by title."""
    said = yaml.safe_load((ROOT / "bi" / "superset.yaml").read_text(encoding="utf-8"))
    return {chart["title"]: _chart(chart, said["datasets"][chart["dataset"]]) for chart in said["charts"]}


def _chart(chart: dict[str, Any], dataset: dict[str, Any]) -> str:
    by = [*([chart["axis"]] if "axis" in chart else []), *chart.get("by", [])]
    shown = [f"date_trunc('month', {each})" if each == dataset["time"] else each for each in by]
    figures = [dataset["metrics"][each]["sql"] for each in chart["metrics"]]
    places = ", ".join(str(number) for number in range(1, len(by) + 1))
    query = f"select {', '.join([*shown, *figures])} from ({dataset['sql']}) as d"  # noqa: S608
    return f"{query} group by {places} order by {len(by) + 1} desc limit 100" if by else query


def _queries(url: str) -> Iterator[Figure]:
    """The second of two runs of each query, as bi_reader."""
    period = binds(Period("quarterly", date(2018, 12, 1)))
    reports = {part["query"]: part["title"] for part in template()["parts"].values()}
    asked: list[tuple[str, str, Any]] = [
        (f"dashboard: {title}", query, None) for title, query in dashboard().items()
    ]
    asked += [
        (f"report: {title}", statement(f"reports/progress#{name}"), period) for name, title in reports.items()
    ]
    with psycopg.connect(url) as connection:
        connection.execute("set role bi_reader")
        for name, query, values in asked:
            connection.execute(query.encode(), values).fetchall()
            started = time.perf_counter()
            connection.execute(query.encode(), values).fetchall()
            yield Figure(name, time.perf_counter() - started, "s warm", at_most=1.0)


def _publications(url: str, settings: Settings) -> Iterator[Figure]:
    with _readers(url) as readers:
        idle, _ = _publish(settings)
        yield Figure(f"publication of no change over {ROWS:,} fact rows", idle, "s")
        for subjects in CHANGES:
            yield from _changed(url, settings, subjects)
    yield Figure("queries of readers meanwhile", readers.asked, "queries")
    yield Figure("longest query of a reader meanwhile", readers.longest, "s")
    yield Figure(f"readers that failed or waited over {PATIENCE} for a lock", readers.failed, "", at_most=0)


def _changed(url: str, settings: Settings, subjects: int) -> Iterator[Figure]:
    """A day in which one record of each of so many subjects ends, and every unit delivers."""
    first, number = _ask(url, SECTIONS["ended"])
    day = {"first": first, "subjects": subjects, "day": date(2018, 12, 1) + timedelta(int(number))}
    _run(url, "day", **day)
    (before,) = _ask(url, SECTIONS["read"])
    seconds, rows = _publish(settings)
    (after,) = _ask(url, SECTIONS["read"])
    started = time.perf_counter()
    _run(url, "floor", **day)
    floor = time.perf_counter() - started
    yield Figure(f"publication of {subjects:,} changed records", seconds, "s")
    yield Figure(f"the same {subjects:,} rows written by key alone", floor, "s")
    yield Figure(f"fact rows written for each of {subjects:,}", rows / subjects, "rows", at_most=2.0)
    yield Figure(
        f"fact rows read for each of {subjects:,}", float(after - before) / subjects, "rows", at_most=READ
    )


def _ask(url: str, query: str) -> tuple[Any, ...]:
    with psycopg.connect(url) as connection:
        (row,) = connection.execute(query.encode()).fetchall()
        return row


@dataclass
class Readers:
    """What BI sessions saw while publications ran."""

    asked: int = 0
    failed: int = 0
    longest: float = 0.0
    done: threading.Event = field(default_factory=threading.Event)

    def work(self, url: str, queries: list[str]) -> None:
        """Ask one query after another until told to end."""
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("set role bi_reader")
            connection.execute(f"set lock_timeout = '{PATIENCE}'")
            for query in itertools.cycle(queries):
                if self.done.is_set():
                    return
                self._ask(connection, query)

    def _ask(self, connection: psycopg.Connection[Any], query: str) -> None:
        started = time.perf_counter()
        try:
            connection.execute(query.encode()).fetchall()
        except psycopg.Error:
            self.failed += 1
        self.asked += 1
        self.longest = max(self.longest, time.perf_counter() - started)


@contextmanager
def _readers(url: str) -> Iterator[Readers]:
    """A session that asks the dashboard's queries without a pause."""
    readers = Readers()
    thread = threading.Thread(target=readers.work, args=(url, list(dashboard().values())))
    thread.start()
    try:
        yield readers
    finally:
        readers.done.set()
        thread.join()

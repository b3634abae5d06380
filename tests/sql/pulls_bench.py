"""What tests of pulls share: a bench, the days of the samples, what is asked of the evidence."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import psycopg

from conduct_records.exchange.client import Client
from conduct_records.exchange.pulls import PullOutcome, pull
from conduct_records.settings import Settings
from simulator.server import Simulator
from tests.exchange_support import client_of, write_push

DAY = date(2019, 1, 28)
DAYS = [
    date(2019, 1, 28),
    date(2019, 1, 29),
    date(2019, 1, 30),
    date(2019, 1, 31),
    date(2019, 2, 1),
    date(2019, 2, 2),
]
NOW = datetime(2019, 1, 29, 2, tzinfo=UTC)
LATER = datetime(2019, 1, 30, 2, tzinfo=UTC)
EVIDENCE = """
    select row_no, case_id, list_code, title, published_on, extra::text
    from evidence.pushed_case order by file_id, row_no
"""
WORST = "select subject_code, cycle_code from evidence.evaluation where grade_code = '差' order by 1, 2"


class Bench:
    """A warehouse, a folder of pushes and a simulator with pages of two rows."""

    def __init__(self, url: str, data: Path, simulator: Simulator) -> None:
        self.settings, self.data, self.simulator = Settings({"WAREHOUSE_URL": url}), data, simulator
        self.client: Client = client_of(simulator)

    def push(self, *rows: dict[str, Any], day: date = DAY, feed: str = "pushed_cases") -> None:
        write_push(self.data, feed, day.isoformat(), list(rows))

    def pull(
        self, day: date = DAY, known_at: datetime = NOW, feed: str = "pushed_cases", **more: Any
    ) -> PullOutcome:
        return pull(feed, day, known_at, self.settings, client=self.client, **more)

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.settings.warehouse_url) as connection:
            return connection.execute(sql).fetchall()

    def cases(self) -> set[str]:
        return {case_id for (case_id,) in self.ask("select case_id from evidence.pushed_case")}

    def requests(self) -> int:
        return [name for name, _ in self.simulator.seen].count("pushed_cases")


def everything(bench: Bench) -> list[list[tuple[Any, ...]]]:
    tables = (
        "landing.pull",
        "landing.page",
        "evidence.pushed_case",
        "evidence.evaluation",
        "ops.issue",
        "quarantine.row",
    )
    return [bench.ask(f"select to_jsonb(t)::text from {table} as t order by 1") for table in tables]

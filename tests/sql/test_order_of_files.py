"""Forty files taken in two orders leave the same evidence, quarantine, issues and counts (I1b)."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from conduct_records.intake.inbox import Lane, sequence_of
from conduct_records.settings import Settings
from conduct_records.warehouse.ingest import ingest
from tests.submissions import BOOK, DAY

PITFALLS = Path(__file__).parents[1] / "pitfalls"
FILES = [
    path for path in sorted(PITFALLS.iterdir(), reverse=True) if path.suffix in {".csv", ".xlsx", ".xls"}
]
NOW = datetime(2019, 1, 29, 2, tzinfo=UTC)
TABLES = ["landing.file", "quarantine.row", "ops.issue", "vault.person_identifier"]


@pytest.fixture
def second(databases, template):
    """Another fresh warehouse."""
    with databases.lent(template, f"{template}_second") as url:
        yield url


def left_by(url, files, state):
    """What is in the warehouse after the files were taken in this order."""
    settings = Settings(
        {"WAREHOUSE_URL": url, "PERSON_TOKEN_KEY": "k" * 40, "CONDUCT_RECORDS_STATE": str(state)}
    )
    for file in files:
        lane = Lane(str(file), "420600", DAY, file.name, sequence_of(file.name), file.name)
        ingest(lane, NOW, settings)
    with psycopg.connect(url) as connection:
        return {
            table: sorted(map(str, connection.execute(f"select to_jsonb(t) from {table} as t").fetchall()))
            for table in [*TABLES, *(f"evidence.{kind}" for kind in BOOK.contracts)]
        }


def test_the_order_of_forty_files_changes_nothing(warehouse, second, tmp_path):
    files = random.Random(7).sample(FILES[:40], 40)
    one = left_by(warehouse, files, tmp_path / "one")
    other = left_by(second, files[::-1], tmp_path / "other")
    assert len(one["landing.file"]) == 40
    assert min(len(one[table]) for table in (*TABLES, "evidence.penalty_decision")) > 0
    assert one == other
    receipts = [
        sorted(path.name for path in (tmp_path / each / "outbox").rglob("*.*")) for each in ("one", "other")
    ]
    assert len(receipts[0]) == 80
    assert receipts[0] == receipts[1]

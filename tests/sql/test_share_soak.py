"""Days of changes with every fault on: in the end every store is what it should be, once (E2, E6, J4)."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import psycopg

from conduct_records.settings import Settings
from simulator.server import running
from tests.sql.share_soak import Soak, behind_the_gate, folder_of, on_the_platform


def test_after_days_of_faults_every_store_is_what_it_should_be(warehouse: str, tmp_path: Path) -> None:
    settings = Settings({"WAREHOUSE_URL": warehouse, "CONDUCT_RECORDS_STATE": str(tmp_path)})
    with running(tmp_path / "pushes") as simulator:
        soak = Soak(settings, simulator, seed=20190128)
        soak.run(days=21)
        assert soak.killed >= 2
        assert_settled(soak)


def assert_settled(soak: Soak) -> None:
    """The platform holds the government's view, the portal the public's; nothing was done twice."""
    assert on_the_platform(soak.simulator) == behind_the_gate(soak.settings, "government")
    current = folder_of(soak.settings)
    shown = json.loads((current / "data/records.json").read_text("utf-8"))["items"]
    assert {item["record_key"]: item["content_hash"] for item in shown} == behind_the_gate(
        soak.settings, "public"
    )
    store = soak.simulator.platform.store.database
    (accepted,) = store.execute("select count(*) from accepted").fetchone()
    stored = Counter(
        key for (key,) in store.execute("select idempotency_key from receipt where status = 'stored'")
    )
    assert accepted > 0 and set(stored.values()) == {1}, "a message took effect once"
    with psycopg.connect(soak.settings.warehouse_url) as connection:
        pending = connection.execute(
            "select count(*) from share.outbox where state <> 'acknowledged'"
        ).fetchone()
    assert pending == (0,)

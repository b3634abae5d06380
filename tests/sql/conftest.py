"""What tests of the fold, of cases, of sharing, of pulls and of upkeep begin with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from conduct_records.settings import Settings
from simulator.server import running
from tests.sql.pulls_bench import Bench
from tests.sql.pushes import Pushes
from tests.sql.share_support import Platform
from tests.sql.story import Story


@pytest.fixture
def story(warehouse: str) -> Story:
    """A warehouse that nothing has been told yet."""
    return Story(warehouse)


@pytest.fixture
def pushes(warehouse: str) -> Iterator[Pushes]:
    """A warehouse that nothing has been pushed to yet."""
    made = Pushes(warehouse)
    yield made
    made.connection.close()


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> Platform:
    """A platform in this process that every exit speaks to."""
    stand_in = Platform()
    monkeypatch.setattr("conduct_records.exchange.client.Client.of", lambda _: stand_in)
    return stand_in


@pytest.fixture
def bench(warehouse: str, tmp_path: Path) -> Iterator[Bench]:
    """A simulator with pages of two rows and nothing to push yet."""
    with running(tmp_path, page_size=2) as simulator:
        yield Bench(warehouse, tmp_path, simulator)


@pytest.fixture
def settings(warehouse: str, tmp_path: Path) -> Settings:
    """A warehouse and a folder of state with an empty inbox."""
    (tmp_path / "inbox").mkdir()
    return Settings.load({"WAREHOUSE_URL": warehouse, "CONDUCT_RECORDS_STATE": str(tmp_path)})

"""What tests of the fold, of cases and of sharing begin with; a file that begins otherwise says so itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

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

"""What most tests of the fold and of sharing begin with; a file that begins otherwise says so itself."""

from __future__ import annotations

import pytest

from tests.sql.share_support import Platform
from tests.sql.story import Story


@pytest.fixture
def story(warehouse: str) -> Story:
    """A warehouse that nothing has been told yet."""
    return Story(warehouse)


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> Platform:
    """A platform in this process that every exit speaks to."""
    stand_in = Platform()
    monkeypatch.setattr("conduct_records.exchange.client.Client.of", lambda _: stand_in)
    return stand_in

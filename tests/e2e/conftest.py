"""The samples' story, untold for tests that tell it their own way, and told once for all the others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from conduct_records.settings import Settings
from tests.databases import Databases
from tests.e2e.nights import DAYS, Told, a_night, before_the_story


@pytest.fixture
def settings(warehouse: str, tmp_path: Path) -> Iterator[Settings]:
    """A warehouse, a platform and folders of this test's own."""
    with before_the_story(warehouse, tmp_path) as own:
        yield own


@pytest.fixture(scope="session")
def told(databases: Databases, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """The story told in order; what a test does to it may change nothing of it."""
    with (
        databases.lent(template, f"{template}_told") as url,
        before_the_story(url, tmp_path_factory.mktemp("story")) as settings,
    ):
        digests = [a_night(day, settings) for day in DAYS]
        yield Told(settings, digests[-1])

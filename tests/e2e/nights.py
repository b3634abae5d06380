"""The nights of the samples' story, each played through every stage of the library."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from conduct_records.disclosure.delivery import send
from conduct_records.disclosure.marts import publish_marts
from conduct_records.disclosure.outbox import enqueue
from conduct_records.disclosure.proof import prove
from conduct_records.disclosure.publish import publish_portal
from conduct_records.disclosure.reconcile import reconcile
from conduct_records.disclosure.withdraw import withdraw
from conduct_records.exchange.pulls import pull
from conduct_records.intake.inbox import waiting
from conduct_records.records.build import build
from conduct_records.settings import Settings
from conduct_records.warehouse.ingest import ingest, sightings
from simulator.server import running

SAMPLES = Path(__file__).parents[2] / "samples"
DAYS = [date(2019, 1, 28) + timedelta(number) for number in range(6)]
CLIENT = ("hubei", "s" * 40)


class Told(NamedTuple):
    """The story after its last night."""

    settings: Settings
    digest: str


@contextmanager
def before_the_story(warehouse: str, folder: Path) -> Iterator[Settings]:
    """The samples in an inbox and a platform, nothing of them taken yet."""
    shutil.copytree(SAMPLES / "inbox", folder / "inbox")
    with running(SAMPLES / "platform", folder / "platform.sqlite", CLIENT) as platform:
        yield Settings.load(
            {
                "WAREHOUSE_URL": warehouse,
                "CONDUCT_RECORDS_STATE": str(folder),
                "EXCHANGE_URL": platform.url,
                "EXCHANGE_CLIENT_ID": CLIENT[0],
                "EXCHANGE_CLIENT_SECRET": CLIENT[1],
                "PERSON_TOKEN_KEY": "k" * 40,
                "CONDUCT_RECORDS_DATA_DOCS": "off",
            }
        )


def a_night(day: date, settings: Settings) -> str:
    """What the six flows do for one data date; returns the digest."""
    now = datetime.now(UTC)
    for feed in ("pushed_cases", "evaluations"):
        assert pull(feed, day, now, settings).state == "complete"
    for lane in waiting(settings, day, sightings(settings)):
        ingest(lane, now, settings)
    built = build(day, now, settings)
    withdraw(day, now, settings)
    publish_marts(day, now, settings)
    publish_portal(day, now, settings)
    enqueue(day, now, settings)
    assert send(day, now, settings).pending == 0
    assert reconcile(day, now, settings).differing == 0
    assert prove(day, now, settings).is_platform_asked
    return built.digest

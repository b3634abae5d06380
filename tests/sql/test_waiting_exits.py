"""Whoever waits for an exit through a night is told of, and nobody is alarmed before (E6, J3).

A good run of an exit looks at all who are due for it. So whoever waits through a whole night waits for a run
that is absent or failed, and the watch says that.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from conduct_records.disclosure.delivery import send
from conduct_records.disclosure.marts import publish_marts
from conduct_records.disclosure.outbox import enqueue
from conduct_records.disclosure.publish import publish_portal
from conduct_records.records.build import build
from conduct_records.settings import BEIJING, Settings
from conduct_records.upkeep.watch import watch
from conduct_records.warehouse.runs import noted
from conduct_records.warehouse.statements import statement
from tests.sql.share_support import Platform, two_decisions
from tests.sql.story import Story, file, penalty

MONDAY, TUESDAY = date(2019, 1, 28), date(2019, 1, 29)
PLATFORM = Platform()


def _send(day: date, now: datetime, settings: Settings) -> None:
    enqueue(day, now, settings)
    send(day, now, settings, PLATFORM)  # type: ignore[arg-type]


Exit = Callable[[date, datetime, Settings], object]
EXITS: dict[str, Exit] = {"publish_portal": publish_portal, "send": _send, "publish_marts": publish_marts}


@pytest.fixture
def story(warehouse: str, tmp_path: Path) -> Story:
    """Monday's night has ended well."""
    PLATFORM.__init__()  # type: ignore[misc]
    told = two_decisions(warehouse, tmp_path)
    told.settings = Settings({**told.settings.environ, "CONDUCT_RECORDS_DATA_DOCS": "off"})
    night(told, MONDAY)
    assert ringing(told, MONDAY) == set() and waiting(told) == 0
    return told


def at(day: date, hour: int) -> datetime:
    """An hour, in Hubei, of the day after a data date."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=BEIJING) + timedelta(1)


def night(story: Story, day: date, without: str = "") -> None:
    """A build of a data date and its exits, one of them left out."""
    build(day, at(day, 2), story.settings)
    for flow, leave in EXITS.items():
        if flow != without:
            with noted(flow, day, at(day, 3), story.settings):
                leave(day, at(day, 3), story.settings)


def ringing(story: Story, day: date) -> set[str]:
    """The exits of which an urgent alert stands after the watch of a data date."""
    watch(day, at(day, 7), story.settings)
    urgent = "alert_code in ('run_absent', 'step_failed') and settled_at is null"
    return {about for (about,) in story.rows(f"select about from ops.alert where {urgent}")} & set(EXITS)


def waiting(story: Story) -> int:
    return int(story.one(statement("checks/proof#waiting").replace("%(has_marts)s", "true")))


def one_more(story: Story) -> None:
    decision = penalty("样例罚〔2019〕3号", "2019-01-20")
    story.deliver(file("penalty_decision", "2019-01-29", "HB-AMR", decision))


@pytest.mark.parametrize("exit", EXITS)
def test_who_waits_for_an_exit_through_a_night_is_told_of(story: Story, exit: str) -> None:
    one_more(story)
    night(story, TUESDAY, without=exit)
    assert waiting(story) == 1 and ringing(story, TUESDAY) == {exit}
    night(story, TUESDAY + timedelta(1))
    assert waiting(story) == 0 and ringing(story, TUESDAY + timedelta(1)) == set()


@pytest.mark.parametrize("full", [False, True])
def test_a_backfill_or_a_rebuild_by_day_alarms_nobody_and_the_next_night_looks(
    story: Story, full: bool
) -> None:
    one_more(story)
    build(date(2018, 6, 1), at(MONDAY, 6), story.settings, full)
    assert waiting(story) > 0 and ringing(story, MONDAY) == set()
    night(story, TUESDAY)
    assert waiting(story) == 0 and ringing(story, TUESDAY) == set()


def test_a_backfill_whose_exits_never_come_is_told_of_the_next_morning(story: Story) -> None:
    one_more(story)
    build(date(2018, 6, 1), at(MONDAY, 9), story.settings)
    assert waiting(story) == 1
    assert ringing(story, TUESDAY) == set(EXITS)


def test_a_step_that_failed_over_a_backfill_is_told_of(story: Story) -> None:
    one_more(story)
    build(date(2018, 6, 1), at(MONDAY, 4), story.settings)
    with pytest.raises(ZeroDivisionError), noted("send", MONDAY, at(MONDAY, 4), story.settings):
        raise ZeroDivisionError
    assert waiting(story) == 1 and ringing(story, MONDAY) == {"send"}

"""The build follows the last of a date's ingestion flows, whatever their order and however often they run."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import psycopg
import pytest

from conduct_records.settings import Settings
from conduct_records.warehouse.arrivals import INGESTION, begin, end, open_elsewhere
from conduct_records.warehouse.statements import statement

DAY, NOW = date(2019, 1, 28), datetime(2026, 11, 24, tzinfo=UTC)


def ended(settings: Settings, *flows: str) -> list[bool]:
    return [end(flow, DAY, NOW, settings) for flow in flows]


def begun(settings: Settings, *flows: str) -> None:
    for flow in flows:
        begin(flow, DAY, NOW, settings)


@pytest.mark.parametrize("order", permutations(INGESTION))
def test_only_the_last_one_is_followed(order: tuple[str, ...], settings: Settings) -> None:
    for flow in order:
        begun(settings, flow)
        assert ended(settings, flow) == [flow == order[-1]]


def test_a_flow_that_is_cleared_while_another_is_still_open_loses_nothing(settings: Settings) -> None:
    begun(settings, *INGESTION)
    assert ended(settings, *INGESTION[:2]) == [False, False]
    begun(settings, INGESTION[0])
    assert ended(settings, INGESTION[2], INGESTION[0]) == [False, True]


def test_one_flow_run_again_alone_is_followed(settings: Settings) -> None:
    begun(settings, *INGESTION)
    ended(settings, *INGESTION)
    begun(settings, INGESTION[1])
    assert ended(settings, INGESTION[1]) == [True]


def test_a_task_that_says_its_end_twice_is_followed_twice_rather_than_never(settings: Settings) -> None:
    begun(settings, *INGESTION)
    ended(settings, *INGESTION)
    assert ended(settings, INGESTION[2]) == [True]


def test_ends_at_the_same_moment_are_judged_one_after_the_other(settings: Settings) -> None:
    begun(settings, *INGESTION)
    ended(settings, INGESTION[0])
    values = {"data_date": DAY, "flow": INGESTION[1], "known_at": NOW}
    with psycopg.connect(settings.warehouse_url) as first, ThreadPoolExecutor(1) as pool:
        first.execute(statement("landing/arrival#lock"), values)
        first.execute(statement("landing/arrival#end"), values)
        second = pool.submit(end, INGESTION[2], DAY, NOW, settings)
        with psycopg.connect(settings.warehouse_url, autocommit=True) as watcher:
            waits = "select count(*) from pg_locks where locktype = 'advisory' and not granted"
            while not second.done() and watcher.execute(waits).fetchone() == (0,):
                pass
        assert not second.done()
        first.commit()
        assert second.result()


def test_a_sweep_leaves_files_to_the_run_of_their_date_while_it_works(settings: Settings) -> None:
    later = DAY + timedelta(days=1)
    assert open_elsewhere(INGESTION[2], later, NOW, settings) == set()
    begun(settings, *INGESTION)
    assert open_elsewhere(INGESTION[2], later, NOW, settings) == {DAY}
    assert open_elsewhere(INGESTION[2], DAY, NOW, settings) == set()
    assert open_elsewhere(INGESTION[2], later, NOW + 2 * settings.deadline, settings) == set()
    ended(settings, INGESTION[2])
    assert open_elsewhere(INGESTION[2], later, NOW, settings) == set()

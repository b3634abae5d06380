"""Pulls against a real warehouse: resumed, repeated, reordered, killed, and never losing what came."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Any

import psycopg
import pytest

from conduct_records.exchange.client import Client
from conduct_records.exchange.feeds import feeds
from conduct_records.exchange.landing import Landing, PageDamaged
from conduct_records.exchange.pulls import PullOutcome, pull
from conduct_records.settings import Settings
from conduct_records.upkeep.watch import watch
from conduct_records.warehouse.connection import connect
from simulator.faults import Chaos, Fault
from simulator.server import running
from simulator.spoilers import PASSING
from tests.databases import Databases
from tests.exchange_support import SAMPLES, case, client_of, plan
from tests.sql.pulls_bench import DAY, DAYS, EVIDENCE, LATER, NOW, WORST, Bench, everything


def test_a_whole_push_becomes_evidence(bench: Bench):
    bench.push(*map(case, range(1, 6)))
    outcome = bench.pull()
    assert (outcome.state, outcome.pages, outcome.rows, outcome.reason) == ("complete", 3, 5, None)
    assert bench.cases() == {"1-1", "2-1", "3-1", "4-1", "5-1"}
    assert bench.ask("select distinct file_id from evidence.pushed_case") == [(outcome.pull_id,)]
    assert bench.ask("select data_date from ops.open_date") == [(DAY,)]


def test_a_complete_pull_is_replayed_and_changes_nothing(bench: Bench):
    bench.push(*map(case, range(1, 6)))
    first, before, asked = bench.pull(), everything(bench), bench.requests()
    assert bench.pull(known_at=LATER) == first
    assert everything(bench) == before
    assert bench.requests() == asked


def test_evidence_that_is_thrown_away_comes_back_from_landing(bench: Bench):
    bench.push(*map(case, range(1, 6)))
    bench.pull()
    before = bench.ask(EVIDENCE)
    with psycopg.connect(bench.settings.warehouse_url) as connection:
        connection.execute("delete from evidence.pushed_case")
    bench.pull(known_at=LATER)
    assert bench.ask(EVIDENCE) == before
    assert bench.requests() == 3


@pytest.mark.parametrize(
    ("text", "number", "kept"),
    [
        ("负责人样例丙，身份证号42060619000102002X", "0102002", "负责人样例丙，身份证号420*************2X"),
        ("举报人电话13800001234。", "13800001234", "举报人电话138******34。"),
        ("致电+86 138-0000-1234", "0000", "致电+86 138********34"),
    ],
)
def test_a_persons_number_in_what_is_pushed_is_stored_nowhere(
    bench: Bench, text: str, number: str, kept: str
):
    bench.push(case(1, 正文=text), case(2, 清单=text), case(3))
    bench.pull()
    assert number not in str(everything(bench))
    assert bench.ask("select body from evidence.pushed_case where case_id = '1-1'") == [(kept,)]
    assert ("person_id_in_text",) in bench.ask("select issue_code from ops.issue")
    before = everything(bench)
    bench.pull(known_at=LATER)
    assert everything(bench) == before


@pytest.mark.parametrize("changed", ["'[7]'", """replace(body::text, '1-1', '1-7')::jsonb"""])
def test_a_page_that_changed_since_it_came_is_named_and_adds_nothing(bench: Bench, changed: str):
    bench.push(case(1))
    pulled = bench.pull()
    bench.ask(f"update landing.page set body = {changed} returning 1")
    with pytest.raises(PageDamaged, match=f"page 1 of pull {pulled.pull_id}"):
        bench.pull()
    assert bench.cases() == {"1-1"}


def test_what_nobody_could_read_is_told_until_it_is_declared(bench: Bench, monkeypatch: pytest.MonkeyPatch):
    bench.push(case(1), case(2, 清单="new_list"))
    bench.pull()

    def told() -> list[tuple[str, str]]:
        settings = Settings.load({**bench.settings.environ, "CONDUCT_RECORDS_STATE": str(bench.data)})
        found = watch(DAY, LATER, settings)
        return [(alert.about, alert.detail) for alert in found if alert.alert_code == "rows_unusable"]

    assert told() == [("pushed_cases", "1 of 2 rows: unknown_code")]
    feed = feeds()["pushed_cases"]
    wider = [
        replace(field, codes=(*field.codes, "new_list")) if field.codes else field for field in feed.fields
    ]
    declared = {**feeds(), "pushed_cases": replace(feed, fields=tuple(wider))}
    monkeypatch.setattr("conduct_records.exchange.pulls.feeds", lambda: declared)
    assert (bench.pull(known_at=LATER).rows, bench.cases()) == (2, {"1-1", "2-1"})
    told()
    assert (
        bench.ask("select 1 from ops.alert where alert_code = 'rows_unusable' and settled_at is null") == []
    )


def test_a_page_that_fails_leaves_the_pull_incomplete_and_the_next_run_goes_on_there(bench: Bench):
    bench.push(*map(case, range(1, 6)))
    plan(bench.simulator, "status", "pushed_cases", times=-1, skip=2, code=503)
    outcome = bench.pull()
    assert (outcome.state, outcome.pages, outcome.rows, outcome.reason) == ("incomplete", 2, 4, "http_503")
    assert bench.ask("select issue_code, value, origin from ops.issue") == [
        ("pull_incomplete", "http_503", "exchange")
    ]

    bench.simulator.faults.set()
    asked = bench.requests()
    outcome = bench.pull(known_at=LATER)
    assert (outcome.state, outcome.rows, outcome.reason) == ("complete", 5, None)
    assert bench.requests() == asked + 1
    assert bench.ask("select * from ops.issue") == []


def test_a_platform_that_is_down_leaves_an_incomplete_pull_of_nothing(bench: Bench):
    plan(bench.simulator, "drop", times=-1)
    outcome = bench.pull()
    assert (outcome.state, outcome.pages, outcome.rows, outcome.reason) == ("incomplete", 0, 0, "connection")
    assert bench.ask("select data_date from ops.open_date") == [(DAY,)]


def test_the_next_days_run_completes_what_earlier_days_lack(bench: Bench):
    bench.push(case(1), case(2), case(3))
    bench.push(case(4), day=DAYS[1])
    plan(bench.simulator, "status", "pushed_cases", times=-1, skip=1)
    bench.pull()
    bench.simulator.faults.set()
    bench.pull(DAYS[1], LATER)
    assert bench.ask("select state, count(*) from landing.pull group by state") == [("complete", 2)]
    assert bench.cases() == {"1-1", "2-1", "3-1", "4-1"}


def test_a_day_without_a_push_is_a_complete_pull_of_no_rows(bench: Bench):
    outcome = bench.pull()
    assert (outcome.state, outcome.pages, outcome.rows) == ("complete", 1, 0)


@pytest.mark.parametrize("kind", ["repeated", "expired", "cut", "lost", "garbage", "drip", "throttled"])
def test_a_fault_that_passes_leaves_the_same_evidence(bench: Bench, kind: str):
    bench.push(*map(case, range(1, 6)))
    plan(bench.simulator, kind, "pushed_cases", times=1 if kind == "expired" else 2, skip=1)
    outcome = bench.pull()
    assert (outcome.state, outcome.rows) == ("complete", 5)
    assert len(bench.cases()) == 5


def test_a_kept_cursor_that_the_platform_forgot_starts_the_walk_again(bench: Bench):
    bench.push(*map(case, range(1, 6)))
    plan(bench.simulator, "status", "pushed_cases", times=-1, skip=1)
    bench.pull()
    bench.simulator.faults.set([Fault("status", "pushed_cases", 1, 0, {"code": 410})])
    outcome = bench.pull(known_at=LATER)
    assert (outcome.state, outcome.rows) == ("complete", 5)


def test_a_run_that_was_killed_between_pages_is_resumed(bench: Bench):
    bench.push(*map(case, range(1, 6)))
    with connect(bench.settings, "records_loader") as connection:
        landing = Landing(connection, feeds()["pushed_cases"], DAY, NOW)
        landing.open()
        landing.keep(bench.client.page("/v1/pushed-cases", DAY))
    assert bench.ask("select state, page_count from landing.pull") == [("running", 1)]
    asked = bench.requests()
    outcome = bench.pull(known_at=LATER)
    assert (outcome.state, outcome.rows) == ("complete", 5)
    assert bench.requests() == asked + 2


def test_a_page_that_cannot_be_kept_leaves_nothing_of_itself(bench: Bench, monkeypatch: pytest.MonkeyPatch):
    bench.push(*map(case, range(1, 4)))
    original = Landing._keep_rows

    def break_on_the_second(self: Landing, body: Any) -> None:
        original(self, body)
        if body["page_no"] == 2:
            raise RuntimeError("killed")

    monkeypatch.setattr(Landing, "_keep_rows", break_on_the_second)
    with pytest.raises(RuntimeError):
        bench.pull()
    assert bench.ask("select page_count, cursor is not null from landing.pull") == [(1, True)]
    assert bench.cases() == {"1-1", "2-1"}


@pytest.mark.parametrize("seed", range(4))
def test_under_random_faults_repeated_runs_end_with_the_whole_push(bench: Bench, seed: int):
    bench.push(*map(case, range(1, 20)))
    bench.simulator.faults.set(chaos=Chaos(seed, 0.4, tuple(kind for kind in PASSING if kind != "slow")))
    for _ in range(30):
        if bench.pull(known_at=LATER).state == "complete":
            break
    assert len(bench.cases()) == 19
    assert bench.ask("select state, row_count from landing.pull") == [("complete", 19)]


def samples(url: str, days: list[date]) -> list[list[tuple[Any, ...]]]:
    with running(SAMPLES, page_size=1) as simulator:
        bench = Bench(url, SAMPLES, simulator)
        for day in days:
            assert bench.pull(day).state == "complete"
            assert bench.pull(day, feed="evaluations").state == "complete"
        found = everything(bench)
        found.append(bench.ask(WORST))
        return found


def test_the_sample_push_is_the_same_in_any_order_of_days(
    warehouse: str, databases: Databases, template: str
):
    with databases.lent(template, "other_order") as other:
        forward, backward = samples(warehouse, DAYS), samples(other, DAYS[::-1])
    assert forward == backward
    pulls, _, cases, evaluations, issues, quarantined, worst = forward
    assert (len(pulls), len(cases), len(evaluations), issues, quarantined) == (12, 7, 8, [], [])
    twice = [code for code, _ in worst]
    assert len({code for code in twice if twice.count(code) == 2}) == 1


def test_two_runs_for_the_same_day_at_once_keep_every_row_once(bench: Bench):
    bench.push(*map(case, range(1, 12)))
    clients = [client_of(bench.simulator), client_of(bench.simulator)]

    def run(client: Client) -> PullOutcome:
        return pull("pushed_cases", DAY, NOW, bench.settings, client=client)

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(run, clients)
    assert first == second
    assert (first.state, first.rows) == ("complete", 11)
    assert bench.requests() == 6  # one of them waited and had nothing left to ask

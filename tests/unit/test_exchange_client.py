"""The client against each fault of the wire, over real HTTP and without waiting."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

import pytest

from conduct_records.exchange.client import Client
from conduct_records.exchange.errors import NotUnderstood, Refused, Unavailable
from conduct_records.exchange.transport import Patience, Transport, retry_after
from conduct_records.settings import SettingMissing, Settings
from simulator.faults import Fault
from simulator.server import Simulator, running
from tests.exchange_support import SAMPLES, Waits, client_of, message, plan, waits

CASES = "/v1/pushed-cases"
DAY = date(2019, 1, 28)


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with running(SAMPLES) as started:
        yield started


@pytest.mark.parametrize(
    ("kind", "params", "reason"),
    [
        ("status", {"code": 500}, "http_500"),
        ("status", {"code": 502}, "http_502"),
        ("status", {"code": 503}, "http_503"),
        ("throttled", {}, "http_429"),
        ("drop", {}, "connection"),
        ("lost", {}, "connection"),
        ("cut", {}, "cut_body"),
        ("cut", {"bytes": 1}, "cut_body"),
        ("garbage", {}, "not_json"),
        ("garbage", {"text": ""}, "not_json"),
        ("garbage", {"text": '{"total": NaN}'}, "not_json"),
        ("garbage", {"text": "[" * 100_000}, "not_json"),
    ],
)
def test_what_passes_is_tried_again_and_what_stays_is_unavailable(simulator, kind, params, reason):
    client = client_of(simulator)
    plan(simulator, kind, "pushed_cases", times=3, **params)
    assert client.page(CASES, DAY).total == 2
    plan(simulator, kind, "pushed_cases", times=-1, **params)
    with pytest.raises(Unavailable) as caught:
        client.page(CASES, DAY)
    assert caught.value.reason == reason
    assert [name for name, _ in simulator.seen].count("pushed_cases") == 4 + 4


def test_silence_ends_in_a_timeout(simulator: Simulator):
    client = client_of(simulator, attempts=2, read=0.1)
    plan(simulator, "slow", "pushed_cases", times=-1, seconds=0.3)
    with pytest.raises(Unavailable, match="timeout"):
        client.page(CASES, DAY)


def test_a_body_that_drips_ends_when_its_whole_time_is_over(simulator: Simulator):
    client = client_of(simulator, attempts=2, read=5, whole=0.05)
    plan(simulator, "drip", "pushed_cases", times=-1, seconds=0.03)
    with pytest.raises(Unavailable, match="too_slow"):
        client.page(CASES, DAY)
    plan(simulator, "drip", "pushed_cases", seconds=0.001)
    assert client_of(simulator).page(CASES, DAY).total == 2


def test_a_body_that_stops_for_ever_ends_in_a_timeout(simulator: Simulator):
    client = client_of(simulator, attempts=1, read=0.05)
    plan(simulator, "drip", "pushed_cases", times=-1, seconds=0.2)
    with pytest.raises(Unavailable, match="timeout"):
        client.page(CASES, DAY)


def test_nobody_listens():
    with running(SAMPLES) as gone:
        client = client_of(gone)
    with pytest.raises(Unavailable, match="connection"):
        client.reconciliation()


def test_pauses_double_up_to_a_limit_and_are_spread_by_jitter(simulator: Simulator):
    client = client_of(simulator, attempts=6, base=1.0, longest=5.0)
    plan(simulator, "status", times=-1, code=503)
    with pytest.raises(Unavailable):
        client.reconciliation()
    assert waits(client) == [0.5, 1.0, 2.0, 2.5, 2.5]
    assert Patience(base=1.0).pause(3, None, 0.0) == 0.0


def test_retry_after_is_honoured_up_to_a_limit(simulator: Simulator):
    client = client_of(simulator, longest_retry_after=60.0)
    simulator.faults.set(
        [
            Fault("throttled", "reconciliation", 1, 0, {"retry_after": 7}),
            Fault("throttled", "reconciliation", 1, 0, {"retry_after": 86_400}),
            Fault("status", "reconciliation", 1, 0, {"code": 503, "retry_after": "soon"}),
        ]
    )
    assert client.reconciliation() == []
    assert waits(client) == [7.0, 60.0, 1.0]


@pytest.mark.parametrize(("text", "least"), [("12", 12.0), ("Fri, 31 Dec 2100 23:59:59 GMT", 1e9)])
def test_retry_after_is_seconds_or_a_date(text, least):
    assert (retry_after(text) or 0.0) >= least


def test_retry_after_that_is_neither_is_left_out():
    assert retry_after(None) is retry_after("soon") is retry_after("-1") is None
    assert retry_after("Fri, 31 Dec 1999 23:59:59 GMT") == 0.0


def test_an_expired_token_is_renewed_once(simulator: Simulator):
    client = client_of(simulator)
    client.reconciliation()
    plan(simulator, "expired", "reconciliation")
    assert client.reconciliation() == []
    assert [name for name, _ in simulator.seen].count("token") == 2
    plan(simulator, "expired", "reconciliation", times=-1)
    with pytest.raises(Refused) as caught:
        client.reconciliation()
    assert (caught.value.status, caught.value.reason) == (401, "invalid_token")


def test_a_token_is_renewed_before_it_runs_out():
    now = [0.0]
    with running(SAMPLES, token_seconds=100) as simulator:
        client = Client(Transport(simulator.url, clock=lambda: now[0]), "centre", "secret")
        for now[0] in (0.0, 69.0, 71.0):
            client.reconciliation()
        assert [name for name, _ in simulator.seen].count("token") == 2


def test_a_wrong_secret_is_refused_and_named_nowhere(simulator: Simulator, caplog: pytest.LogCaptureFixture):
    client = client_of(simulator, secret="a-wrong-secret")
    with pytest.raises(Refused, match="invalid_client") as caught:
        client.reconciliation()
    assert "a-wrong-secret" not in caplog.text + str(caught.value)
    assert waits(client) == []


def test_a_netrc_password_does_not_take_the_place_of_the_token(simulator, tmp_path, monkeypatch):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login a password b\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    assert client_of(simulator).reconciliation() == []


def test_a_redirect_is_not_followed(simulator: Simulator):
    plan(simulator, "status", "reconciliation", code=302)
    with pytest.raises(Refused) as caught:
        client_of(simulator).reconciliation()
    assert caught.value.status == 302


@pytest.mark.parametrize(
    "body",
    [
        {"data": []},
        {"data": json.loads("[" * 40 + "]" * 40)},
        {"push_date": "2019-01-28", "total": "2", "page_no": 1, "next_cursor": None, "items": []},
        {"push_date": "2019-01-28", "total": True, "page_no": 1, "next_cursor": None, "items": []},
        {"push_date": "2019-01-28", "total": 2**40, "page_no": 1, "next_cursor": None, "items": []},
        {"push_date": "2019-01-28", "total": 2, "page_no": 1, "next_cursor": 5, "items": []},
        {"push_date": "2019-01-28", "total": 2, "page_no": 1, "items": []},
        {"push_date": "2019-01-28", "total": 2, "page_no": 1, "next_cursor": None, "items": ["row"]},
        {"push_date": "2019-01-29", "total": 0, "page_no": 1, "next_cursor": None, "items": []},
        {"push_date": "2019-01-28", "total": 0, "page_no": 1, "next_cursor": "", "items": []},
    ],
)
def test_a_page_of_another_shape_is_not_understood(simulator, body):
    plan(simulator, "misshapen", "pushed_cases", times=-1, body=body)
    with pytest.raises(NotUnderstood):
        client_of(simulator).page(CASES, DAY)


def test_a_lost_answer_is_asked_for_again_and_stored_once(simulator: Simulator):
    client = client_of(simulator)
    plan(simulator, "lost", "batch")
    [receipt] = client.post_batch([message()])
    assert receipt.status == "duplicate"
    assert [each.status for each in client.receipts()] == ["stored"]


def test_a_batch_half_acknowledged_gives_the_receipts_that_came(simulator: Simulator):
    client = client_of(simulator)
    plan(simulator, "half_acknowledged", "batch")
    sent = [message("a"), message("b")]
    assert [each.record_key for each in client.post_batch(sent)] == ["a"]
    assert [each.status for each in client.post_batch(sent)] == ["duplicate", "duplicate"]


def test_a_record_rejected_for_ever_leaves_the_others_alone(simulator: Simulator):
    client = client_of(simulator)
    plan(simulator, "rejected", "batch", times=-1, records=["b"])
    for expected in (["stored", "rejected", "stored"], ["duplicate", "rejected", "duplicate"]):
        answers = client.post_batch([message("a"), message("b"), message("c")])
        assert [each.status for each in answers] == expected
    assert client.record("b") is None


@pytest.mark.parametrize(("keep_keys", "then"), [(False, "stored"), (True, "duplicate")])
def test_what_is_acknowledged_and_not_stored_shows_in_the_reconciliation(simulator, keep_keys, then):
    client = client_of(simulator)
    plan(simulator, "forgotten", "batch", keep_keys=keep_keys)
    assert client.post_batch([message()])[0].status == "stored"
    assert client.reconciliation() == []
    assert client.post_batch([message()])[0].status == then


def test_receipts_are_read_to_the_end(simulator: Simulator):
    client = client_of(simulator, judged=True)
    many = [message(f"r{number}") for number in range(620)]
    receipts = client.post_batch(many)
    assert client.receipts() == receipts
    assert client.receipts(receipts[-2].receipt_number) == receipts[-1:]
    assert client.post_batch([]) == []


def test_receipts_that_do_not_go_on_are_not_understood(simulator: Simulator):
    plan(simulator, "misshapen", "receipts", times=-1, body={"receipts": [], "has_more": True})
    with pytest.raises(NotUnderstood):
        client_of(simulator).receipts()


def test_a_receipt_for_something_else_is_not_understood(simulator: Simulator):
    client = client_of(simulator)
    [other] = client.post_batch([message("other")])
    body = {"receipts": [{**vars(other)}]}
    plan(simulator, "misshapen", "batch", body=body)
    with pytest.raises(NotUnderstood):
        client.post_batch([message("mine")])


def test_an_answer_given_twice_counts_once_and_two_answers_are_not_understood(simulator: Simulator):
    client = client_of(simulator)
    [receipt] = client.post_batch([message()])
    twice = [{**vars(receipt)}, {**vars(receipt)}]
    plan(simulator, "misshapen", "batch", body={"receipts": twice})
    assert client.post_batch([message()]) == [receipt]
    plan(simulator, "misshapen", "batch", body={"receipts": [twice[0], twice[1] | {"status": "rejected"}]})
    with pytest.raises(NotUnderstood):
        client.post_batch([message()])


def test_a_missing_address_is_one_line_that_names_it():
    with pytest.raises(SettingMissing, match=r"^EXCHANGE_URL is not set"):
        Client.of(Settings({}))


def test_waits_are_kept_and_not_slept():
    pause = Waits()
    pause(3600.0)
    assert pause.asked == [3600.0]

"""The simulated platform as a program, and its answers measured against openapi.yaml."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import requests
from openapi_spec_validator import validate

from conduct_records.exchange.client import Client
from conduct_records.exchange.errors import Refused
from conduct_records.exchange.transport import Transport
from conduct_records.settings import ROOT
from simulator.faults import Chaos
from simulator.server import Simulator, running
from simulator.wire import Request
from tests.exchange_support import (
    SAMPLES,
    case,
    client_of,
    complaints,
    message,
    plan,
    specification,
    write_push,
)

DAY = "2019-01-28"


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with running(SAMPLES, page_size=1) as started:
        yield started


def test_the_specification_is_valid_openapi():
    validate(specification())


def test_every_operation_and_its_errors_fit_the_specification(simulator: Simulator):
    client = client_of(simulator, judged=True)
    first = client.page("/v1/pushed-cases", date(2019, 1, 28))
    second = client.page("/v1/pushed-cases", date(2019, 1, 28), first.next_cursor)
    assert (first.total, first.page_no, second.page_no, second.next_cursor) == (2, 1, 2, None)
    assert [page.items[0]["案例ID"] for page in (first, second)] == ["3-1", "5-1"]
    assert client.page("/v1/evaluations", date(2019, 1, 31)).items
    assert client.page("/v1/evaluations", date(2019, 1, 30)).total == 0
    assert client.post_batch([message(), message("rec-2", 2, "withdraw")])[0].status == "stored"
    assert len(client.receipts()) == 2
    assert client.reconciliation("420600")[0].count == 1
    assert client.record("rec-1") is not None
    with pytest.raises(Refused, match="bad_request"):
        client.page("/v1/pushed-cases", date(2019, 1, 28), "no cursor")
    with pytest.raises(Refused, match="invalid_client"):
        client_of(simulator, judged=True, secret="wrong").reconciliation()


def test_further_keys_fit_the_specification(simulator: Simulator):
    plan(simulator, "unknown_fields", times=-1, fields={"新字段": 1})
    page = client_of(simulator, judged=True).page("/v1/pushed-cases", date(2019, 1, 28))
    assert page.items[0]["新字段"] == 1


def test_the_specification_rejects_what_is_not_a_message():
    schema = {"$ref": "#/components/schemas/Message"}
    assert not complaints(schema, message())
    assert not complaints(schema, message(action="withdraw"))
    for wrong in (
        {"payload": None},
        {"content_hash": "x"},
        {"ordinal": 0},
        {"kind": "media_case"},
        {"action": "drop"},
    ):
        assert complaints(schema, message() | wrong), wrong


def test_samples_are_what_the_specification_says():
    for name, folder in (("PushedCase", "pushed_cases"), ("Evaluation", "evaluations")):
        for path in (SAMPLES / folder).glob("*.json"):
            for row in json.loads(path.read_text(encoding="utf-8")):
                assert not complaints({"$ref": f"#/components/schemas/{name}"}, row), path


def test_one_batch_may_be_stored_in_part(simulator: Simulator):
    client = client_of(simulator)
    answers = client.post_batch([message("a"), {**message("b"), "payload": None}, message("c")])
    assert [(each.status, each.reason) for each in answers] == [
        ("stored", None), ("rejected", "malformed"), ("stored", None),
    ]  # fmt: skip


def test_a_repeated_message_is_a_duplicate_with_its_first_receipt(simulator: Simulator):
    client = client_of(simulator)
    [first], [again] = client.post_batch([message()]), client.post_batch([message()])
    assert (again.status, again.receipt_number) == ("duplicate", first.receipt_number)
    [other] = client.post_batch([message(payload={"name": "别的"})])
    assert (other.status, other.reason) == ("rejected", "key_reused")
    assert len(client.receipts(first.receipt_number)) == 1


def test_a_late_older_message_does_not_undo_a_newer_one(simulator: Simulator):
    client = client_of(simulator)
    client.post_batch([message(ordinal=3, action="withdraw")])
    [late] = client.post_batch([message(ordinal=2)])
    assert (late.status, late.reason) == ("rejected", "superseded")
    assert client.record("rec-1") is None


def test_a_withdrawn_record_answers_as_one_that_never_was(simulator: Simulator):
    client = client_of(simulator)
    client.post_batch([message(), message(ordinal=2, action="withdraw")])
    client.record("rec-1")
    headers = {"Authorization": f"Bearer {client._token}"}
    withdrawn, never = (
        requests.get(f"{simulator.url}/v1/records/{key}", headers=headers, timeout=5)
        for key in ("rec-1", "rec-9")
    )
    assert withdrawn.status_code == never.status_code == 404
    assert withdrawn.content == never.content
    assert set(withdrawn.headers) == set(never.headers)


def test_the_reconciliation_digest_is_over_sorted_lines(simulator: Simulator):
    client = client_of(simulator)
    client.post_batch([message("b", content_hash="2" * 64), message("a", content_hash="1" * 64)])
    [group] = client.reconciliation()
    lines = f"a {'1' * 64}\nb {'2' * 64}\n"
    assert (group.count, group.digest) == (2, hashlib.sha256(lines.encode()).hexdigest())
    assert client.reconciliation("421100") == []


def test_faults_are_set_over_http_only_where_they_fit(simulator: Simulator):
    def set_faults(body: dict[str, object]) -> int:
        return requests.post(f"{simulator.url}/control/faults", json=body, timeout=5).status_code

    assert set_faults({"plan": [{"kind": "status", "on": "batch", "params": {"code": 500}}]}) == 200
    assert set_faults({"plan": [{"kind": "repeated", "on": "batch"}]}) == 422
    assert set_faults({"plan": [{"kind": "earthquake"}]}) == 422
    assert set_faults({"chaos": {"seed": 1, "rate": 0.5}}) == 200
    assert simulator.faults.plan == []


def test_chaos_is_the_same_for_the_same_seed():
    def kinds(seed: int) -> list[str]:
        chaos = Chaos(seed, 0.5)
        drawn = [chaos.draw(Request("batch", number=number)) for number in range(60)]
        return [fault.kind if fault else "" for fault in drawn]

    assert kinds(7) == kinds(7) != kinds(8)
    assert 15 < sum(map(bool, kinds(7))) < 45
    assert "repeated" not in kinds(7)


class Program:
    """`python -m simulator` as a process of its own."""

    def __init__(self, state: Path, data: Path, *options: str) -> None:
        command = [sys.executable, "-m", "simulator", "--state", str(state), "--data", str(data), *options]
        environment = {**os.environ, "EXCHANGE_CLIENT_ID": "centre", "EXCHANGE_CLIENT_SECRET": "secret"}
        began = time.monotonic()
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.line = self.process.stdout.readline().strip()
        self.seconds = time.monotonic() - began

    def client(self) -> Client:
        return Client(Transport(self.line.removeprefix("listening on ")), "centre", "secret")

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        code = self.process.wait(10)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


def test_the_program_starts_at_once_survives_kill_and_stops_when_told(tmp_path: Path):
    write_push(tmp_path, "pushed_cases", DAY, [case(1)])
    program = Program(tmp_path / "state.sqlite", tmp_path)
    first_seconds = program.seconds
    [stored] = program.client().post_batch([message()])
    assert (
        requests.post(program.client().transport.base_url + "/control/faults", json={}, timeout=5).status_code
        == 404
    )
    program.end(signal.SIGKILL)

    program = Program(tmp_path / "state.sqlite", tmp_path, "--faults")
    assert min(first_seconds, program.seconds) < 2  # measured: 0.1 s; a busy machine may hold up one start
    [again] = program.client().post_batch([message()])
    assert (again.status, again.receipt_number) == ("duplicate", stored.receipt_number)
    assert (
        requests.post(program.client().transport.base_url + "/control/faults", json={}, timeout=5).status_code
        == 200
    )
    assert program.end(signal.SIGTERM) == 0


def test_a_missing_secret_is_one_line_that_names_it(tmp_path: Path):
    environment = {key: value for key, value in os.environ.items() if not key.startswith("EXCHANGE_")}
    command = [sys.executable, "-m", "simulator", "--state", str(tmp_path / "s"), "--data", str(tmp_path)]
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (2, "EXCHANGE_CLIENT_ID is not set\n")

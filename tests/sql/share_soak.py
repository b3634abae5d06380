"""Many days of changes against a platform with every fault on, and senders that are killed.

The fold is stood in for: records change in core as a build would leave them, and their subjects are marked
due. What is tried is everything after it: gate, log, copies of the column, outbox, platform, reconciliation,
proof.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from conduct_records.disclosure.delivery import send
from conduct_records.disclosure.outbox import enqueue
from conduct_records.disclosure.proof import prove
from conduct_records.disclosure.publish import publish_portal
from conduct_records.disclosure.reconcile import reconcile
from conduct_records.disclosure.withdraw import withdraw
from conduct_records.exchange.client import Client
from conduct_records.settings import Settings
from conduct_records.warehouse.connection import BUILD_LOCK
from simulator.faults import Chaos
from simulator.server import Simulator
from simulator.spoilers import SPOILERS
from tests.exchange_support import client_of

FIRST = date(2019, 1, 28)
# "rejected" names its records: it is set by plan for some days, not drawn.
EVERY_FAULT = tuple(kind for kind in SPOILERS if kind != "rejected")
KILLED_EVERY = 7  # days; the sender of such a day is killed in the middle of its work


@dataclass
class Soak:
    """One warehouse, one portal, one platform, and a calendar that does not wait."""

    settings: Settings
    simulator: Simulator
    seed: int
    records: int = 60
    rate: float = 0.3
    killed: int = 0
    incomplete: int = 0
    days: int = 0
    calls: int = 0
    spoiled: int = 0
    chance: random.Random = field(default_factory=random.Random)

    def run(self, days: int) -> None:
        """Live through some days, then through quiet ones in which the platform behaves."""
        self.chance.seed(self.seed)
        self._count_faults()
        self._begin()
        for day in range(days):
            self.simulator.faults.set((), Chaos(self.seed + day, self.rate, EVERY_FAULT))
            self._live(FIRST + timedelta(days=day), is_killed=day % KILLED_EVERY == KILLED_EVERY - 1)
        self.simulator.faults.set()
        for day in range(days, days + 2):
            self._live(FIRST + timedelta(days=day), is_killed=False)
        self.days = days
        prove(FIRST, self._now(days + 2), self.settings, self._client())

    def _count_faults(self) -> None:
        """Count what the platform is asked, and how much of it a fault spoils."""
        faults = self.simulator.faults
        handle, well = faults.handle, self.simulator.platform.handle

        def counted(request: Any) -> Any:
            self.calls += 1
            drawn = faults.chaos.draw(request) if faults.chaos else None
            self.spoiled += drawn is not None
            return handle(request) if drawn else well(request)

        faults.handle = counted  # type: ignore[method-assign]

    def _live(self, on: date, *, is_killed: bool) -> None:
        """One day: changes, withdrawals, publication, sending, reconciliation."""
        self._change(on)
        now = self._now((on - FIRST).days)
        if is_killed:
            self._kill(lambda: (publish_portal(on, now, self.settings), self._send(on, now)))
        try:
            withdraw_with(self._client(), on, now, self.settings)
            publish_portal(on, now, self.settings)
            self._send(on, now)
        finally:
            done = reconcile(on, now, self.settings, self._client())
            self.incomplete += not done.is_done

    def _send(self, on: date, now: datetime) -> None:
        enqueue(on, now, self.settings)
        send(on, now, self.settings, self._client())

    def _kill(self, work: Callable[[], object]) -> None:
        """Do some work in a process of its own, and kill it without a word after a number of its calls."""
        child = multiprocessing.get_context("fork").Process(
            target=_die_after, args=(self.chance.randrange(5, 60), work)
        )
        child.start()
        child.join()
        self.killed += child.exitcode == -signal.SIGKILL

    def _client(self) -> Client:
        client = client_of(self.simulator, attempts=3, read=2.0)
        client.transport.patience = client.transport.patience.__class__(attempts=3, read=2.0)
        return client

    def _now(self, day: int) -> datetime:
        return datetime(2019, 1, 28, 4, tzinfo=UTC) + timedelta(days=day)

    def _begin(self) -> None:
        with psycopg.connect(self.settings.warehouse_url) as connection:
            for number in range(self.records):
                subject = f"{number // 2:032x}"
                connection.execute(SUBJECT, {"subject": subject, "number": number})
                connection.execute(RECORD, self._record(number) | {"subject": subject, "on": FIRST})

    def _record(self, number: int) -> dict[str, Any]:
        return {"key": f"{number + 1:032x}", "number": number, "until": FIRST + timedelta(days=400)}

    def _change(self, on: date) -> None:
        """Some records change, end, come back, are hidden from one audience, move to another subject."""
        with psycopg.connect(self.settings.warehouse_url) as connection:
            connection.execute("select pg_advisory_xact_lock(%s)", [BUILD_LOCK])
            connection.execute(
                "insert into ops.open_date values (%s, %s) on conflict do nothing", [on, self._now(0)]
            )
            for number in self.chance.sample(range(self.records), self.chance.choice((0, 1, 3, 8))):
                values = {
                    "key": f"{number + 1:032x}",
                    "subject": f"{self.chance.randrange(self.records // 2):032x}",
                    "state": self.chance.choice(("active", "active", "corrected", "revoked", "repaired")),
                    "class": self.chance.choice(("public", "public", "government", "internal")),
                    "fact": f"第 {self.chance.randrange(10**6)} 次说法",
                    "region": self.chance.choice(("420100", "420600")),
                    "until": on + timedelta(days=self.chance.choice((1, 3, 30, 400))),
                }
                moves = self.chance.random() < 0.2
                for each in (DUE, *([MOVE] if moves else []), CHANGE, DUE):
                    connection.execute(each, values)


def _die_after(calls: int, work: Callable[[], object]) -> None:
    """Count the statements of this process and end it at one of them, as kill -9 would."""
    left = [calls]
    execute = psycopg.Cursor.execute
    connected = psycopg.Connection.execute

    def counted(real: Callable[..., Any]) -> Callable[..., Any]:
        def step(*given: Any, **named: Any) -> Any:
            left[0] -= 1
            if left[0] <= 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*given, **named)

        return step

    psycopg.Cursor.execute = counted(execute)  # type: ignore[method-assign]
    psycopg.Connection.execute = counted(connected)  # type: ignore[method-assign]
    work()


def withdraw_with(client: Client, on: date, now: datetime, settings: Settings) -> None:
    """The withdraw task, with a client of ours."""
    real = Client.of
    Client.of = classmethod(lambda cls, _: client)  # type: ignore[assignment,method-assign]
    try:
        withdraw(on, now, settings)
    finally:
        Client.of = real  # type: ignore[method-assign]


def behind_the_gate(settings: Settings, audience: str) -> dict[str, str]:
    """What an audience may see, by key: the content's hash."""
    with psycopg.connect(settings.warehouse_url) as connection:
        return dict(
            connection.execute(
                "select item_key, content_hash from share.disclosable where audience = %s", [audience]
            ).fetchall()
        )


def on_the_platform(simulator: Simulator) -> dict[str, str]:
    """What the platform holds, by key."""
    rows = simulator.platform.store.database.execute("select record_key, content_hash from held").fetchall()
    return dict(rows)


def folder_of(settings: Settings) -> Path:
    """What readers of the portal see."""
    return settings.portal / "current"


SUBJECT = """
insert into core.subject (subject_key, state, name, uscc, file_id, row_no)
values (%(subject)s, 'identified', '样例' || %(number)s, null, 'soak', %(number)s) on conflict do nothing
"""
RECORD = """
insert into core.record (
  subject_key, record_key, determination_kind, catalogue_class_code, document_no, document_on, authority_name,
  party_name, party_category_code, unit_code, severity_code, state, is_under_objection, disclosure_class,
  disclosure_reason, display_from, display_until, policy_rule, is_policy_confirmed, provenance, content_hash,
  valid_on, claim_key
) values (
  %(subject)s, %(key)s, 'penalty', 'administrative', '样例罚' || %(number)s, '2018-06-01', '样例机关',
  '样例主体', 'legal_person', 'HB-AMR', 'ordinary', 'active', false, 'public',
  'open_by_law', '2018-06-01', %(until)s, 'r', true, '{}', '',
  %(on)s, %(key)s
)
"""
DUE = """
insert into share.due_subject (subject_key, audience)
select r.subject_key, a.audience
from core.record as r
cross join (values ('public'), ('government')) as a (audience)
where r.record_key = %(key)s
on conflict do nothing
"""
# A row whose subject changes is another row: on a cluster it may lie on another node.
MOVE = """
with gone as (delete from core.record where record_key = %(key)s returning *)
insert into core.record
select r.*
from gone as g
cross join jsonb_populate_record(
  null::core.record, to_jsonb(g) || jsonb_build_object('subject_key', %(subject)s::text)
) as r
"""
CHANGE = """
update core.record
set state = %(state)s, disclosure_class = %(class)s, fact = %(fact)s, region_code = %(region)s,
  display_until = %(until)s
where record_key = %(key)s
"""

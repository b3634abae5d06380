"""One data date as the flows play it: each task in a process of its own, killed where a trial says so."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import great_expectations  # noqa: F401 - in memory before the forks, as in the scheduler

from conduct_records import failpoints
from conduct_records.contracts.book import load_contracts
from conduct_records.disclosure.delivery import send
from conduct_records.disclosure.marts import publish_marts
from conduct_records.disclosure.outbox import enqueue
from conduct_records.disclosure.proof import prove
from conduct_records.disclosure.publish import publish_portal
from conduct_records.disclosure.reconcile import reconcile
from conduct_records.disclosure.withdraw import withdraw
from conduct_records.exchange.pulls import pull
from conduct_records.intake.inbox import Lane, waiting
from conduct_records.records.build import build
from conduct_records.reports.correction_list import write_correction_lists
from conduct_records.reports.referral_list import write_referral_lists
from conduct_records.reports.subject_notice import write_subject_notices
from conduct_records.reports.verification_report import write_verification_reports
from conduct_records.settings import Settings
from conduct_records.warehouse.arrivals import begin, end
from conduct_records.warehouse.ingest import ingest, sightings


@dataclass(frozen=True)
class Task:
    """One task of a flow: what Airflow would run, and run again when its process is killed."""

    name: str
    work: Callable[[datetime], object]

    def run(self, failpoint: str = "") -> int:
        """Run in a fork with the failpoint set; 0, or what ended it: -9 for a kill, 1 for an exception."""
        return ended(self.start(failpoint))

    def start(self, failpoint: str = "") -> int:
        """Start the fork and return its process id."""
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                code = self._child(failpoint)
            finally:  # also where the error cannot be told: a full disk may hold standard error
                os._exit(code)
        return pid

    def start_stopped(self, failpoint: str) -> int:
        """Start the fork and wait until it stands still at the failpoint."""
        pid = self.start(f"stop:{failpoint}")
        _, status = os.waitpid(pid, os.WUNTRACED)
        if not os.WIFSTOPPED(status):
            raise AssertionError(f"{self.name} ended before {failpoint}")
        return pid

    def _child(self, failpoint: str) -> int:
        os.environ[failpoints.VARIABLE] = failpoint
        try:
            self.work(datetime.now(UTC))
        except BaseException:
            traceback.print_exc()
            sys.stderr.flush()
            return 1
        return 0


def ended(pid: int) -> int:
    """How a fork ended, once it has."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def tasks(day: date, settings: Settings, is_alone: bool = True) -> Iterator[Task]:
    """The tasks of the six flows for one date, in an order in which Airflow may run them.

    A date that is played once at a time hears that its last flow was the last; of two plays one may not.
    """
    for flow, feed in (("pull_pushed_cases", "pushed_cases"), ("pull_evaluations", "evaluations")):
        yield Task(flow, partial(_pulled, flow, feed, day, settings))
    yield Task("ingest_submissions.lanes", partial(_begun, day, settings))
    for lane in waiting(settings, day, sightings(settings)):
        yield Task("ingest_submissions.ingest", partial(_ingested, lane, settings))
    yield Task("ingest_submissions.close", partial(_closed, day, settings, is_alone))
    for name, function in (("build_records.build", build), ("build_records.withdraw", withdraw)):
        yield Task(name, partial(_called, function, day, settings))
    yield Task("build_records.refer", lambda _: _referred(day, settings))
    yield Task("build_records.report", lambda _: _reported(day, settings))
    yield Task("publish_marts.publish", partial(_called, publish_marts, day, settings))
    yield Task("share_records.publish", partial(_called, publish_portal, day, settings))
    yield Task("share_records.send", partial(_sent, day, settings))
    yield Task("share_records.prove", partial(_proven, day, settings))


def play(
    day: date,
    settings: Settings,
    failpoint: Callable[[str, int], str] = lambda *_: "",
    is_alone: bool = True,
) -> int:
    """Play one date to its end; a task that is killed is run again. Returns how often one was killed.

    `failpoint` gives the failpoint of a task by its name and by how many of that name went before.
    """
    load_contracts()  # once for all forks
    killed = 0
    before: Counter[str] = Counter()
    for task in tasks(day, settings, is_alone):
        code = task.run(failpoint(task.name, before[task.name]))
        before[task.name] += 1
        if code == -signal.SIGKILL:
            killed += 1
            code = task.run()
        if code != 0:
            raise AssertionError(f"{task.name} of {day} ended with {code}")
    return killed


def _pulled(flow: str, feed: str, day: date, settings: Settings, now: datetime) -> None:
    begin(flow, day, now, settings)
    outcome = pull(feed, day, now, settings)
    if outcome.state != "complete":
        raise RuntimeError(f"{feed} is {outcome.state}: {outcome.reason}")
    end(flow, day, now, settings)


def _begun(day: date, settings: Settings, now: datetime) -> None:
    begin("ingest_submissions", day, now, settings)


def _ingested(lane: Lane, settings: Settings, now: datetime) -> None:
    ingest(lane, now, settings)


def _closed(day: date, settings: Settings, is_alone: bool, now: datetime) -> None:
    if not end("ingest_submissions", day, now, settings) and is_alone:
        raise RuntimeError("the last flow of the date is not known as the last")


def _called(function: Callable[..., Any], day: date, settings: Settings, now: datetime) -> None:
    function(day, now, settings)


def _referred(day: date, settings: Settings) -> None:
    write_referral_lists(settings, day)
    write_correction_lists(settings, day)


def _reported(day: date, settings: Settings) -> None:
    write_verification_reports(settings, day)
    write_subject_notices(settings, day)


def _sent(day: date, settings: Settings, now: datetime) -> None:
    enqueue(day, now, settings)
    send(day, now, settings)


def _proven(day: date, settings: Settings, now: datetime) -> None:
    reconcile(day, now, settings)
    prove(day, now, settings)

"""Runs data dates through the running scheduler and watches each flow of each date end."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from conduct_records.local.airflow_api import AirflowApi
from conduct_records.local.stack import FLOWS, Stack
from conduct_records.warehouse.arrivals import INGESTION

LETS_GO = {"pull", "close"}  # the task of an ingestion flow that the build follows
ENDED = {"success", "failed"}
QUIET_SECONDS = 20.0  # a following flow starts within a second of its last asset
POLL_SECONDS = 0.25


class NightFailed(RuntimeError):
    """A flow failed or did not follow; the message names flow, date and task."""


@dataclass
class Nights:
    """The work of a range of data dates; `seconds` sums the time of each flow's runs."""

    stack: Stack
    api: AirflowApi
    seconds: Counter[str] = field(default_factory=Counter)

    def in_turn(self, dates: Sequence[date]) -> None:
        """One night after the other, each to its end, as it would have happened."""
        for day in dates:
            since = datetime.now(UTC)
            for flow in INGESTION:
                self.api.trigger(flow, day)
            self._watch([day], since)

    def backfilled(
        self, dates: Sequence[date], *, backwards: bool = False, beside: Sequence[date] = ()
    ) -> None:
        """A backfill of the whole range at once, runs that have been done included.

        The dates of `beside` are triggered at the same time, as live runs are.
        """
        for flow in INGESTION:
            self.api.close_backfills(flow)
        since = datetime.now(UTC)
        for flow in INGESTION:
            self.api.backfill(flow, min(dates), max(dates), backwards=backwards)
            for day in beside:
                self.api.trigger(flow, day)
        self._watch([*dates, *beside], since)

    def _watch(self, dates: Sequence[date], since: datetime) -> None:
        days = {str(day) for day in dates}
        shown: set[str] = set()
        last_change = time.monotonic()
        while True:
            runs = [run for run in self.api.runs(since=since) if run["partition_key"] in days]
            ended = [run for run in runs if run["state"] in ENDED]
            fresh = [run for run in ended if run["dag_run_id"] not in shown]
            for run in fresh:
                self._show(run)
            shown |= {run["dag_run_id"] for run in fresh}
            active = len(runs) > len(ended)
            if fresh or active:
                last_change = time.monotonic()
            is_quiet = time.monotonic() - last_change > QUIET_SECONDS
            missing = [day for day in sorted(days) if active or not self._is_shared(day, ended)]
            if not missing and (is_quiet or _is_level(ended)):
                return
            if is_quiet:
                raise NightFailed(f"nothing runs any more, but not all went out of {', '.join(missing)}")
            self.stack.check()
            time.sleep(POLL_SECONDS)

    def _is_shared(self, day: str, ended: list[dict[str, Any]]) -> bool:
        """Whether all that came in for `day` went out: its last sharing began after the last arrival."""
        runs = [run for run in ended if run["partition_key"] == day]
        if {run["dag_id"] for run in runs} != set(FLOWS):
            return False
        arrivals = [self._arrived(run) for run in runs if run["dag_id"] in INGESTION]
        sharings = [datetime.fromisoformat(run["start_date"]) for run in runs if run["dag_id"] == FLOWS[-1]]
        return max(sharings) > max(arrivals)

    def _arrived(self, run: dict[str, Any]) -> datetime:
        """When an ingestion run let the build follow; its last tasks may go on after that."""
        tasks = self.api.tasks(run["dag_id"], run["dag_run_id"])
        ends = [task["end_date"] for task in tasks if task["task_id"] in LETS_GO]
        return max(datetime.fromisoformat(moment) for moment in ends)

    def _show(self, run: dict[str, Any]) -> None:
        took = float(run["duration"] or 0)
        self.seconds[run["dag_id"]] += took  # type: ignore[assignment]
        self.stack.say(f"{run['partition_key']}  {run['dag_id']:<20} {run['state']:<8} {took:5.1f} s")
        if run["state"] == "failed":
            tasks = self.api.tasks(run["dag_id"], run["dag_run_id"])
            failed = [task["task_id"] for task in tasks if task["state"] == "failed"]
            logs = self.stack.state / "airflow" / "logs" / f"dag_id={run['dag_id']}"
            names = ", ".join(failed)
            raise NightFailed(f"{run['dag_id']} of {run['partition_key']} failed in {names}: see {logs}")


def _is_level(ended: list[dict[str, Any]]) -> bool:
    """Whether each build was followed by its marts and these by their sharing."""
    runs = Counter(run["dag_id"] for run in ended)
    return len({runs[flow] for flow in FLOWS[3:]}) == 1

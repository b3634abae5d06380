"""Airflow's public API, as far as a run over a range of dates needs it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

TIMEOUT = (2.0, 30.0)
WARMING = (2.0, 90.0)


class ApiRefused(RuntimeError):
    """Airflow answered with an error; the message is one line."""


@dataclass
class AirflowApi:
    """A signed-in client of one Airflow at `address`, e.g. http://127.0.0.1:8080."""

    address: str
    user: str
    password: str = field(repr=False)

    def __post_init__(self) -> None:
        self._session = requests.Session()
        self._session.trust_env = False  # a proxy for the outside has no business with loopback
        # A page that is late on a busy machine is asked for again; what changes something is said once.
        again = Retry(total=3, connect=0, allowed_methods={"GET"})
        self._session.mount("http://", HTTPAdapter(max_retries=again))

    def is_ready(self) -> bool:
        """Whether the pages answer and scheduler and DAG processor have said they live."""
        try:
            answer = self._session.get(self._path("monitor/health"), timeout=TIMEOUT)
        except requests.RequestException:
            return False
        if not answer.ok:
            return False
        return all(answer.json()[part]["status"] == "healthy" for part in ("scheduler", "dag_processor"))

    def warm(self) -> None:
        """Let the server make its task API now: the first task would wait for it (3 s of a core)."""
        self._session.get(f"{self.address}/execution/health", timeout=WARMING)

    def sign_in(self) -> None:
        """Get a token for the calls that follow."""
        body = {"username": self.user, "password": self.password}
        answer = self._session.post(f"{self.address}/auth/token", json=body, timeout=TIMEOUT)
        answer.raise_for_status()
        self._session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def parsed_since(self, moment: datetime) -> set[str]:
        """Ids of the DAGs whose file was parsed after `moment` and is usable."""
        rows = self._get("dags", limit=100)["dags"]
        fresh = [row for row in rows if datetime.fromisoformat(row["last_parsed_time"]) > moment]
        return {row["dag_id"] for row in fresh if not row["has_import_errors"]}

    def import_errors(self) -> list[str]:
        """One line per DAG file that can't be parsed."""
        rows = self._get("importErrors", limit=100)["import_errors"]
        return [f"{row['filename']}: {row['stack_trace'].strip().splitlines()[-1]}" for row in rows]

    def ensure_pool(self, name: str, slots: int) -> None:
        """Make a pool where there is none."""
        if self._session.get(self._path(f"pools/{name}"), timeout=TIMEOUT).status_code == 404:
            self._send("POST", "pools", {"name": name, "slots": slots})

    def trigger(self, dag_id: str, partition: date | str) -> str:
        """Start a run of one partition by hand; the run's id."""
        body = {"logical_date": None, "partition_key": str(partition)}
        return str(self._send("POST", f"dags/{dag_id}/dagRuns", body)["dag_run_id"])

    def answer(self, dag_id: str, run_id: str, task_id: str, option: str) -> None:
        """Choose an option of a task that waits for a person, as its page does."""
        place = f"dags/{dag_id}/dagRuns/{run_id}/taskInstances/{task_id}/-1/hitlDetails"
        self._send("PATCH", place, {"chosen_options": [option], "params_input": {}})

    def backfill(self, dag_id: str, first: date, last: date, *, backwards: bool = False) -> int:
        """Ask for the runs of a partitioned DAG from `first` to `last`, both included; the backfill's id.

        Partitions that have a run get another one, whatever came of it.
        """
        body = {
            "dag_id": dag_id,
            "from_date": f"{first}T00:00:00Z",
            # The range is read on the partition's own time of day: midnight would drop the last one.
            "to_date": f"{last}T23:59:59Z",
            "run_backwards": backwards,
            "reprocess_behavior": "completed",
        }
        return int(self._send("POST", "backfills", body)["id"])

    def close_backfills(self, dag_id: str) -> None:
        """Close backfills whose runs have ended: Airflow allows one at a time and notices every 30 s."""
        if any(run["state"] in {"queued", "running"} for run in self.runs(dag_id=dag_id)):
            return
        for row in self._get("backfills", dag_id=dag_id, limit=100, order_by="-id")["backfills"]:
            if row["completed_at"] is None:
                self._send("PUT", f"backfills/{row['id']}/cancel", None)

    def runs(self, *, dag_id: str = "~", since: datetime | None = None) -> list[dict[str, Any]]:
        """The runs of one DAG or of all that changed after `since`, as the API gives them."""
        query = {} if since is None else {"updated_at_gte": since.isoformat()}
        found: list[dict[str, Any]] = []
        while True:
            page = self._get(f"dags/{dag_id}/dagRuns", limit=100, offset=len(found), order_by="id", **query)
            found += page["dag_runs"]
            if len(found) >= page["total_entries"] or not page["dag_runs"]:
                return found

    def tasks(self, dag_id: str, run_id: str) -> list[dict[str, Any]]:
        """The task instances of one run, as the API gives them."""
        return list(self._get(f"dags/{dag_id}/dagRuns/{run_id}/taskInstances", limit=100)["task_instances"])

    def running(self) -> list[dict[str, Any]]:
        """The task instances of all runs that a process works at, as the API gives them."""
        rows = self._get("dags/~/dagRuns/~/taskInstances", state="running", limit=100)
        return list(rows["task_instances"])

    def _path(self, path: str) -> str:
        return f"{self.address}/api/v2/{path}"

    def _send(self, method: str, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
        answer = self._session.request(method, self._path(path), json=body, timeout=TIMEOUT)
        if not answer.ok:
            raise ApiRefused(f"Airflow refuses {method} {path}: {answer.status_code} {answer.text[:300]}")
        return dict(answer.json())

    def _get(self, path: str, **query: str | int) -> dict[str, Any]:
        answer = self._session.get(self._path(path), params=query, timeout=TIMEOUT)
        answer.raise_for_status()
        return dict(answer.json())

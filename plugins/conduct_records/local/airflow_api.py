"""Airflow's public API, as far as a run over a range of dates needs it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import requests

TIMEOUT = (2.0, 30.0)


@dataclass
class AirflowApi:
    """A signed-in client of one Airflow at `address`, e.g. http://127.0.0.1:8080."""

    address: str
    user: str
    password: str = field(repr=False)

    def __post_init__(self) -> None:
        self._session = requests.Session()
        self._session.trust_env = False  # a proxy for the outside has no business with loopback

    def is_ready(self) -> bool:
        """Whether the pages answer and scheduler and DAG processor have said they live."""
        try:
            answer = self._session.get(f"{self.address}/api/v2/monitor/health", timeout=TIMEOUT)
        except requests.RequestException:
            return False
        if not answer.ok:
            return False
        return all(answer.json()[part]["status"] == "healthy" for part in ("scheduler", "dag_processor"))

    def sign_in(self) -> None:
        """Get a token for the calls that follow."""
        body = {"username": self.user, "password": self.password}
        answer = self._session.post(f"{self.address}/auth/token", json=body, timeout=TIMEOUT)
        answer.raise_for_status()
        self._session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def dags(self) -> set[str]:
        """Ids of the DAGs that are parsed and usable."""
        return {row["dag_id"] for row in self._get("dags", limit=100)["dags"] if not row["has_import_errors"]}

    def import_errors(self) -> list[str]:
        """One line per DAG file that can't be parsed."""
        rows = self._get("importErrors", limit=100)["import_errors"]
        return [f"{row['filename']}: {row['stack_trace'].strip().splitlines()[-1]}" for row in rows]

    def backfill(
        self, dag_id: str, first: date, last: date, *, backwards: bool = False, reprocess: str = "completed"
    ) -> int:
        """Ask for the runs of a partitioned DAG from `first` to `last`, both included; the backfill's id.

        `reprocess` says what to do with a partition that has a run: none, failed, completed (all of them).
        """
        body = {
            "dag_id": dag_id,
            "from_date": f"{first}T00:00:00Z",
            # The range is read on the partition's own time of day: midnight would drop the last one.
            "to_date": f"{last}T23:59:59Z",
            "run_backwards": backwards,
            "reprocess_behavior": reprocess,
        }
        answer = self._session.post(f"{self.address}/api/v2/backfills", json=body, timeout=TIMEOUT)
        if not answer.ok:
            raise RuntimeError(f"backfill of {dag_id} refused: {answer.text}")
        return int(answer.json()["id"])

    def is_done(self, backfill_id: int) -> bool:
        """Whether every run of a backfill has ended."""
        return self._get(f"backfills/{backfill_id}")["completed_at"] is not None

    def runs(self, dag_id: str = "~") -> list[dict[str, Any]]:
        """The newest 500 runs of one DAG or of all, as the API gives them."""
        order = "-run_after"
        return list(self._get(f"dags/{dag_id}/dagRuns", limit=500, order_by=order)["dag_runs"])

    def tasks(self, dag_id: str, run_id: str) -> list[dict[str, Any]]:
        """The task instances of one run, as the API gives them."""
        return list(self._get(f"dags/{dag_id}/dagRuns/{run_id}/taskInstances", limit=500)["task_instances"])

    def _get(self, path: str, **query: str | int) -> dict[str, Any]:
        answer = self._session.get(f"{self.address}/api/v2/{path}", params=query, timeout=TIMEOUT)
        answer.raise_for_status()
        return dict(answer.json())

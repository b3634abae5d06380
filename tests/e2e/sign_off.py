"""`make e2e-sign-off`: the sign-off of the provincial reports in a running Airflow, all its ends (H1).

The reports of three months are drafted: approved they are released byte for byte, rejected or left unanswered
they are not. It takes about a minute, so the test suite does not run it. Exit 1: something differs.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from bench.machine import ENDED, POLL_SECONDS, machine
from conduct_records.local.airflow_api import AirflowApi
from conduct_records.local.nights import Nights
from conduct_records.local.samples import copy_samples
from conduct_records.local.stack import Stack

FLOW = "report_progress"
DAY = date(2019, 1, 28)
WAITING = "awaiting_input"
SECONDS = 20  # within which a person must answer
SETTINGS = {
    "CONDUCT_RECORDS_SIGN_OFF_HOURS": str(SECONDS / 3600),
    "AIRFLOW__SCHEDULER__TRIGGER_TIMEOUT_CHECK_INTERVAL": "1",
}
PLAYED = {"2018-11": "Reject", "2018-12": None, "2019-01": "Approve"}  # a month to what the person answers
RELEASED = {"2019-01"}


def main() -> int:
    """Play all of it, say how each run ended."""
    with machine(copy_samples, DAY, SETTINGS) as (stack, api):
        Nights(stack, api).in_turn([DAY])
        ended = {month: play(stack, api, month, answer) for month, answer in PLAYED.items()}
        wrong = list(differences(stack.state / "reports", ended))
    for line in (*[f"{month}: {states}" for month, states in ended.items()], *wrong):
        print(line)
    return 1 if wrong else 0


def play(stack: Stack, api: AirflowApi, month: str, answer: str | None) -> dict[str, str]:
    """One run of the flow; answers its question where there is an answer. Returns the state of each task."""
    run_id = api.trigger(FLOW, month)
    waited = False
    while True:
        states = {task["task_id"]: str(task["state"]) for task in api.tasks(FLOW, run_id)}
        if answer and not waited and states["sign_off"] == WAITING:
            api.answer(FLOW, run_id, "sign_off", answer)
        waited = waited or states["sign_off"] == WAITING
        if _run(api, run_id)["state"] in ENDED:
            return states | {"waited": str(waited), "run": str(_run(api, run_id)["state"])}
        stack.check()
        time.sleep(POLL_SECONDS)


def differences(reports: Path, ended: dict[str, dict[str, str]]) -> Iterator[str]:
    """What is not as it must be: drafts of each month, released ones of the approved month alone."""
    for month, states in ended.items():
        wanted = "success" if month in RELEASED else "skipped"
        expected = {"draft": "success", "sign_off": "success", "release": wanted, "score": wanted}
        if states != expected | {"waited": "True", "run": "success"}:
            yield f"{month}: wanted {expected}"
        drafts = {path.name: path.read_bytes() for path in (reports / "draft" / month).iterdir()}
        folder = reports / "released" / month
        released = {path.name: path.read_bytes() for path in folder.iterdir()} if folder.is_dir() else {}
        released.pop("sign-off.json", None)
        if released != (drafts if month in RELEASED else {}) or not drafts:
            yield f"{month}: {len(drafts)} drafts and {len(released)} released files"


def _run(api: AirflowApi, run_id: str) -> dict[str, Any]:
    (found,) = [run for run in api.runs(dag_id=FLOW) if run["dag_run_id"] == run_id]
    return found


if __name__ == "__main__":
    sys.exit(main())

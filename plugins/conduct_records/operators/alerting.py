"""What Airflow calls when something went wrong: each leaves an alert, and never makes it worse by raising."""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from conduct_records.settings import BEIJING, Settings

log = logging.getLogger(__name__)


def task_failed(context: Any) -> None:
    """A task has failed after its last retry: `on_failure_callback` of every flow."""
    task = context["ti"]
    lane = getattr(task, "rendered_map_index", None) or getattr(task, "map_index", -1)
    about = f"{task.dag_id}.{task.task_id}" + ("" if lane in (-1, "-1") else f" {lane}")
    error = context.get("exception")
    detail = _reason(error) if isinstance(error, BaseException) else "killed"
    _raise("task_failed", about, context["dag_run"].partition_key, detail)


def deadline_missed(context: Any) -> None:
    """A flow's run was not over in time: the callback of its DeadlineAlert."""
    run = context["dag_run"]  # as the API gives it: a mapping
    _raise("deadline_missed", run["dag_id"], run.get("partition_key"), run["dag_run_id"])


def import_failed(filename: str, stacktrace: str) -> None:
    """A DAG file cannot be loaded: called by the listener in the DAG processor."""
    lines = stacktrace.strip().splitlines() or ["no message"]
    _raise("dag_import_error", Path(filename).name, None, lines[-1][:300])


def _reason(error: BaseException) -> str:
    from conduct_records.warehouse.runs import reason_of

    return reason_of(error)


def _raise(code: str, about: str, key: str | None, detail: str) -> None:
    from conduct_records.upkeep.alerts import Alert, raise_alert

    now = datetime.now(UTC)
    day = _day(key) if key else (now.astimezone(BEIJING) - timedelta(days=1)).date()
    try:
        raise_alert(Alert(code, about, day, detail), now, Settings.load())
    except Exception as error:
        log.error("ALERT %s %s %s: %s (not kept: %s)", code, about, day, detail, type(error).__name__)


def _day(key: str) -> date:
    """The data date of a partition key; of a month, its first day."""
    return date.fromisoformat(key if key.count("-") == 2 else f"{key}-01")

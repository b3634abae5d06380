"""What Airflow calls when something went wrong: each leaves an alert, and never makes it worse by raising."""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conduct_records.settings import BEIJING, Settings

if TYPE_CHECKING:
    from conduct_records.upkeep.alerts import Alert

log = logging.getLogger(__name__)
_told: set[Alert] = set()  # by this process without a table: a DAG file that stays broken is told once, too


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
    from conduct_records.upkeep.alerts import Alert, raise_alert, tell

    now, settings = datetime.now(UTC), Settings.load()
    alert = Alert(code, about, _day(key, now), detail)
    try:
        raise_alert(alert, now, settings)
    except Exception as error:  # a warehouse that is away is what people must hear of first
        log.error("the alert is not kept: %s", type(error).__name__)
        if alert not in _told:
            _told.add(alert)
            tell(alert, settings)


def _day(key: str | None, now: datetime) -> date:
    """The data date of a partition key, of a month its first day; yesterday where it is none."""
    try:
        return date.fromisoformat(f"{key}-01" if key and key.count("-") == 1 else str(key))
    except ValueError:
        return (now.astimezone(BEIJING) - timedelta(days=1)).date()

"""From when a run's deadline counts, said in a class of our own.

Airflow 3.3 cannot clear a task of a run whose deadline counts by its own DAGRUN_QUEUED_AT: it answers with
error 500 until the deadline is over (apache/airflow issue 70368). It leaves other references alone.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from airflow.sdk.definitions.deadline import BaseDeadlineReference

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class FirstQueuedAt(BaseDeadlineReference):
    """When the run was first queued; a run that is cleared keeps its deadline."""

    required_kwargs = frozenset({"dag_id", "run_id"})

    def _evaluate_with(self, *, session: Session, **run: Any) -> datetime | None:
        """Called by the scheduler as it makes the run."""
        from airflow.models import DagRun
        from sqlalchemy import select

        return session.scalar(select(DagRun.queued_at).filter_by(**run))

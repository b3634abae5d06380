"""Looks at the whole once a day and tells people what is wrong."""

from __future__ import annotations

from airflow.sdk import DAG, task

from conduct_records.operators.flow import MORNING, ingestion
from conduct_records.operators.running import step

DOC = """
Compares what there is with what there should be for the data date: feeds without new data, places in the
inbox that nobody reads, contracts that cannot be used, steps that did not end well, incomplete pulls, pushed
rows that cannot be used, refusals of the platform, a backlog, objections, referrals and rectifications past
their day, stale marts. What is new is told once; what is well
again is settled. Each code has its section in `docs/runbook.md`.

**When it fails**: the warehouse does not answer, or its schema is another one; the log says which in one
line. No alert of that morning has been raised: look at the flows by hand.

Clearing is safe: an alert that stands is not raised twice.
"""

with DAG("watch_feeds", schedule=MORNING, doc_md=DOC, tags=["upkeep"], **ingestion()):

    @task
    def watch() -> list[str]:
        """Raise what is wrong, settle what is well again."""
        from conduct_records.upkeep.watch import watch as look

        return [f"{alert.alert_code} {alert.about}" for alert in look(*step())]

    watch()

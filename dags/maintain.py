"""Removes what has been kept long enough."""

from __future__ import annotations

from airflow.sdk import DAG, task

from conduct_records.operators.flow import WEEKLY, ingestion, step

DOC = """
Removes raw files, logs, landed pages and settled alerts whose time is over, by
`include/schemas/retention.yaml`. Evidence, records, decisions, the publication log and the vault are
never removed here; a raw file that landing does not know stays.

**When it fails**: the log names the folder or statement. Nothing else waits for it.

Clearing is safe: what is gone is gone, what is due goes.
"""

with DAG("maintain", schedule=WEEKLY, doc_md=DOC, tags=["upkeep"], **ingestion()):

    @task
    def remove_old() -> dict[str, int]:
        """Remove, and say how much of each."""
        from conduct_records.upkeep.retention import remove_old as remove

        return remove(*step())

    remove_old()

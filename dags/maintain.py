"""Removes what has been kept long enough, and proves the whole of what is published."""

from __future__ import annotations

from airflow.sdk import DAG, task

from conduct_records.operators.flow import EXCHANGE_POOL, WEEKLY, ingestion
from conduct_records.operators.running import step

DOC = """
Removes raw files, logs, landed pages and settled alerts whose time is over, by
`include/schemas/retention.yaml`. Evidence, records, decisions, the publication log and the vault are
never removed here; a raw file that landing does not know stays.

`prove_all` reads everything that is published back and compares it with core, as `share_records` does each
night for what may have changed.

**When it fails**: the log names the folder, statement, or artefact and key. Nothing else waits for it. What
`prove_all` names is urgent: run `share_records` again, then clear the task.

Clearing is safe: what is gone is gone, what is due goes.
"""

with DAG("maintain", schedule=WEEKLY, doc_md=DOC, tags=["upkeep"], **ingestion()):

    @task
    def remove_old() -> dict[str, int]:
        """Remove, and say how much of each."""
        from conduct_records.upkeep.retention import remove_old as remove

        return remove(*step())

    @task(pool=EXCHANGE_POOL)
    def prove_all() -> int:
        """Read every published file back, whatever changed; on other nights the changes are proved."""
        from conduct_records.disclosure.proof import prove
        from conduct_records.warehouse.runs import noted

        given = step()
        with noted("prove_all", *given) as run:
            run.counts["artefacts"] = prove(*given, is_whole=True).artefacts
        return run.counts["artefacts"]

    remove_old()
    prove_all()

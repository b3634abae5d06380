"""Records become marts: a new version is built, checked and made current."""

from __future__ import annotations

from airflow.sdk import DAG, task

from conduct_records.operators.flow import MARTS, RECORDS, following, one_at_a_time, tables
from conduct_records.operators.running import step

DOC = """
Writes the star schema for BI as a new version and moves one row in `marts.current_version` when its
checks pass.

**When it fails**: readers keep the last good version. The log names the check. Clearing is safe.
"""

with DAG(
    "publish_marts", schedule=following(RECORDS), doc_md=DOC, tags=["publish", "marts"], **one_at_a_time()
):

    @task(
        inlets=tables("core.record", "core.subject", "core.conduct_case", "landing.file", "ops.issue"),
        outlets=[MARTS, *tables("marts.fact_record", "marts.fact_case", "marts.fact_submission")],
    )
    def publish() -> int:
        """Build, check and make current; returns the version that readers see."""
        from conduct_records.disclosure.marts import publish_marts

        return publish_marts(*step()).version_no

    publish()

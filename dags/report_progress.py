"""The provincial office's reports: drafted from the marts each month, released only after a sign-off."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk import DAG, get_current_context, task

from conduct_records.operators.flow import MONTHLY, due_in, ingestion
from conduct_records.operators.running import data_month
from conduct_records.settings import Settings

DOC = """
Writes the monthly bulletin on the 3rd of the following month, with each third month the quarterly report
and with December the yearly assessment, from the marts alone. A person signs them off under *Required
actions*; then they are released byte for byte, and each unit gets its own scorecard. Nobody answering
within `CONDUCT_RECORDS_SIGN_OFF_HOURS` (72) means: **not released**.

**When it fails**

1. `draft`: the marts can't be read; look at `publish_marts`. Drafts stand under `reports/draft/<period>/`.
2. `sign_off` rejected or run out: `release` and `score` are skipped. Correct the data, clear `draft`, sign
   off again.
3. `release`: a draft was written again after its sign-off; clear `sign_off` and decide again.

A run by hand takes the month as its partition key, e.g. 2019-01. Clearing is safe.
"""

BODY = """
{% for name, sha in ti.xcom_pull(task_ids='draft').items() %}
- `{{ name }}` {{ sha[:12] }}
{% endfor %}
"""

with DAG(
    "report_progress",
    schedule=MONTHLY,
    doc_md=DOC,
    tags=["report", "marts"],
    **ingestion() | {"max_active_runs": 1, "deadline": due_in(Settings.load().sign_off + timedelta(days=1))},
):

    @task
    def draft() -> dict[str, str]:
        """Write what is due; the digests are what is signed off."""
        from conduct_records.reports.progress_files import write_drafts

        return write_drafts(Settings.load(), data_month())

    sign_off = ApprovalOperator(
        task_id="sign_off",
        subject="Release the reports of {{ dag_run.partition_key }} to the provincial office?",
        body=BODY,
        defaults=ApprovalOperator.REJECT,
        response_timeout=Settings.load().sign_off,
    )

    @task
    def release(signed: dict[str, str], answer: dict[str, Any]) -> list[str]:
        """Put what was signed off where the provincial office reads it."""
        from conduct_records.reports.progress_files import release as release_reports

        said = {"signed_by": answer.get("responded_by_user"), "signed_at": str(answer["responded_at"])}
        said["run_id"] = str(get_current_context()["run_id"])
        return release_reports(Settings.load(), signed, said)

    @task
    def score() -> int:
        """Give each unit its own scorecard, once the reports that hold the same figures are out."""
        from conduct_records.reports.scorecard import write_scorecards

        return len(write_scorecards(Settings.load(), data_month()))

    drafts = draft()
    drafts >> sign_off
    release(drafts, sign_off.output) >> score()

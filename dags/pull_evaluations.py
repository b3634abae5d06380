"""Public credit evaluation results, pulled for one data date."""

from __future__ import annotations

from airflow.sdk import DAG

from conduct_records.operators.flow import EVALUATIONS, NIGHTLY, ingestion
from conduct_records.operators.ingestion import pull_and_close

DOC = """
Pulls the evaluation results of one data date page by page into landing. Takes backfills; pages already
landed are replayed.

**When it fails or says INCOMPLETE**

1. Read the task's log: the line with INCOMPLETE names the page and the reason.
2. `conduct-records diagnose evaluations` shows the last pulls and what is missing.
3. Platform down or slow: wait; the next run resumes at the page that failed. What came is kept, nothing
   is removed.
4. 401: check EXCHANGE_CLIENT_ID and EXCHANGE_CLIENT_SECRET with the platform.
5. `pull` failed for good: `close` still lets the build follow with what came, and `work_failed` makes the
   run fail.

Clearing is safe: `build_records` follows once more for that date.
"""

with DAG("pull_evaluations", schedule=NIGHTLY, doc_md=DOC, tags=["pull", "exchange"], **ingestion()):
    pull_and_close("evaluations", EVALUATIONS, "evidence.evaluation")

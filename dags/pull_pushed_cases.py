"""Cases that the national platform pushes, pulled for one data date."""

from __future__ import annotations

from typing import Any

from airflow.sdk import DAG, task

from conduct_records.operators.flow import (
    EXCHANGE_POOL,
    INGESTED_OUTLET,
    NIGHTLY,
    PUSHED_CASES,
    begin,
    end,
    ingestion,
    report_pull,
    step,
    tables,
)

DOC = """
Pulls the cases of one data date page by page into landing. Takes backfills; pages already landed are
replayed.

**When it fails or says INCOMPLETE**

1. Read the task's log: the line with INCOMPLETE names the page and the reason.
2. `conduct-records diagnose pushed_cases` shows the last pulls and what is missing.
3. Platform down or slow: wait; the next run resumes at the page that failed. What came is kept, nothing
   is removed.
4. 401: check EXCHANGE_CLIENT_ID and EXCHANGE_CLIENT_SECRET with the platform.

Clearing is safe: `build_records` follows once more for that date.
"""

with DAG("pull_pushed_cases", schedule=NIGHTLY, doc_md=DOC, tags=["pull", "exchange"], **ingestion()):

    @task(
        outlets=[
            PUSHED_CASES,
            INGESTED_OUTLET,
            *tables("landing.pull", "landing.page", "evidence.pushed_case"),
        ],
        pool=EXCHANGE_POOL,
    )
    def pull() -> dict[str, Any]:
        """Pull the feed; an incomplete pull is reported and still counts as done."""
        from conduct_records.exchange.pulls import pull as pull_feed

        begin()
        report = report_pull(pull_feed("pushed_cases", *step()))
        end()
        return report

    pull()

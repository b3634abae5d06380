"""Tasks that the ingestion flows share: the pull of a feed, and how a flow ends whatever came of its work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow.sdk import Asset, task
from airflow.sdk.exceptions import AirflowFailException

from conduct_records.operators.flow import EXCHANGE_POOL, INGESTED_OUTLET, tables
from conduct_records.operators.running import begin, end, report_pull, step

if TYPE_CHECKING:
    from airflow.sdk.definitions.xcom_arg import XComArg


PULL_DOC = """
Pulls the {what} of one data date page by page into landing. Takes backfills; pages already landed are
replayed.

**When it fails or says INCOMPLETE**

1. Read the task's log: the line with INCOMPLETE names the page and the reason.
2. `conduct-records diagnose {feed}` shows the last pulls and what is missing.
3. Platform down or slow: wait; the next run resumes at the page that failed. What came is kept, nothing
   is removed.
4. 401: check EXCHANGE_CLIENT_ID and EXCHANGE_CLIENT_SECRET with the platform.
5. `pull` failed for good: `close` still lets the build follow with what came, and `work_failed` makes the
   run fail.

Clearing is safe: `build_records` follows once more for that date.
"""


def pull_and_close(feed: str, asset: Asset, evidence: str) -> None:
    """Pull `feed` into landing and the table `evidence`, then let the build follow.

    A pull that dies for good holds up neither the build nor the withdrawals of its date (E6); its run
    fails all the same.
    """

    @task(outlets=[asset, *tables("landing.pull", "landing.page", evidence)], pool=EXCHANGE_POOL)
    def pull() -> dict[str, Any]:
        """Pull the feed; an incomplete pull is reported and still counts as done."""
        from conduct_records.exchange.pulls import pull as pull_feed

        begin()
        return report_pull(pull_feed(feed, *step()))

    @task(outlets=[INGESTED_OUTLET], trigger_rule="all_done")
    def close() -> None:
        """Let the build go on with what came."""
        end()

    pull() >> [close(), work_failed()]


def work_failed() -> XComArg:
    """Make the run fail when work before it did: a run's state is that of its last tasks.

    It tells nobody: what failed before it has.
    """

    @task(trigger_rule="one_failed", retries=0, on_failure_callback=None)
    def work_failed() -> None:
        """Fail, so that the run does."""
        raise AirflowFailException("a task before this one failed: see its log")

    return work_failed()

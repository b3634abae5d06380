"""Evidence becomes records; what must leave the feeds leaves them, even when the build fails."""

from __future__ import annotations

from datetime import date
from typing import Any

from airflow.sdk import DAG, task
from airflow.sdk.exceptions import AirflowFailException

from conduct_records.operators.flow import EVIDENCE, INGESTED, RECORDS, following, one_at_a_time, tables
from conduct_records.operators.running import step

DOC = """
Folds evidence into records when the last of a date's three ingestion flows has ended, and again after one
of them was run again, as of the latest open date. One transaction, one builder at a time: a failed build
changes nothing.

**When it fails**

1. `build`: the log names the check or statement. Readers still have the last good version.
2. `withdraw` runs whatever the build did, and fails with it, so the run shows the failure; nothing is
   published.
3. `refer`, `report`: the outbox of the units is not writable; the lists, reports and notices are written
   again by clearing the task.
4. `conduct-records build --full` folds all subjects again and must give the same digest.

Clearing is safe. A run may also be triggered by hand with a data date as its partition key.
"""

with DAG(
    "build_records",
    schedule=following(INGESTED),
    doc_md=DOC,
    tags=["build"],
    **one_at_a_time(),
):

    @task(
        inlets=[*EVIDENCE, *tables("landing.file", "evidence.pushed_case", "evidence.evaluation")],
        outlets=tables("core.claim", "core.subject", "core.record", "core.list_entry", "core.target"),
    )
    def build() -> dict[str, Any]:
        """Fold the claims of the touched subjects and compute the digest."""
        from conduct_records.records.build import build as build_records

        built = build_records(*step())
        return {"run_id": built.run_id, "valid_on": str(built.valid_on), "digest": built.digest}

    @task(
        inlets=tables("core.record"),
        outlets=[RECORDS, *tables("share.withdrawal")],
        trigger_rule="all_done",
    )
    def withdraw(built: dict[str, Any] | None) -> None:
        """Take ended records out of every feed; only after a good build may publication follow."""
        from conduct_records.disclosure.withdraw import withdraw as withdraw_records

        withdraw_records(*step())
        if built is None:
            raise AirflowFailException("the build failed: withdrawals are done, nothing new is published")

    @task
    def refer(built: dict[str, Any]) -> int:
        """Write each unit's lists, of referrals and of corrections, as of the date the build holds for."""
        from conduct_records.reports.correction_list import write_correction_lists
        from conduct_records.reports.referral_list import write_referral_lists

        _, _, settings = step()
        valid_on = date.fromisoformat(built["valid_on"])
        return len(write_referral_lists(settings, valid_on) + write_correction_lists(settings, valid_on))

    @task
    def report(built: dict[str, Any]) -> int:
        """Write the verification reports and the notices to subjects, as of the date the build holds for."""
        from conduct_records.reports.subject_notice import write_subject_notices
        from conduct_records.reports.verification_report import write_verification_reports

        _, _, settings = step()
        valid_on = date.fromisoformat(built["valid_on"])
        written = write_verification_reports(settings, valid_on) + write_subject_notices(settings, valid_on)
        return len(written)

    built = build()
    withdraw(built)
    refer(built)
    report(built)

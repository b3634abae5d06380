"""Files that units and departments submit, checked and loaded one lane each."""

from __future__ import annotations

import logging
import os
from typing import Any

from airflow.sdk import DAG, get_current_context, task
from structlog.contextvars import bind_contextvars

from conduct_records.operators.flow import EVIDENCE, INGESTED_OUTLET, NIGHTLY, SUBMISSIONS, ingestion, tables
from conduct_records.operators.ingestion import work_failed
from conduct_records.operators.running import begin, end, lane_from_json, lane_to_json, step

log = logging.getLogger(__name__)

DOC = """
Takes every file of the date's inbox folder, and any earlier file that landing does not know. One file,
one lane, one transaction: check, load, receipt. A refused file is no failure: its receipt says why.

**When a lane fails**

1. The lane's name is `unit/file`; its log holds the error. The other lanes have gone on.
2. `conduct-records check FILE` repeats the check without touching the warehouse.
3. A file that kills its process has the issue `reader_crash`; after three dead processes no sweep takes it
   again. Take it out of the inbox and ask the submitter for another; clearing its lane tries once more.
4. `suites` writes Great Expectations' pages (`data_docs/submissions` in the state folder): a suite that
   fails there has rows in quarantine; the task itself fails only where GX does.
5. `close` lets the build go on with the lanes that ended well; `work_failed` makes the run fail.

Clearing is safe: the same bytes are recognised and change nothing. `build_records` follows once more.
"""

with DAG("ingest_submissions", schedule=NIGHTLY, doc_md=DOC, tags=["ingest", "submissions"], **ingestion()):

    @task
    def lanes() -> list[dict[str, Any]]:
        """List the files to take, in the order of their sequence."""
        from conduct_records.intake.inbox import waiting
        from conduct_records.warehouse.arrivals import open_elsewhere
        from conduct_records.warehouse.ingest import sightings

        begin()
        given = day, _, settings = step()
        others = open_elsewhere("ingest_submissions", *given)  # a backfill takes several dates at a time
        lanes = waiting(settings, day, sightings(settings))
        return [lane_to_json(lane) for lane in lanes if lane.data_date not in others]

    @task(
        map_index_template="{{ lane_label }}",
        max_active_tis_per_dagrun=4,
        outlets=[*EVIDENCE, *tables("landing.file", "quarantine.row", "ops.issue")],
    )
    def ingest(lane: dict[str, Any]) -> dict[str, Any]:
        """Check, load and answer one file."""
        from conduct_records.warehouse.ingest import ingest as ingest_file

        get_current_context()["lane_label"] = lane["label"]
        bind_contextvars(lane=lane["label"])
        _, known_at, settings = step()
        done = ingest_file(lane_from_json(lane), known_at, settings)
        log.info("file %s is %s: %s", done.file_id, done.state, done.counts)
        return {"file_id": done.file_id, "state": done.state, "counts": done.counts}

    @task(outlets=[SUBMISSIONS, INGESTED_OUTLET], trigger_rule="all_done")
    def close(waiting: list[dict[str, Any]] | None) -> int:
        """Report files that killed their process, and let the build go on with the lanes that ended well."""
        from conduct_records.warehouse.attempts import report_crashes

        _, known_at, settings = step()
        taken = [lane_from_json(lane) for lane in waiting or ()]  # None: the inbox itself could not be read
        for path in report_crashes(taken, known_at, settings):
            log.error("CRASHED while reading %s: see the issue reader_crash", path)
        end()
        return len(taken)

    @task(trigger_rule="all_done")
    def suites(waiting: list[dict[str, Any]] | None) -> list[str]:
        """Validate the rule columns of what came in with Great Expectations, and write Data Docs."""
        from conduct_records.warehouse.suites import run_suites

        os.nice(10)  # no other task waits for it
        _, known_at, settings = step()
        dates = sorted({lane_from_json(lane).data_date for lane in waiting or ()})
        return [f"{one.suite}: {one.success}" for one in run_suites(dates, known_at, settings)]

    waiting_lanes = lanes()
    ingested = ingest.expand(lane=waiting_lanes)
    ingested >> [close(waiting_lanes), work_failed(), suites(waiting_lanes)]

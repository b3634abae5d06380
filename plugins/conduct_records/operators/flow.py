"""What flows are declared with: assets, pools, default arguments, timetables, tables for lineage."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from airflow.providers.common.compat.lineage.entities import Table
from airflow.sdk import Asset, AssetAlias, CronPartitionTimetable, PartitionedAssetTimetable
from airflow.sdk.definitions.callback import SyncCallback
from airflow.sdk.definitions.deadline import DeadlineAlert

from conduct_records.operators.alerting import deadline_missed, task_failed
from conduct_records.operators.deadlines import FirstQueuedAt
from conduct_records.settings import BEIJING, SCHEMAS, Settings

if TYPE_CHECKING:
    from airflow.sdk.definitions.asset import BaseAsset

EXCHANGE_POOL = "exchange"  # calls to the sharing platform, whatever the flow

PUSHED_CASES = Asset("pushed_cases", uri="conduct://landing/pushed_cases")
EVALUATIONS = Asset("evaluations", uri="conduct://landing/evaluations")
SUBMISSIONS = Asset("submissions", uri="conduct://landing/submissions")
INGESTED = Asset("ingested", uri="conduct://landing/ingested")
INGESTED_OUTLET = AssetAlias("ingested_outlet")  # an alias carries an event only when a task adds one
RECORDS = Asset("records", uri="conduct://core/records")
MARTS = Asset("marts", uri="conduct://marts/current")
SHARED = Asset("shared", uri="conduct://share/current")

DEFAULTS: dict[str, Any] = {
    "owner": "credit-centre",
    "retries": 3,
    "retry_delay": timedelta(seconds=10),
    "retry_exponential_backoff": True,
    "max_retry_delay": timedelta(minutes=10),
    "execution_timeout": timedelta(minutes=30),
    "on_failure_callback": task_failed,
}


def due_in(interval: timedelta) -> DeadlineAlert:
    """People are told when a run is not over so long after it was queued."""
    callback = SyncCallback(deadline_missed)
    return DeadlineAlert(FirstQueuedAt(), interval, callback)


def tables(*names: str) -> list[Any]:
    """Tables of the warehouse as lineage names them: what a task reads (`inlets`) or writes (`outlets`).

    OpenLineage does not see raw connections, so each task says it. Source: requirement J3.
    """
    return [Table(cluster="postgres://warehouse", database="warehouse", name=name) for name in names]


EVIDENCE = tables(*sorted(f"evidence.{path.stem}" for path in (SCHEMAS / "submissions").glob("*.yaml")))
COMMON: dict[str, Any] = {
    "start_date": datetime(2017, 1, 1, tzinfo=UTC),
    "catchup": False,
    "default_args": DEFAULTS,
    "deadline": due_in(Settings.load().deadline),
}


NIGHTLY = CronPartitionTimetable("0 2 * * *", timezone=BEIJING.key, run_offset=-1, key_format="%Y-%m-%d")
"""At 02:00, for the data date that has just ended. These flows take backfills."""
MORNING = CronPartitionTimetable("0 7 * * *", timezone=BEIJING.key, run_offset=-1, key_format="%Y-%m-%d")
WEEKLY = CronPartitionTimetable("0 5 * * 0", timezone=BEIJING.key, run_offset=-1, key_format="%Y-%m-%d")
"""What looks after the others: when a night must be over, and when nobody works."""


MONTHLY = CronPartitionTimetable("0 9 3 * *", timezone=BEIJING.key, run_offset=-1, key_format="%Y-%m")
"""On the 3rd at 09:00, for the month that has ended."""


def following(assets: BaseAsset) -> PartitionedAssetTimetable:
    """Once all of `assets` are there for the same data date. These flows are not backfilled themselves."""
    return PartitionedAssetTimetable(assets=assets)


def ingestion() -> dict[str, Any]:
    """Arguments of a flow that brings evidence in.

    CONDUCT_RECORDS_SCHEDULE_UNTIL ends its schedule and leaves backfills possible.
    """
    until = Settings.load().schedule_until
    end = None if until is None else datetime.combine(until, time(), tzinfo=UTC)
    return COMMON | {"end_date": end, "max_active_runs": 4}


def one_at_a_time() -> dict[str, Any]:
    """Arguments of a flow that builds or publishes: one run at a time, which may be of all there is.

    After a change of a declaration everything is made anew, in about five minutes a million records: people
    are told when the deadline has passed, and nothing is gained by ending it.
    """
    patient = DEFAULTS | {"execution_timeout": timedelta(hours=12)}
    return COMMON | {"max_active_runs": 1, "default_args": patient}

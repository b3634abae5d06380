"""The pieces that all flows share: assets, default arguments, timetables, the data date, pool names."""

from __future__ import annotations

import logging
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from airflow.providers.common.compat.lineage.entities import Table
from airflow.sdk import (
    Asset,
    AssetAlias,
    CronPartitionTimetable,
    PartitionedAssetTimetable,
    get_current_context,
)
from airflow.sdk.definitions.callback import SyncCallback
from airflow.sdk.definitions.deadline import DeadlineAlert, DeadlineReference
from airflow.sdk.exceptions import AirflowFailException
from structlog.contextvars import bind_contextvars

from conduct_records.operators.alerting import deadline_missed, task_failed
from conduct_records.settings import BEIJING, SQL, SettingMissing, Settings

if TYPE_CHECKING:
    from airflow.sdk.definitions.asset import BaseAsset

    from conduct_records.exchange.pulls import PullOutcome
    from conduct_records.intake.inbox import Lane

log = logging.getLogger(__name__)

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
    return DeadlineAlert(DeadlineReference.DAGRUN_QUEUED_AT, interval, callback)


def tables(*names: str) -> list[Any]:
    """Tables of the warehouse as lineage names them: what a task reads (`inlets`) or writes (`outlets`).

    OpenLineage does not see raw connections, so each task says it. Source: requirement J3.
    """
    return [Table(cluster="postgres://warehouse", database="warehouse", name=name) for name in names]


EVIDENCE = tables(*sorted(f"evidence.{path.stem}" for path in (SQL / "evidence").glob("*.sql")))
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


def data_date() -> date:
    """The data date of the running task: its run's partition key.

    Raises:
        ValueError: the run was triggered by hand without a partition key.
        AirflowFailException: the date is still to come: as of one that was typed wrong, all would have ended.
    """
    key = get_current_context()["dag_run"].partition_key
    if not key:
        raise ValueError("this run has no partition key: trigger it with one, e.g. 2019-01-28")
    day = date.fromisoformat(key)
    if day > datetime.now(BEIJING).date():
        raise AirflowFailException(f"the data date {day} is still to come: trigger a run with the right one")
    return day


def data_month() -> date:
    """The first day of the month of the running task: its run's partition key is YYYY-MM.

    Raises:
        ValueError: the run was triggered by hand without a partition key, or with another kind of key.
    """
    return date.fromisoformat(f"{get_current_context()['dag_run'].partition_key}-01")


def step() -> tuple[date, datetime, Settings]:
    """What each library function takes: the data date, the known-at time of this task run, the settings.

    From here on every line of the task's log carries the run and the data date.
    """
    context = get_current_context()
    bind_contextvars(run=context["dag_run"].run_id, data_date=str(data_date()))
    return data_date(), datetime.now(UTC), ready(Settings.load())


def ready(settings: Settings) -> Settings:
    """The same settings, once the warehouse is known to have this program's schema.

    Raises:
        AirflowFailException: a setting or the schema is wrong, which no retry mends; nothing is touched.
        psycopg.OperationalError: the server does not answer; a retry may find it.
    """
    from conduct_records.warehouse.connection import SchemaUnfit, connect

    try:
        with connect(settings, "records_loader"):
            return settings
    except (SettingMissing, SchemaUnfit) as unfit:
        raise AirflowFailException(str(unfit)) from None


def begin() -> None:
    """Note that the running ingestion flow works for its data date."""
    from conduct_records.warehouse.arrivals import begin as begin_flow

    begin_flow(get_current_context()["dag"].dag_id, *step())


def end() -> None:
    """Note that the running ingestion flow has ended, and let the build follow when it was the last one.

    The warehouse joins the three flows of a date, because Airflow's join of three assets can lose a date
    (docs/decisions/0002). A task that is tried again says it again, and a build too many changes nothing.
    """
    from conduct_records.warehouse.arrivals import end as end_flow

    context = get_current_context()
    if end_flow(context["dag"].dag_id, *step()):
        context["outlet_events"][INGESTED_OUTLET].add(INGESTED)


def report_pull(outcome: PullOutcome) -> dict[str, Any]:
    """Say how a pull ended, loudly when it is incomplete: the run goes on with what came."""
    if outcome.state != "complete":
        log.error("INCOMPLETE pull of %s for %s: %s", outcome.feed, outcome.data_date, outcome.reason)
    return {"pull_id": outcome.pull_id, "state": outcome.state, "rows": outcome.rows}


def lane_to_json(lane: Lane) -> dict[str, Any]:
    """A lane as XCom carries it: a path and identifiers, never content."""
    return asdict(lane) | {"data_date": lane.data_date.isoformat()}


def lane_from_json(row: dict[str, Any]) -> Lane:
    """The lane that lane_to_json wrote."""
    from conduct_records.intake.inbox import Lane

    return Lane(**{**row, "data_date": date.fromisoformat(row["data_date"])})

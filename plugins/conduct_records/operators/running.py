"""What a running task asks and says: its data date, its settings, that its flow begins and ends."""

from __future__ import annotations

import logging
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from airflow.sdk import get_current_context
from airflow.sdk.exceptions import AirflowFailException
from structlog.contextvars import bind_contextvars

from conduct_records.operators.flow import INGESTED, INGESTED_OUTLET
from conduct_records.settings import BEIJING, SettingMissing, Settings

if TYPE_CHECKING:
    from conduct_records.exchange.pulls import PullOutcome
    from conduct_records.intake.inbox import Lane

log = logging.getLogger(__name__)


def data_date() -> date:
    """The data date of the running task: its run's partition key.

    Raises:
        AirflowFailException: the key is no date, or one still to come: as of that all would have ended.
    """
    key = get_current_context()["dag_run"].partition_key
    try:
        day = date.fromisoformat(key or "")
    except ValueError:
        raise AirflowFailException(
            f"the partition key {key} is no data date: trigger a run with one, e.g. 2019-01-28"
        ) from None
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

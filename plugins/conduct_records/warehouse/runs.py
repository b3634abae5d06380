"""Each step of each flow leaves a row in ops.run: how it ended, and how much it did."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from psycopg.types.json import Jsonb

from conduct_records.settings import Settings
from conduct_records.warehouse.connection import connect
from conduct_records.warehouse.statements import statement


@dataclass
class Noted:
    """What the step says of itself while it runs: counts by name, and why it did not do all it should."""

    counts: dict[str, int] = field(default_factory=dict)
    reason: str | None = None


@contextmanager
def noted(flow: str, data_date: date, known_at: datetime, settings: Settings) -> Iterator[Noted]:
    """Note the run of a step when it ends: done, or failed with a reason that holds no row's values.

    A process that is killed notes nothing: its next try does. Source: requirement J3.
    """
    run = Noted()
    try:
        yield run
    except Exception as error:
        run.reason = reason_of(error)
        _note(flow, data_date, known_at, settings, run)
        raise
    _note(flow, data_date, known_at, settings, run)


def reason_of(error: BaseException) -> str:
    """The class of an error, for its message can hold values of rows; what the system refused is said."""
    name = type(error).__name__
    return f"{name}: {error}" if isinstance(error, OSError) and error.strerror else name


def _note(flow: str, data_date: date, known_at: datetime, settings: Settings, run: Noted) -> None:
    values: dict[str, Any] = {
        "flow": flow,
        "data_date": data_date,
        "known_at": known_at,
        "state": "failed" if run.reason else "done",
        "counts": Jsonb(run.counts),
        "reason": run.reason,
    }
    with connect(settings, "records_loader") as connection:
        connection.execute(statement("ops/run#note"), values)

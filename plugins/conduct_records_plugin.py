"""What Airflow registers of this project: who hears of DAG files that cannot be loaded; deadlines."""

from __future__ import annotations

from airflow.plugins_manager import AirflowPlugin

from conduct_records.operators import listener
from conduct_records.operators.deadlines import FirstQueuedAt


class ConductRecordsPlugin(AirflowPlugin):
    """The project's one plugin."""

    name = "conduct_records"
    listeners = (listener,)
    deadline_references = (FirstQueuedAt,)

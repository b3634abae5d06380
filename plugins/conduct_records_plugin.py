"""What Airflow registers of this project: the listener that tells of DAG files that cannot be loaded."""

from __future__ import annotations

from airflow.plugins_manager import AirflowPlugin

from conduct_records.operators import listener


class ConductRecordsPlugin(AirflowPlugin):
    """The project's one plugin."""

    name = "conduct_records"
    listeners = (listener,)

"""Airflow's listener for DAG files that cannot be loaded; it runs in the DAG processor."""

from __future__ import annotations

from airflow.listeners import hookimpl


@hookimpl
def on_new_dag_import_error(filename: str, stacktrace: str) -> None:
    """A file that could be loaded, or is new, cannot be."""
    from conduct_records.operators.alerting import import_failed

    import_failed(filename, stacktrace)


@hookimpl
def on_existing_dag_import_error(filename: str, stacktrace: str) -> None:
    """It still cannot: an alert that stands is not raised twice."""
    from conduct_records.operators.alerting import import_failed

    import_failed(filename, stacktrace)

"""Airflow's scheduler with the libraries that tasks need already in memory: its task processes are forks."""

from __future__ import annotations

import importlib
import sys

PRELOADED = (
    "great_expectations",
    "pandas",
    "pyarrow",
    "adbc_driver_postgresql",
    "airflow.sdk.execution_time.task_runner",
)


def main() -> None:
    """Import what tasks import, then become `airflow scheduler`; nothing here is read at DAG parse."""
    for name in PRELOADED:
        importlib.import_module(name)
    from airflow.__main__ import main as airflow

    # Its log server listens on every interface and can't be told otherwise; the pages read the files.
    sys.argv = ["airflow", "scheduler", "--skip-serve-logs"]
    airflow()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    main()

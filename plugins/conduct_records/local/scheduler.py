"""Airflow's scheduler with the libraries that tasks need already in memory: its task processes are forks."""

from __future__ import annotations

import importlib
import pkgutil
import sys

import conduct_records

PRELOADED = (
    "great_expectations",
    "pandas",
    "pyarrow",
    "adbc_driver_postgresql",
    "airflow.sdk.execution_time.task_runner",
)


def main() -> None:
    """Import what tasks import, then become `airflow scheduler`; nothing here is read at DAG parse."""
    for name in (*PRELOADED, *_library()):
        importlib.import_module(name)
    from airflow.__main__ import main as airflow

    # Its log server listens on every interface and can't be told otherwise; the pages read the files.
    sys.argv = ["airflow", "scheduler", "--skip-serve-logs"]
    airflow()  # type: ignore[no-untyped-call]


def _library() -> list[str]:
    """The library's own modules: read anew when the scheduler starts again, as after any installation."""
    found = pkgutil.walk_packages(conduct_records.__path__, f"{conduct_records.__name__}.")
    return [module.name for module in found if not module.name.endswith("__main__")]


if __name__ == "__main__":
    main()

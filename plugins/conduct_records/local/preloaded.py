"""`python -m conduct_records.local.preloaded COMMAND ...`: an airflow command that holds what tasks import.

For the scheduler with its LocalExecutor and for a Celery worker: their task processes are forks.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys

import conduct_records

PRELOADED = ("great_expectations", "pandas", "pyarrow", "airflow.sdk.execution_time.task_runner")


def main() -> None:
    """Import what tasks import, then become `airflow COMMAND ...`; nothing here is read at DAG parse."""
    for name in (*PRELOADED, *_library()):
        importlib.import_module(name)
    from airflow.__main__ import main as airflow

    sys.argv[0] = "airflow"
    airflow()  # type: ignore[no-untyped-call]


def _library() -> list[str]:
    """The library's own modules: read anew when the scheduler starts again, as after any installation."""
    found = pkgutil.walk_packages(conduct_records.__path__, f"{conduct_records.__name__}.")
    return [module.name for module in found if not module.name.endswith("__main__")]


if __name__ == "__main__":
    main()

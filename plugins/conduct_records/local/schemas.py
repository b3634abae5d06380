"""Brings both databases of one machine to their newest schema: the warehouse's, and Airflow's beside it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from conduct_records.local import environment as env
from conduct_records.local.readiness import READY_SECONDS, StackFault
from conduct_records.local.server import Server

NOTED = "select shobj_description(oid, 'pg_database') from pg_database where datname = 'airflow'"


def bring_up(server: Server, logs: Path, say: Callable[[str], None]) -> None:
    """Migrate both side by side; Airflow's database notes its version, and one that has it is left alone.

    Raises:
        StackFault: Airflow's migration failed; the message names its log.
    """
    from conduct_records.warehouse.migrate import migrate

    wanted = f"airflow {version('apache-airflow')}"
    with server.connect("airflow") as connection:
        row = connection.execute(NOTED).fetchone()
    child = None if row == (wanted,) else _start(server, logs / "migrate.log")
    migrate(env.warehouse_environment(server)["WAREHOUSE_URL"])
    if not os.environ.get("WAREHOUSE_URL"):  # who reads a server of theirs is its owner's to say
        server.admit("bi_reader")
    say("warehouse schema ready")
    if child is not None:
        if child.wait(timeout=READY_SECONDS) != 0:
            raise StackFault(f"airflow db migrate failed, see {logs / 'migrate.log'}")
        with server.connect("airflow") as connection:
            connection.execute(f"comment on database airflow is '{wanted}'")
        say("Airflow schema ready")


def program(name: str) -> str:
    """The path of a command that is installed beside this Python."""
    return str(Path(sys.executable).parent / name)


def _start(server: Server, log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as output:
        return subprocess.Popen(
            [program("airflow"), "db", "migrate"],
            env=env.airflow_environment(server, 0),
            stdout=output,
            stderr=subprocess.STDOUT,
        )

"""`python -m conduct_records.local COMMAND`: what the Makefile calls. Exit 0 done, 1 failed, 2 wrong use."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import psycopg
import requests
from filelock import FileLock, Timeout

from conduct_records.local import environment as env
from conduct_records.local.airflow_api import ApiRefused
from conduct_records.local.nights import NightFailed
from conduct_records.local.processes import ComponentDied
from conduct_records.local.programs import ServerFault, binaries
from conduct_records.local.readiness import StackFault
from conduct_records.local.run import backfill, report_leaks, run_samples
from conduct_records.local.samples import copy_samples
from conduct_records.local.secrets import private_folder
from conduct_records.local.server import Server
from conduct_records.local.stack import Stack
from conduct_records.local.warehouse import warehouse
from conduct_records.settings import SettingMissing, Settings
from conduct_records.warehouse.connection import for_programs


def main() -> int:
    """Run one command on this checkout's state folder."""
    given = _arguments()
    state = private_folder(Settings.load().state)
    try:
        with FileLock(state / f"{given.command}.lock", timeout=0 if given.command in LONG else -1):
            return int(given.act(state, given))
    except Timeout:
        print(f"another {given.command} is going on in {state}", file=sys.stderr)
    except psycopg.OperationalError as fault:
        print(f"error: warehouse: {str(fault).splitlines()[0]}", file=sys.stderr)
    except FAULTS as fault:
        print(f"error: {fault}", file=sys.stderr)
    return 1


def run(state: Path, _: argparse.Namespace) -> int:
    """Every flow over the sample dates."""
    return run_samples(state, sys.stdout)


def backfill_range(state: Path, given: argparse.Namespace) -> int:
    """A backfill of the three ingestion flows, and what follows."""
    return backfill(state, sys.stdout, given.first, given.last, backwards=given.reverse)


def up(state: Path, _: argparse.Namespace) -> int:
    """Start everything and leave it running."""
    copy_samples(state)
    is_new = not (state / "secrets" / "airflow-admin").exists() and not os.environ.get(
        "AIRFLOW_ADMIN_PASSWORD"
    )
    stack = Stack(state, print)
    try:
        api = stack.start(tcp=True)
    except BaseException:
        stack.stop()  # half a stack is of no use to anybody
        raise
    print(f"Airflow   {api.address}  user {env.ADMIN}")
    if is_new:
        print(f"password  {env.admin_password(state)}  (shown once; kept in {state / 'secrets'})")
    if not os.environ.get("WAREHOUSE_URL"):
        print(f"warehouse postgresql://bi_reader@127.0.0.1:{Server(state).tcp_port()}/warehouse")
        print(f"          its password is in {state / 'secrets' / 'postgres-bi_reader'}")
    print("`make down` ends it")
    return 0


def down(state: Path, _: argparse.Namespace) -> int:
    """End everything."""
    Stack(state, print).stop()
    return 0


def sql(_: Path, __: argparse.Namespace) -> int:
    """One statement from the environment variable Q, values only."""
    return _psql("-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-c", os.environ.get("Q", ""))


def psql(_: Path, __: argparse.Namespace) -> int:
    """An interactive session."""
    return _psql()


def leaks(state: Path, _: argparse.Namespace) -> int:
    """Search everything outside vault and inbox for personal ids, telephones and the samples' persons."""
    server = Server(state).start()
    try:
        return report_leaks(server, sys.stdout)
    finally:
        server.release()


def clean(state: Path, given: argparse.Namespace) -> int:
    """End everything and remove data and logs; the generated secrets stay unless told otherwise."""
    Stack(state, print).stop()
    shutil.rmtree(Server(state).root, ignore_errors=True)
    if given.secrets:
        shutil.rmtree(state, ignore_errors=True)
        return 0
    for path in state.iterdir():
        if path.is_dir() and path.name != "secrets":
            shutil.rmtree(path, ignore_errors=True)
        elif path.is_file() and path.suffix != ".lock":
            path.unlink()
    print(f"kept: {state / 'secrets'} (the same data give the same record keys; make clean-all removes them)")
    return 0


FAULTS = (
    ServerFault,
    StackFault,
    ComponentDied,
    NightFailed,
    SettingMissing,
    ApiRefused,
    requests.RequestException,
)
LONG = {"run", "backfill", "up"}
COMMANDS = {
    "run": run,
    "backfill": backfill_range,
    "up": up,
    "down": down,
    "sql": sql,
    "psql": psql,
    "leaks": leaks,
    "clean": clean,
}


def _psql(*options: str) -> int:
    with warehouse() as settings:
        command = [str(binaries() / "psql"), *options]
        return subprocess.run(command, env=for_programs(settings), check=False).returncode


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="conduct_records.local", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, act in COMMANDS.items():
        command = commands.add_parser(name, help=act.__doc__)
        command.set_defaults(act=act)
        if name == "backfill":
            command.add_argument("first", type=date.fromisoformat, help="first data date, YYYY-MM-DD")
            command.add_argument("last", type=date.fromisoformat, help="last data date, YYYY-MM-DD")
            command.add_argument("--reverse", action="store_true", help="newest date first")
        if name == "clean":
            command.add_argument(
                "--secrets", action="store_true", help="remove the generated secrets as well"
            )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

"""The environment of every child process: where Airflow lives, what it listens on, which secrets it holds."""

from __future__ import annotations

import json
import os
from pathlib import Path

from conduct_records.local.secrets import private_folder, secret
from conduct_records.local.server import Server
from conduct_records.settings import BEIJING, ROOT

ADMIN = "admin"
DRIVER = "postgresql+psycopg2"

# With Airflow's defaults a short task waits up to 5 s in its supervisor (measured: docs/decisions/0002).
LATENCY = {
    "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
    "AIRFLOW__CORE__PARALLELISM": "8",
    "AIRFLOW__WORKERS__MIN_HEARTBEAT_INTERVAL": "1",
    "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.1",
    "AIRFLOW__SCHEDULER__SCHEDULER_HEARTBEAT_SEC": "1",
    "AIRFLOW__SCHEDULER__MAX_DAGRUNS_TO_CREATE_PER_LOOP": "30",
    "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "30",
    "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "30",
    "AIRFLOW__DAG_PROCESSOR__PARSING_PROCESSES": "2",
}

# What the project wants of Airflow whatever the machine.
CHOICES = {
    "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    "AIRFLOW__CORE__DEFAULT_TIMEZONE": BEIJING.key,
    "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
    "AIRFLOW__CORE__AUTH_MANAGER": (
        "airflow.api_fastapi.auth.managers.simple.simple_auth_manager.SimpleAuthManager"
    ),
    "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{ADMIN}:admin",
    "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
    "AIRFLOW__API__WORKERS": "1",
    "AIRFLOW__LOGGING__LOGGING_LEVEL": "INFO",
    "GX_ANALYTICS_ENABLED": "False",
    "OPENBLAS_NUM_THREADS": "1",
}


def airflow_home(state: Path) -> Path:
    """The folder of Airflow's logs, passwords and pid files."""
    return private_folder(state / "airflow")


def warehouse_environment(server: Server) -> dict[str, str]:
    """What the library needs beside what the caller's environment gives: addresses and made secrets."""
    state = server.state
    made = {
        "CONDUCT_RECORDS_STATE": str(state),
        "WAREHOUSE_URL": server.url("warehouse"),
        "PERSON_TOKEN_KEY": secret(state, "person-token-key", size=48),
        "EXCHANGE_CLIENT_ID": "hubei",
        "EXCHANGE_CLIENT_SECRET": secret(state, "exchange-client"),
    }
    paths = {"PYTHONPATH": os.pathsep.join([str(ROOT / "plugins"), str(ROOT)])}
    return dict(os.environ) | {name: os.environ.get(name) or value for name, value in made.items()} | paths


def airflow_environment(server: Server, api_port: int) -> dict[str, str]:
    """The whole environment of Airflow's components, with the pages and the task API on one loopback port."""
    home = airflow_home(server.state)
    api = f"http://127.0.0.1:{api_port}"
    own = {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{api}/execution/",
        "AIRFLOW__CORE__FERNET_KEY": secret(server.state, "fernet", size=32) + "=",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(password_file(server.state)),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": server.url("airflow", scheme=DRIVER),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC": server.url("airflow", scheme="postgresql+asyncpg"),
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(api_port),
        "AIRFLOW__API__BASE_URL": api,
        "AIRFLOW__API__SECRET_KEY": secret(server.state, "airflow-session", size=64),
        "AIRFLOW__API_AUTH__JWT_SECRET": secret(server.state, "airflow-jwt", size=64),
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(home / "logs"),
        "AIRFLOW__SCHEDULER__ENABLE_HEALTH_CHECK": "False",
        "AIRFLOW__OPENLINEAGE__NAMESPACE": "conduct-records",
    }
    lineage = {"AIRFLOW__OPENLINEAGE__TRANSPORT": json.dumps(lineage_file(server.state))}
    # What the environment sets of these stands: an operator tunes Airflow the way Airflow documents.
    return LATENCY | CHOICES | lineage | warehouse_environment(server) | own


def lineage_file(state: Path) -> dict[str, object]:
    """OpenLineage's transport by default: one file, a JSON event a line."""
    path = private_folder(state / "lineage") / "events.jsonl"
    return {"type": "file", "log_file_path": str(path), "append": True}


def password_file(state: Path) -> Path:
    """Airflow's file of passwords, written at each start."""
    path = private_folder(state / "secrets") / "airflow-passwords.json"
    path.touch(mode=0o600)
    path.write_text(json.dumps({ADMIN: admin_password(state)}))
    return path


def admin_password(state: Path) -> str:
    """The password of Airflow's pages: the user's own, else one generated for this state folder."""
    return os.environ.get("AIRFLOW_ADMIN_PASSWORD") or secret(state, "airflow-admin", size=18)

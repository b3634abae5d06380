"""The compose file has every component and takes each secret from the environment (J2)."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from conduct_records.local.environment import CHOICES
from conduct_records.warehouse.statements import statement

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load(TEXT)
REQUIRED = set(re.findall(r"\$\{(\w+):\?", TEXT))
EXAMPLE = re.findall(r"^(\w+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.M)


def test_every_component_is_there():
    assert set(COMPOSE["services"]) >= {
        "postgres", "redis", "migrate", "api-server", "scheduler", "dag-processor", "triggerer", "worker",
        "simulator",
    }  # fmt: skip


def test_workers_run_with_celery_over_redis():
    environment = COMPOSE["services"]["worker"]["environment"]
    assert environment["AIRFLOW__CORE__EXECUTOR"] == "CeleryExecutor"
    assert environment["AIRFLOW__CELERY__BROKER_URL"].startswith("redis://")


def test_what_the_project_wants_of_airflow_holds_here_too():
    assert CHOICES.items() <= COMPOSE["services"]["worker"]["environment"].items()


def test_no_secret_is_written_down():
    for name, service in COMPOSE["services"].items():
        for key, value in service.get("environment", {}).items():
            if re.search(r"PASSWORD(?!S_FILE)|SECRET|KEY$", key):
                assert str(value).startswith("${"), f"{name}: {key}"


def test_the_example_environment_names_what_compose_reads():
    assert set(EXAMPLE) >= set(re.findall(r"\$\{(\w+)", TEXT))


def test_the_example_environment_names_every_setting_that_the_library_reads():
    library = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "plugins").rglob("*.py"))
    read = set(re.findall(r'"((?:CONDUCT_RECORDS|EXCHANGE|PERSON_TOKEN|WAREHOUSE)_[A-Z_]+)"', library))
    assert read - {"CONDUCT_RECORDS_FAILPOINT"} <= set(EXAMPLE)  # a trial's own


def test_a_setting_in_env_reaches_every_component():
    given = COMPOSE["services"]["worker"]["environment"]
    of_one_machine = {"CONDUCT_RECORDS_STATE", "AIRFLOW_ADMIN_PASSWORD", "POSTGRES_BIN"}
    for name in EXAMPLE[: EXAMPLE.index("POSTGRES_PASSWORD")]:
        assert name in of_one_machine or str(given.get(name)).startswith(f"${{{name}:"), name


def test_no_server_logs_a_statement_that_failed():
    """I4: it may carry what a row holds."""
    servers = {"postgres", "citus", "citus-worker-1", "citus-worker-2"}
    for name in servers:
        assert "log_min_error_statement=panic" in COMPOSE["services"][name]["command"], name


def test_ports_are_published_on_loopback_only():
    ports = [port for service in COMPOSE["services"].values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_the_bi_tool_is_the_one_that_is_proved_and_can_reach_the_warehouse():
    place = COMPOSE["services"]["superset"]["build"]
    image = (ROOT / place["context"] / place["dockerfile"]).read_text(encoding="utf-8")
    proof = (ROOT / "tests/e2e/superset_bundle.py").read_text(encoding="utf-8")
    proved = re.search(r"apache-superset==([\d.]+)", proof)
    assert proved and f"FROM apache/superset:{proved[1]}" in image
    assert "psycopg2" in image


def test_a_cluster_and_a_bi_tool_come_by_profile_alone():
    profiles = {name: service.get("profiles", []) for name, service in COMPOSE["services"].items()}
    assert {name for name, given in profiles.items() if given == ["citus"]} == {
        "citus", "citus-worker-1", "citus-worker-2", "citus-join",
    }  # fmt: skip
    assert {name for name, given in profiles.items() if given == ["bi"]} == {"superset"}
    join = (ROOT / "docker" / "citus-join.sh").read_text(encoding="utf-8")
    nodes = set(re.findall(r"citus_(?:add_node|set_coordinator_host)\('([\w-]+)'", join))
    assert nodes == {"citus", "citus-worker-1", "citus-worker-2"}
    roles = re.findall(r"'(records_\w+)'", statement("distribute#roles"))
    assert set(re.findall(r"alter role (records_\w+) login", join)) == set(roles)
    assert COMPOSE["services"]["migrate"]["depends_on"]["citus-join"]["required"] is False
    for service in COMPOSE["services"].values():
        mounted = [volume.split(":")[0] for volume in service.get("volumes", [])]
        own = [name for name in mounted if name.startswith("./") and name != "./bi"]
        assert all((ROOT / name).exists() for name in own)
        assert {name for name in mounted if not name.startswith(".")} <= set(COMPOSE["volumes"])


@pytest.mark.parametrize("service", sorted(COMPOSE["services"]))
def test_restart_and_order_are_stated(service: str):
    assert "restart" in COMPOSE["services"][service]


def test_docker_accepts_it_where_docker_is_there():
    """Where there is no compose plugin, the structure above is what is checked."""
    docker = shutil.which("docker")
    has_compose = (
        docker
        and subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode == 0
    )
    command = [docker, "compose", "config", "--quiet"] if has_compose else ["true"]
    given = dict.fromkeys(REQUIRED, "x" * 64)
    done = subprocess.run(
        command, cwd=ROOT, env={"PATH": "/usr/bin:/bin", **given}, capture_output=True, check=False, text=True
    )
    assert done.returncode == 0, done.stderr

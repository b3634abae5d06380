"""The embedded server: it sees Chinese, it is ours, it starts again and beside another one."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg.sql import SQL

from conduct_records.local import server as module
from conduct_records.local.__main__ import main
from conduct_records.local.environment import airflow_environment
from conduct_records.local.programs import ServerFault, binaries
from conduct_records.local.run import report_leaks
from conduct_records.local.schemas import bring_up
from conduct_records.local.secrets import secret
from conduct_records.local.server import Server

AIRFLOW = f"airflow {version('apache-airflow')}"


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Server]:
    embedded = Server(tmp_path / "state", settings={"fsync": "off"})
    yield embedded.start()
    embedded.stop()


def test_trigrams_see_chinese(own: Server) -> None:
    with own.connect() as connection:
        connection.execute("create extension pg_trgm")
        row = connection.execute("select similarity('武汉市西大门商贸', '武汉西大门商贸')").fetchone()
    assert row is not None and row[0] > 0.3


def test_the_data_folder_is_ours_and_private(own: Server) -> None:
    with own.connect() as connection:
        row = connection.execute("show data_directory").fetchone()
    assert row is not None and Path(row[0]) == own.data
    for folder in (own.data, own.sockets, own.state / "secrets"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_starting_again_changes_nothing(own: Server) -> None:
    with own.connect() as connection:
        pid = connection.execute("select pg_backend_pid()").fetchone()
        Server(own.state).start()
        assert connection.execute("select pg_backend_pid()").fetchone() == pid


def test_a_command_that_ends_leaves_the_server_to_one_that_goes_on(own: Server) -> None:
    """Between two transactions of the other one nobody is connected."""
    other = Server(own.state).start()
    own.release()
    assert other.is_running()
    other.release()
    assert not own.is_running()


def test_two_servers_run_side_by_side(own: Server, tmp_path: Path) -> None:
    other = Server(tmp_path / "other", port=0, settings={"fsync": "off"}).start()
    try:
        with own.connect() as first, other.connect() as second:
            first.execute("create table only_here ()")
            assert second.execute("select to_regclass('only_here')").fetchone() == (None,)
    finally:
        other.stop()
    assert own.is_running() and not other.is_running()


def test_loopback_wants_the_password(own: Server) -> None:
    tcp = Server(own.state, port=0).start()
    place = f"host=127.0.0.1 port={tcp.tcp_port()} dbname=warehouse user=postgres"
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(place, password="wrong")
    with psycopg.connect(place, password=secret(own.state, "postgres-postgres")) as connection:
        assert connection.execute("select 1").fetchone() == (1,)


def test_a_warehouse_elsewhere_is_the_one_that_is_brought_up_and_searched(
    own: Server, warehouse: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAREHOUSE_URL", warehouse)
    with own.connect("airflow") as airflow:  # Airflow's own tables are no matter here
        airflow.execute(SQL("comment on database airflow is {}").format(AIRFLOW))
    bring_up(own, tmp_path, print)
    with own.connect() as here, psycopg.connect(warehouse) as there:
        assert here.execute("select to_regnamespace('landing')").fetchone() == (None,)
        assert report_leaks(own, io.StringIO()) == 0
        there.execute("create table landing.planted as select '421126190001010015' as value")
    assert report_leaks(own, io.StringIO()) == 1


def test_sql_is_asked_of_the_warehouse_that_is_set(
    warehouse: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    given = {
        "WAREHOUSE_URL": f"{warehouse}{'&' if '?' in warehouse else '?'}application_name=mine",
        "CONDUCT_RECORDS_STATE": str(tmp_path),
        "Q": "select current_database(), current_setting('application_name')",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.argv", ["local", "sql"])
    assert main() == 0
    assert capfd.readouterr().out == f"{urlsplit(warehouse).path[1:]}|mine\n"
    monkeypatch.setenv("WAREHOUSE_URL", "postgresql://nobody:hidden-word@127.0.0.1:1/warehouse")
    monkeypatch.setattr("sys.argv", ["local", "up"])
    assert main() == 1
    assert capfd.readouterr().err.startswith("error: warehouse: connection failed")


def test_lineage_goes_where_the_caller_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    name, server = "AIRFLOW__OPENLINEAGE__TRANSPORT", Server(tmp_path)
    assert '"type": "file"' in airflow_environment(server, 8080)[name]
    monkeypatch.setenv(name, '{"type": "console"}')
    assert airflow_environment(server, 8080)[name] == '{"type": "console"}'


def test_a_stale_pid_file_is_no_obstacle(own: Server) -> None:
    own.stop()
    (own.data / "postmaster.pid").write_text(f"{os.getpid()}\n{own.data}\n0\n5432\n")
    assert own.start().is_running()


def test_a_killed_initialisation_is_done_again(tmp_path: Path) -> None:
    embedded = Server(tmp_path / "state", settings={"fsync": "off"})
    (embedded.root / "draft" / "base").mkdir(parents=True)
    try:
        assert embedded.start().is_running()
    finally:
        embedded.stop()


def test_a_secret_stays_the_same_and_private(tmp_path: Path) -> None:
    first = secret(tmp_path, "one")
    assert secret(tmp_path, "one") == first and len(first) >= 32
    assert stat.S_IMODE((tmp_path / "secrets" / "one").stat().st_mode) == 0o600


def test_missing_programs_are_named_in_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("POSTGRES_BIN", str(tmp_path))
    with pytest.raises(ServerFault, match="POSTGRES_BIN"):
        binaries()


def test_nobody_gets_a_folder_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from conduct_records.local.account import NOBODY, Account

    monkeypatch.setattr(module, "server_account", lambda: Account(user=NOBODY))
    assert not Server(tmp_path / "state").root.is_relative_to(tmp_path)

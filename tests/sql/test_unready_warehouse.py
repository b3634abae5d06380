"""A warehouse that is absent, empty, old, newer or half migrated: one clear line, nothing touched."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest

from conduct_records.cli.main import main
from conduct_records.settings import ROOT, Settings
from conduct_records.upkeep.backup import count_rows
from conduct_records.warehouse.connection import head
from conduct_records.warehouse.migrate import migrate

CASES = {
    "old": ("update schema_version set version_num = '0001'", r"schema 0001, this program wants"),
    "newer": ("update schema_version set version_num = '9999'", r"schema 9999, this program"),
    "half": ("drop view share.disclosable_record cascade", r"did not end"),
    "unmarked": ("drop table schema_version", r"no schema yet"),
}
COMMANDS = [["build"], ["digest"], ["rebuild"], ["explain", "x"], ["diagnose", "marts"]]


@pytest.fixture(params=CASES)
def unready(
    request: pytest.FixtureRequest, warehouse: str, monkeypatch: pytest.MonkeyPatch
) -> tuple[str, str]:
    """The address of a warehouse that is not as it should be, and what is to be said of it."""
    statement, said = CASES[request.param]
    with psycopg.connect(warehouse) as connection:
        connection.execute(statement)
    monkeypatch.setenv("WAREHOUSE_URL", warehouse)
    monkeypatch.setenv("PERSON_TOKEN_KEY", "k" * 40)
    return warehouse, said


def test_each_command_says_so_in_one_line_and_touches_nothing(
    unready: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    address, said = unready
    sample = tmp_path / "a.csv"
    sample.write_text("x", encoding="utf-8")
    ingest = ["ingest", str(sample), "--unit", "HB-AMR", "--date", "2019-01-28"]
    with psycopg.connect(address, autocommit=True) as connection:
        before = count_rows(connection)
        for command in [*COMMANDS, ingest]:
            assert main(command) == 2
            (line,) = capsys.readouterr().err.splitlines()
            assert line.startswith("error: ") and said in line
        assert count_rows(connection) == before


def test_a_task_fails_at_its_start_and_is_not_tried_again(unready: tuple[str, str]) -> None:
    from airflow.sdk.exceptions import AirflowFailException

    from conduct_records.operators.running import ready

    address, said = unready
    with pytest.raises(AirflowFailException, match=said):
        ready(Settings.load({"WAREHOUSE_URL": address}))


def test_an_old_schema_is_brought_up(warehouse: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with psycopg.connect(warehouse) as connection:
        connection.execute("drop view share.disclosable_record cascade")
    migrate(warehouse)
    monkeypatch.setenv("WAREHOUSE_URL", warehouse)
    assert main(["digest"]) == 0


def test_a_migration_that_fails_leaves_nothing(warehouse: str) -> None:
    with psycopg.connect(warehouse) as connection:
        connection.execute("update schema_version set version_num = '0001'")  # 0002 finds its tables there
        before = connection.execute("select count(*) from pg_class").fetchone()
    with pytest.raises(Exception, match="already exists"):
        migrate(warehouse)
    with psycopg.connect(warehouse) as connection:
        assert connection.execute("select version_num from schema_version").fetchone() == ("0001",)
        assert connection.execute("select count(*) from pg_class").fetchone() == before


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("postgresql://nobody:hidden-word@127.0.0.1:1/warehouse", "warehouse: "),
        ("not an address", "WAREHOUSE_URL is no address"),
    ],
)
def test_a_wrong_address_is_one_line_without_the_password(
    address: str, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WAREHOUSE_URL", address)
    for command in [*COMMANDS, ["migrate"]]:
        assert main(command) == 2
        (line,) = capsys.readouterr().err.splitlines()
        assert said in line and "hidden-word" not in line


def test_a_folder_that_refuses_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sample, refuses = ROOT / "samples/inbox/2019-01-28/HB-AMR/02_行政处罚决定.csv", tmp_path / "file"
    refuses.touch()
    assert main(["check", str(sample), "--receipt", str(refuses / "x")]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("error: ") and str(refuses) in line


def test_a_date_to_come_opens_nothing(
    warehouse: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Published as of such a date, every record would have ended."""
    from airflow.sdk.exceptions import AirflowFailException

    from conduct_records.operators import running

    monkeypatch.setenv("WAREHOUSE_URL", warehouse)
    sample = tmp_path / "a.csv"
    sample.touch()
    assert main(["ingest", str(sample), "--unit", "HB-AMR", "--date", "2091-01-28"]) == 2
    assert "2091-01-28 is still to come" in capsys.readouterr().err
    run = SimpleNamespace(partition_key="2091-01-28", run_id="manual__1")
    monkeypatch.setattr(running, "get_current_context", lambda: {"dag_run": run})
    with pytest.raises(AirflowFailException, match="2091-01-28 is still to come"):
        running.step()
    with psycopg.connect(warehouse) as connection:
        assert connection.execute("select data_date from ops.open_date").fetchall() == []


@pytest.mark.parametrize("key", [None, "", "2019-13-45"])
def test_a_run_of_no_data_date_fails_at_once(key: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tried again it would hold up the builds behind it for minutes."""
    from airflow.sdk.exceptions import AirflowFailException

    from conduct_records.operators import running

    run = SimpleNamespace(partition_key=key)
    monkeypatch.setattr(running, "get_current_context", lambda: {"dag_run": run})
    with pytest.raises(AirflowFailException, match="trigger a run with one"):
        running.data_date()


def test_a_missing_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from airflow.sdk.exceptions import AirflowFailException

    from conduct_records.operators.running import ready

    with pytest.raises(AirflowFailException, match="WAREHOUSE_URL is not set"):
        ready(Settings.load({}))


def test_the_head_is_the_newest_file() -> None:
    assert len(head()) == 4 and head().isdigit()

"""A new kind is a contract, one SQL file and a sample: nothing of the framework changes (B1)."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import psycopg
import pytest

from conduct_records.settings import ROOT

GIVEN = Path(__file__).parents[1] / "kind_added"


@pytest.fixture
def command(tmp_path, warehouse):
    """The command line of a copy of the project that has one kind more."""
    for part in ("include", "plugins"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(GIVEN / "honour.yaml", tmp_path / "include" / "schemas" / "submissions")
    shutil.copy(GIVEN / "honour.sql", tmp_path / "include" / "sql" / "evidence")
    environ = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(tmp_path / "plugins"),
        "CONDUCT_RECORDS_STATE": str(tmp_path),
        "PERSON_TOKEN_KEY": "k" * 40,
        "WAREHOUSE_URL": warehouse,
    }

    def run(*arguments):
        given = [sys.executable, "-m", "conduct_records.cli", *map(str, arguments)]
        return subprocess.run(given, check=False, env=environ, capture_output=True, text=True)

    return run


def test_a_kind_is_added_by_declarations_alone(command, tmp_path, warehouse):
    assert command("migrate").returncode == 0
    done = command("ingest", GIVEN / "诚实守信荣誉.csv", "--unit", "HB-DRC", "--date", "2019-01-29")
    assert done.returncode == 1, done.stderr  # a row is quarantined
    ingested = json.loads(done.stdout)
    assert ingested["counts"] == {"rows": 2, "accepted": 1, "quarantined": 1, "duplicates": 0, "skipped": 0}
    receipt = openpyxl.load_workbook(next(path for path in ingested["receipts"] if path.endswith(".xlsx")))
    assert "诚实守信荣誉" in [row[1] for row in receipt.worksheets[0].values]
    assert command("build").returncode == 0
    with psycopg.connect(warehouse) as connection:
        assert connection.execute("select honour_name, awarded_on::text from evidence.honour").fetchall() == [
            ("守合同重信用企业", "2018-12-01")
        ]
        [(act, party)] = connection.execute("select act, party_code from core.claim").fetchall()
    assert (act, party) == ("honour", "91420600MA4KY00249")


def test_a_field_that_a_contract_gains_becomes_a_column(command, tmp_path, warehouse):
    assert command("migrate").returncode == 0
    command("ingest", GIVEN / "诚实守信荣誉.csv", "--unit", "HB-DRC", "--date", "2019-01-29")
    contract = tmp_path / "include" / "schemas" / "submissions" / "honour.yaml"
    gained = (
        "      - {name: grade_name, businessName: 荣誉等级, logicalType: string}\n    customProperties:\n"
    )
    text = contract.read_text(encoding="utf-8")
    contract.write_text(text.replace("\n    customProperties:\n", "\n" + gained), encoding="utf-8")
    assert command("migrate").returncode == 0
    with psycopg.connect(warehouse) as connection:
        query = "select honour_name, grade_name from evidence.honour"
        assert connection.execute(query).fetchall() == [("守合同重信用企业", None)]
    assert len(json.loads(command("replay").stdout)) == 1

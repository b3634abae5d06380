"""The desk's check of a small file: what a clerk waits for."""

import resource
import subprocess
import sys

import pytest

from conduct_records.cli.main import main
from tests.submissions import as_csv, penalty, table

ENVIRON = {"PYTHONPATH": "plugins", "PATH": ""}


@pytest.fixture
def ten_rows(tmp_path):
    path = tmp_path / "ten.csv"
    path.write_bytes(as_csv(table(*(penalty(行政处罚决定书文号=f"样例罚〔2018〕{n}号") for n in range(10)))))
    return path


def test_ten_rows_are_answered_in_under_two_seconds(ten_rows, tmp_path):
    arguments = ["check", str(ten_rows), "--receipt", str(tmp_path)]
    seconds = []
    for _ in range(3):  # the process's own time, so that a busy machine does not count; the best of three
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-m", "conduct_records.cli", *arguments], check=True, env=ENVIRON)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(seconds) < 2
    assert len(list(tmp_path.glob("ten.csv.自查结果.*"))) == 2


def test_what_was_only_checked_is_not_called_received(ten_rows, tmp_path, capsys):
    """Nobody is to take the answer at the desk for a receipt (B6)."""
    assert main(["check", str(ten_rows), "--receipt", str(tmp_path)]) == 0
    told = capsys.readouterr().out
    assert "尚未报送" in told
    assert "通过检查: 10" in told
    assert not any(word in told for word in ("已接收", "已入库", "回执"))
    assert not list(tmp_path.glob("*回执*"))


def test_a_check_waits_for_no_library_that_it_does_not_use(ten_rows):
    program = (
        "import sys; from conduct_records.cli.main import main; "
        f"main(['check', {str(ten_rows)!r}]); "
        "print({'psycopg', 'great_expectations', 'airflow', 'sqlalchemy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, env=ENVIRON, capture_output=True)
    assert done.stdout.splitlines()[-1] == b"set()"

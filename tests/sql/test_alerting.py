"""Where an alert goes: the table, the log, an address; and what Airflow and a step that fails tell."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from conduct_records.operators import alerting, listener
from conduct_records.settings import BEIJING, Settings
from conduct_records.upkeep.alerts import Alert, raise_alert
from conduct_records.upkeep.watch import watch
from conduct_records.warehouse.runs import noted
from tests.sql.upkeep_support import DAY, NOW, all_well, rows, standing


@pytest.fixture
def mailbox() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """An address that takes alerts, and what it took."""
    taken: list[dict[str, Any]] = []

    class Box(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            taken.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing goes to the tests' output."""

    server = HTTPServer(("127.0.0.1", 0), Box)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/", taken
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_alert_goes_to_table_log_and_address_once(
    settings: Settings, mailbox: tuple[str, list[dict[str, Any]]], caplog: pytest.LogCaptureFixture
) -> None:
    address, taken = mailbox
    given = Settings.load({**settings.environ, "CONDUCT_RECORDS_ALERT_URL": address})
    alert = Alert("task_failed", "build_records.build", DAY, "RuntimeError")
    assert raise_alert(alert, NOW, given)
    assert not raise_alert(alert, NOW, given)
    assert [each["alert_code"] for each in taken] == ["task_failed"]
    assert taken[0]["severity"] == "page" and taken[0]["data_date"] == "2019-01-28"
    assert caplog.text.count("ALERT task_failed build_records.build 2019-01-28: RuntimeError") == 1
    assert standing(given) == {("task_failed", "build_records.build")}


def test_a_step_that_failed_is_told_once_until_it_fails_again(
    settings: Settings, mailbox: tuple[str, list[dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its task at once; by the watch where no task has told of this try."""
    address, taken = mailbox
    given = Settings.load({**settings.environ, "CONDUCT_RECORDS_ALERT_URL": address})
    monkeypatch.setattr(alerting.Settings, "load", lambda: given)
    all_well(settings, DAY)
    rows(settings, "delete from ops.run where flow = 'send' returning 1")
    alerting.task_failed({"ti": Task, "dag_run": Run, "exception": fail(NOW, given)})
    watch(DAY, NOW, given)
    assert [each["alert_code"] for each in taken] == ["task_failed"]
    assert {("step_failed", "send"), ("run_absent", "send")} <= standing(given)
    with noted("send", DAY, NOW + timedelta(minutes=1), given):
        pass
    watch(DAY, NOW, given)
    assert standing(given) == {("task_failed", "ingest_submissions.ingest HB-AMR/a.csv")}
    fail(datetime.now(UTC) + timedelta(minutes=1), given)
    watch(DAY, NOW, given)
    assert [each["alert_code"] for each in taken] == ["task_failed", "step_failed"]


def fail(begun: datetime, settings: Settings) -> ValueError:
    """A step that fails, and why."""
    with pytest.raises(ValueError) as raised, noted("send", DAY, begun, settings):
        raise ValueError
    return raised.value


def test_an_address_that_is_down_costs_no_alert(settings: Settings) -> None:
    given = Settings.load({**settings.environ, "CONDUCT_RECORDS_ALERT_URL": "http://127.0.0.1:1/"})
    assert raise_alert(Alert("task_failed", "x", DAY, "y"), NOW, given)
    assert standing(given) == {("task_failed", "x")}
    with pytest.raises(KeyError):
        raise_alert(Alert("no_such_code", "x", DAY, "y"), NOW, given)


def test_a_folder_that_refuses_is_named_and_a_value_is_not(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for step, work in (
        ("send", (tmp_path / "file" / "x").mkdir),
        ("prove", partial(int, "420101198001011234x")),
    ):
        with pytest.raises((OSError, ValueError)), noted(step, DAY, NOW, settings):
            work()
    assert dict(rows(settings, "select flow, reason from ops.run")) == {
        "send": f"NotADirectoryError: [Errno 20] Not a directory: '{tmp_path / 'file' / 'x'}'",
        "prove": "ValueError",
    }


class Task:
    dag_id, task_id, map_index, rendered_map_index = "ingest_submissions", "ingest", 3, "HB-AMR/a.csv"


class Run:
    partition_key = "2019-01-28"


def test_airflows_callbacks_leave_alerts(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAREHOUSE_URL", settings.warehouse_url)
    alerting.task_failed({"ti": Task, "dag_run": Run, "exception": ValueError("420101198001011234")})
    run = {"dag_id": "build_records", "dag_run_id": "asset__1", "partition_key": "2019-01-28"}
    alerting.deadline_missed({"dag_run": run})
    listener.on_new_dag_import_error("/x/dags/broken.py", "Traceback\nSyntaxError: invalid syntax")
    listener.on_existing_dag_import_error("/x/dags/broken.py", "Traceback\nSyntaxError: invalid syntax")
    assert set(rows(settings, "select alert_code, about, detail from ops.alert")) == {
        ("task_failed", "ingest_submissions.ingest HB-AMR/a.csv", "ValueError"),
        ("deadline_missed", "build_records", "asset__1"),
        ("dag_import_error", "broken.py", "SyntaxError: invalid syntax"),
    }


@pytest.mark.parametrize("address", ["", "postgresql://127.0.0.1:1/warehouse"])
def test_people_hear_of_a_failure_while_the_warehouse_is_away(
    address: str,
    mailbox: tuple[str, list[dict[str, Any]]],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("WAREHOUSE_URL", address)
    monkeypatch.setenv("CONDUCT_RECORDS_ALERT_URL", mailbox[0])
    monkeypatch.setattr(alerting, "_told", set())
    for _ in range(2):
        listener.on_existing_dag_import_error("broken.py", "SyntaxError")
    assert [each["about"] for each in mailbox[1]] == ["broken.py"]
    assert "ALERT dag_import_error broken.py" in caplog.text and "not kept" in caplog.text


@pytest.mark.parametrize("key", [None, "2019-13-45", "2019-13", "yesterday"])
def test_a_run_of_no_data_date_leaves_its_alert_too(
    key: str | None, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAREHOUSE_URL", settings.warehouse_url)
    monkeypatch.setattr(Run, "partition_key", key)
    alerting.task_failed({"ti": Task, "dag_run": Run, "exception": ValueError()})
    yesterday = (datetime.now(BEIJING) - timedelta(days=1)).date()
    assert rows(settings, "select data_date from ops.alert") == [(yesterday,)]


def test_every_flow_raises_alerts_and_has_a_deadline() -> None:
    from tests.flows.test_flows import EVERY, flow

    for dag_id in EVERY:
        (deadline,) = flow(dag_id).deadline
        # A person has three days to sign the reports.
        assert deadline.interval == (timedelta(days=4) if dag_id == "report_progress" else timedelta(hours=3))
        assert deadline.callback.path.endswith("alerting.deadline_missed")
        silent = [task.task_id for task in flow(dag_id).tasks if not task.on_failure_callback]
        assert set(silent) <= {"work_failed"}  # the task that failed before it has told

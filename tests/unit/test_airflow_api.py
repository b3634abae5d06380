"""The client of Airflow's API bears a page that is late, and says once what changes something."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from conduct_records.local import airflow_api
from conduct_records.local.airflow_api import AirflowApi


class LateOnce(ThreadingHTTPServer):
    """Answers nothing to the first request that it gets, and an empty page to the others."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Page)
        self.asked: list[str] = []
        self.end = threading.Event()


class _Page(BaseHTTPRequestHandler):
    server: LateOnce

    def do_GET(self) -> None:
        self.server.asked.append(self.command)
        if len(self.server.asked) == 1:
            self.server.end.wait()
            return
        body = b'{"dag_runs": [], "total_entries": 0}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *_: object) -> None:
        """Tests are quiet."""


@pytest.fixture
def late(monkeypatch: pytest.MonkeyPatch) -> Iterator[LateOnce]:
    monkeypatch.setattr(airflow_api, "TIMEOUT", (2.0, 0.5))
    with LateOnce() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.end.set()
        server.shutdown()


def test_a_late_page_is_asked_for_again(late: LateOnce) -> None:
    assert AirflowApi(f"http://127.0.0.1:{late.server_port}", "admin", "x").runs() == []
    assert late.asked == ["GET", "GET"]


def test_a_run_is_asked_for_once(late: LateOnce) -> None:
    with pytest.raises(requests.ReadTimeout):
        AirflowApi(f"http://127.0.0.1:{late.server_port}", "admin", "x").trigger(
            "maintain", date(2019, 1, 28)
        )
    assert late.asked == ["POST"]

"""The platform on a socket: HTTP/1.1, a thread for each connection, the control endpoint of the tests."""

from __future__ import annotations

import json
import re
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from simulator.faults import Chaos, Fault, Faults
from simulator.operations import Platform
from simulator.store import Store
from simulator.wire import Answer, HangUp, Request, problem

ROUTES = [
    ("POST", re.compile(r"/oauth/token"), "token"),
    ("GET", re.compile(r"/v1/pushed-cases"), "pushed_cases"),
    ("GET", re.compile(r"/v1/evaluations"), "evaluations"),
    ("POST", re.compile(r"/v1/records:batch"), "batch"),
    ("GET", re.compile(r"/v1/receipts"), "receipts"),
    ("GET", re.compile(r"/v1/reconciliation"), "reconciliation"),
    ("GET", re.compile(r"/v1/holdings"), "holdings"),
    ("GET", re.compile(r"/v1/records/([^/]+)"), "record"),
]
LARGEST_BODY = 32 * 1024 * 1024


@dataclass
class Simulator:
    """A platform that is listening."""

    server: ThreadingHTTPServer
    platform: Platform
    faults: Faults
    controlled: bool
    seen: deque[tuple[str, int]]

    @property
    def url(self) -> str:
        """Its address on the loopback interface."""
        return f"http://127.0.0.1:{self.server.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    """One connection. `simulator` and `numbers` are set on the subclass made for each server."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    simulator: Simulator
    numbers: Iterator[int]

    def do_GET(self) -> None:
        """Answer a GET."""
        self.serve()

    def do_POST(self) -> None:
        """Answer a POST."""
        self.serve()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: what is asked for may name a subject."""

    def serve(self) -> None:
        """Read a request, note its operation and status (0: hung up), then answer it."""
        body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), LARGEST_BODY))
        path = urlsplit(self.path)
        operation, argument = self.route(path.path)
        try:
            answer = self.answer(operation, argument, path.query, body)
        except HangUp:
            self.close_connection = True
            self.simulator.seen.append((operation, 0))
            return
        self.simulator.seen.append((operation, answer.status))
        self.send(answer)

    def answer(self, operation: str, argument: str, query: str, body: bytes) -> Answer:
        """What the platform, or a fault before it, says."""
        if operation == "control":
            return self.control(body)
        if not operation:
            return problem(404, "not_found")
        try:
            request = self.request_of(operation, argument, query, body)
        except ValueError:
            return problem(400, "bad_request")
        return self.simulator.faults.handle(request)

    def route(self, path: str) -> tuple[str, str]:
        """The operation that a path means, and its argument; an empty operation for none."""
        if self.simulator.controlled and path == "/control/faults" and self.command == "POST":
            return "control", ""
        for method, pattern, operation in ROUTES:
            match = pattern.fullmatch(path)
            if match and method == self.command:
                return operation, unquote(match.group(1)) if match.groups() else ""
        return "", ""

    def request_of(self, operation: str, argument: str, query: str, body: bytes) -> Request:
        """The call as the platform sees it; the form of the token and JSON are both a dict."""
        content: Any = None
        if body:
            content = dict(parse_qsl(body.decode())) if operation == "token" else json.loads(body)
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        return Request(
            operation,
            argument,
            dict(parse_qsl(query, keep_blank_values=True)),
            content,
            token,
            next(self.numbers),
        )

    def control(self, body: bytes) -> Answer:
        """POST /control/faults: {"plan": [Fault…], "chaos": Chaos}; what is left out is off. Test only."""
        try:
            wanted = json.loads(body or b"{}")
            chaos = wanted.get("chaos")
            if chaos:
                chaos = Chaos(chaos["seed"], chaos["rate"], tuple(chaos.get("kinds", ())))
            self.simulator.faults.set([Fault(**fault) for fault in wanted.get("plan", [])], chaos)
        except (KeyError, TypeError, ValueError) as error:
            return problem(422, "bad_plan", str(error))
        return Answer(200)

    def send(self, answer: Answer) -> None:
        """Write an answer as well as its fault lets it."""
        body = json.dumps(answer.body, ensure_ascii=False).encode() if answer.raw is None else answer.raw
        self.send_response(answer.status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if answer.cut:
            body, self.close_connection = body[: max(len(body) - answer.cut, 0)], True
        step = len(body) // 8 + 1 if answer.pause else len(body) or 1
        for start in range(0, len(body), step):
            time.sleep(answer.pause)
            self.wfile.write(body[start : start + step])
            self.wfile.flush()


class Server(ThreadingHTTPServer):
    """Threads end with the process; a caller that went away is no error."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Pass over connections that the other side closed."""


def create(platform: Platform, port: int = 0, controlled: bool = False, host: str = "127.0.0.1") -> Simulator:
    """A platform bound to a port (0: any free one), not yet serving."""
    handler = type("BoundHandler", (Handler,), {"numbers": count(1)})
    simulator = Simulator(
        Server((host, port), handler), platform, Faults(platform), controlled, deque(maxlen=10_000)
    )
    handler.simulator = simulator  # type: ignore[attr-defined]
    return simulator


@contextmanager
def running(
    data: Path, state: Path | str = ":memory:", client: tuple[str, str] = ("centre", "secret"), **options: int
) -> Iterator[Simulator]:
    """A simulator that serves in a thread while the block lasts; options: page_size, token_seconds."""
    store = Store(state)
    simulator = create(Platform(store, data, client, **options), controlled=True)
    thread = Thread(target=simulator.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield simulator
    finally:
        simulator.server.shutdown()
        simulator.server.server_close()
        thread.join()
        store.close()

"""A platform that means harm: whatever it answers, the client fails in the ways that callers know."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest

from conduct_records.exchange.client import Client
from conduct_records.exchange.errors import ExchangeError
from conduct_records.exchange.transport import Patience, Transport

TOKEN = {"access_token": "t", "expires_in": 600}
PAGE = {"push_date": "2019-01-28", "total": 1, "page_no": 1, "next_cursor": None, "items": []}


@contextmanager
def answering(answer: bytes) -> Iterator[Client]:
    """A client of a server that gives one answer to everything."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            while self.rfile.readline().strip():
                pass
            self.wfile.write(answer)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        patience = Patience(attempts=2, base=0.001, longest_retry_after=0.001, read=1)
        yield Client(Transport(f"http://127.0.0.1:{server.server_address[1]}", patience), "hubei", "secret")
        server.shutdown()


def answer(body: object, *headers: str, status: str = "200 OK") -> bytes:
    content = body if isinstance(body, bytes) else json.dumps(TOKEN | PAGE | dict(body)).encode()  # type: ignore[call-overload]
    length = [] if any("Length" in header for header in headers) else [f"Content-Length: {len(content)}"]
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, *length, "", ""]).encode("latin-1") + content


@pytest.mark.parametrize(
    "hostile",
    [
        answer({}, "Content-Length: abc"),
        answer({}, "Content-Length: \xb2"),
        answer(b"", "Retry-After: \xb2", status="503 x"),
        answer(b"", "Retry-After: Mon, 01 Jan 99999999999 00:00:00 GMT", status="503 x"),
        answer(b"", "Retry-After: Mon, 01 Jan 2030 00:00:00 +999999999999999999", status="503 x"),
        answer(b"[" * 200_000, status="400 x"),
        answer(b"", "Location: http://127.0.0.1:1/", status="302 x"),
        answer({"access_token": "a\r\nX: y"}),
        answer({"access_token": "令牌"}),
        answer({"next_cursor": "\ud800"}),
        answer({"next_cursor": "\x00"}),
    ],
)
def test_no_answer_makes_the_client_fail_in_a_way_of_its_own(hostile: bytes) -> None:
    with answering(hostile) as client, pytest.raises(ExchangeError) as caught:
        client.page("/v1/pushed-cases", date(2019, 1, 28))
    assert "secret" not in str(caught.value)


def test_a_token_is_not_believed_to_live_for_ever() -> None:
    with answering(answer({"expires_in": 10**400})) as client:
        assert client.page("/v1/pushed-cases", date(2019, 1, 28)).total == 1

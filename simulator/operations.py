"""What the platform does, one function for each operationId of openapi.yaml; no HTTP, no faults."""

from __future__ import annotations

import base64
import json
import random
import secrets
import time
from collections.abc import Callable, Collection
from datetime import date
from pathlib import Path
from typing import Any

from simulator.store import Store
from simulator.wire import Answer, Request, problem

FEEDS = ("pushed_cases", "evaluations")
ACTIONS = {"upsert", "withdraw"}
KINDS = {"record", "case_selection", "verification_report", "supervision_start", "training", "repair"}
NAMES = ("idempotency_key", "record_key")
NEEDED = (*NAMES, "subject_key", "ordinal")
NEEDED_BY_UPSERT = ("region_code", "payload", "content_hash")
LARGEST_BATCH = 500


Client = tuple[str, str]  # id and secret


class Platform:
    """Tokens, pushed data and received records. `data` holds <feed>/<YYYY-MM-DD>.json, a list of rows."""

    def __init__(
        self, store: Store, data: Path, client: Client, page_size: int = 50, token_seconds: int = 3600
    ) -> None:
        self.store, self.data, self.client = store, data, client
        self.page_size, self.token_seconds = page_size, token_seconds
        self.tokens: dict[str, float] = {}

    def handle(self, request: Request) -> Answer:
        """Answer one request; everything but the token itself needs a token that has not expired."""
        if request.operation == "token":
            return self.token(request)
        if self.tokens.get(request.token, 0.0) <= time.monotonic():
            return problem(401, "invalid_token")
        operation: Callable[[Request], Answer] = (
            self.feed if request.operation in FEEDS else getattr(self, request.operation)
        )
        return operation(request)

    def token(self, request: Request) -> Answer:
        """POST /oauth/token."""
        form = request.body if isinstance(request.body, dict) else {}
        if form.get("grant_type") != "client_credentials":
            return problem(400, "unsupported_grant_type")
        given = f"{form.get('client_id')}:{form.get('client_secret')}".encode()
        if not secrets.compare_digest(given, ":".join(self.client).encode()):
            return problem(401, "invalid_client")
        token = secrets.token_urlsafe(32)
        self.tokens[token] = time.monotonic() + self.token_seconds
        return Answer(200, {"access_token": token, "token_type": "Bearer", "expires_in": self.token_seconds})

    def feed(self, request: Request) -> Answer:
        """GET /v1/pushed-cases and /v1/evaluations. A day without a file is a push of no rows."""
        try:
            day = date.fromisoformat(request.query["push_date"])
            offset = cursor_offset(request.query.get("cursor"), day)
        except (KeyError, ValueError):
            return problem(400, "bad_request", "push_date and cursor")
        rows = ordered(self.rows(request.operation, day), request.hints.get("order"))
        end = offset + self.page_size
        return Answer(
            200,
            {
                "push_date": day.isoformat(),
                "total": len(rows),
                "page_no": offset // self.page_size + 1,
                "next_cursor": cursor(day, end) if end < len(rows) else None,
                "items": rows[offset:end],
            },
        )

    def rows(self, feed: str, day: date) -> list[dict[str, Any]]:
        """The rows pushed in one feed on one day, as the data folder has them now."""
        path = self.data / feed / f"{day.isoformat()}.json"
        rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
        return rows

    def batch(self, request: Request) -> Answer:
        """POST /v1/records:batch. A malformed message is rejected alone; the rest of the batch goes on."""
        messages = request.body.get("messages") if isinstance(request.body, dict) else None
        if not isinstance(messages, list) or not 0 < len(messages) <= LARGEST_BATCH:
            return problem(422, "bad_batch", f"1 to {LARGEST_BATCH} messages")
        if not all(identified(message) for message in messages):
            return problem(422, "unidentified_message")
        refused = request.hints.get("refused", ())
        receipts = self.store.take(messages, lambda message: refusal(message, refused))
        return Answer(200, {"receipts": receipts})

    def receipts(self, request: Request) -> Answer:
        """GET /v1/receipts."""
        since = request.query.get("since", "R0")
        if not since[1:].isdigit():
            return problem(400, "bad_request", "since")
        receipts, has_more = self.store.receipts(int(since[1:]))
        return Answer(200, {"receipts": receipts, "has_more": has_more})

    def reconciliation(self, request: Request) -> Answer:
        """GET /v1/reconciliation."""
        return Answer(200, {"groups": self.store.groups(request.query.get("region"))})

    def holdings(self, request: Request) -> Answer:
        """GET /v1/holdings."""
        try:
            group = tuple(request.query[name] for name in ("kind", "region", "class_code"))
        except KeyError:
            return problem(400, "bad_request", "kind, region and class_code")
        items, has_more = self.store.holdings(group, request.query.get("cursor", ""))
        return Answer(200, {"items": items, "next_cursor": items[-1]["record_key"] if has_more else None})

    def record(self, request: Request) -> Answer:
        """GET /v1/records/{record_key}."""
        held = self.store.held(request.argument)
        return Answer(200, held) if held else problem(404, "not_found")


def cursor(day: date, offset: int) -> str:
    """An opaque cursor: the caller has no business with what is in it."""
    return base64.urlsafe_b64encode(f"{day.isoformat()}/{offset}".encode()).decode()


def cursor_offset(value: str | None, day: date) -> int:
    """The offset a cursor stands for.

    Raises:
        ValueError: it is not a cursor of that day.
    """
    if value is None:
        return 0
    given, _, offset = base64.urlsafe_b64decode(value).decode().partition("/")
    if given != day.isoformat():
        raise ValueError("cursor of another day")
    return int(offset)


def ordered(rows: list[dict[str, Any]], seed: object) -> list[dict[str, Any]]:
    """The rows in an order of their own for each seed; as the file has them without one."""
    if seed is None:
        return rows
    return random.Random(str(seed)).sample(rows, len(rows))  # noqa: S311 - a reproducible order, not a secret


def identified(message: object) -> bool:
    """Whether a receipt can name the message."""
    return isinstance(message, dict) and all(isinstance(message.get(name), str) for name in NAMES)


def refusal(message: dict[str, Any], refused: Collection[str]) -> str | None:
    """Why the platform rejects a message: it lacks what the schema requires, or is one it never accepts."""
    known = message.get("action") in ACTIONS and message.get("kind") in KINDS
    upsert = message.get("action") == "upsert"
    whole = all(message.get(name) is not None for name in (*NEEDED, *(NEEDED_BY_UPSERT if upsert else ())))
    if not known or not whole or not isinstance(message["ordinal"], int):
        return "malformed"
    return "not_accepted" if message["record_key"] in refused else None

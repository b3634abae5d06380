"""The kinds of faults: each is a small function between a request and the platform that spoils its answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from simulator.operations import FEEDS, Platform
from simulator.wire import Answer, Handle, HangUp, Request, problem

Params = dict[str, Any]
Spoiler = Callable[[Platform, Request, Handle, Params], Answer]


def status(platform: Platform, request: Request, handle: Handle, params: Params) -> Answer:
    """An error of the server; params: code (503), retry_after (seconds, or any text)."""
    headers = {"Retry_After": str(params["retry_after"])} if "retry_after" in params else {}
    return problem(params.get("code", 503), "unavailable", "", **headers)


def throttled(platform: Platform, request: Request, handle: Handle, params: Params) -> Answer:
    """429 with Retry-After; params: retry_after (seconds, 1)."""
    return problem(429, "too_many_requests", Retry_After=str(params.get("retry_after", 1)))


def drop(platform: Platform, request: Request, handle: Handle, params: Params) -> Answer:
    """Hang up without doing anything; params: seconds of silence before (0)."""
    time.sleep(params.get("seconds", 0))
    raise HangUp


def lost(platform: Platform, request: Request, handle: Handle, params: Params) -> Answer:
    """Do the work, then hang up: the answer is lost."""
    handle(request)
    raise HangUp


def slow(platform: Platform, request: Request, handle: Handle, params: Params) -> Answer:
    """Answer late; params: seconds before the first byte (0.02)."""
    time.sleep(params.get("seconds", 0.02))
    return handle(request)


def drip(platform: Platform, request: Request, handle: Handle, params: Params) -> Answer:
    """Send the body in eight parts; params: seconds of silence before each (0.01)."""
    return replace(handle(request), pause=params.get("seconds", 0.01))


def cut(platform: Platform, request: Request, handle: Handle, params: Params) -> Answer:
    """Content-Length counts more than is sent; params: bytes withheld (10)."""
    return replace(handle(request), cut=params.get("bytes", 10))


def garbage(platform: Platform, request: Request, handle: Handle, params: Params) -> Answer:
    """A page of a gateway instead of JSON, with status 200; params: text."""
    return replace(handle(request), raw=params.get("text", "<html>maintenance</html>").encode())


def expired(platform: Platform, request: Request, handle: Handle, params: Params) -> Answer:
    """Every token given out so far stops working."""
    platform.tokens.clear()
    return handle(request)


def unknown_fields(platform: Platform, request: Request, handle: Handle, params: Params) -> Answer:
    """Further keys in the body and in each of its rows; params: fields."""
    fields = params.get("fields", {"x_new_field": "1"})
    body = dict(handle(request).body)
    for name, value in body.items():
        if isinstance(value, list):
            body[name] = [{**row, **fields} for row in value]
    return Answer(200, {**body, **fields})


def repeated(platform: Platform, request: Request, handle: Handle, params: Params) -> Answer:
    """The first page again, whatever page is asked for."""
    return handle(replace(request, query={k: v for k, v in request.query.items() if k != "cursor"}))


def looping(platform: Platform, request: Request, handle: Handle, params: Params) -> Answer:
    """The next page is for ever this one."""
    answer = handle(request)
    return replace(answer, body={**answer.body, "next_cursor": request.query.get("cursor", "start")})


def reordered(platform: Platform, request: Request, handle: Handle, params: Params) -> Answer:
    """Rows in another order over all pages; params: seed.

    Without a seed each page has its own order: rows repeat and go missing.
    """
    return handle(replace(request, hints={**request.hints, "order": params.get("seed", request.number)}))


def wrong_total(platform: Platform, request: Request, handle: Handle, params: Params) -> Answer:
    """A total that is not what comes; params: add (1)."""
    answer = handle(request)
    return replace(answer, body={**answer.body, "total": answer.body["total"] + params.get("add", 1)})


def misshapen(platform: Platform, request: Request, handle: Handle, params: Params) -> Answer:
    """Valid JSON of another shape; params: body."""
    return Answer(200, params.get("body", {"data": []}))


def rejected(platform: Platform, request: Request, handle: Handle, params: Params) -> Answer:
    """Reject some records; params: records (their keys)."""
    return handle(replace(request, hints={**request.hints, "refused": params["records"]}))


def forgotten(platform: Platform, request: Request, handle: Handle, params: Params) -> Answer:
    """Acknowledge, and lose what was acknowledged; params: keep_keys (its repetition is then a duplicate)."""
    answer = handle(request)
    platform.store.forget(request.body["messages"], params.get("keep_keys", False))
    return answer


def half_acknowledged(platform: Platform, request: Request, handle: Handle, params: Params) -> Answer:
    """Store the whole batch, give receipts for its first half only."""
    answer = handle(request)
    receipts = answer.body["receipts"]
    return replace(answer, body={"receipts": receipts[: len(receipts) // 2]})


EVERYWHERE: tuple[Spoiler, ...] = (
    status, throttled, drop, lost, slow, drip, cut, garbage, expired, unknown_fields, misshapen,
)  # fmt: skip
ON_FEEDS: tuple[Spoiler, ...] = (repeated, looping, reordered, wrong_total)
ON_BATCH: tuple[Spoiler, ...] = (rejected, forgotten, half_acknowledged)
SPOILERS: dict[str, Spoiler] = {each.__name__: each for each in (*EVERYWHERE, *ON_FEEDS, *ON_BATCH)}
# What passes if one tries again: the default of chaos. The others need a reconciliation or never pass.
PASSING = (
    "status", "throttled", "drop", "lost", "slow", "drip", "cut", "garbage", "expired", "unknown_fields",
    "repeated", "reordered", "half_acknowledged",
)  # fmt: skip


def fits(kind: str, operation: str) -> bool:
    """Whether a kind of fault can happen to an operation."""
    if SPOILERS[kind] in ON_FEEDS:
        return operation in FEEDS
    return operation == "batch" if SPOILERS[kind] in ON_BATCH else True

"""One JSON call over HTTP, tried a bounded number of times with back-off and full jitter."""

from __future__ import annotations

import json
import logging
import random
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import requests
from urllib3.exceptions import HTTPError

from conduct_records.exchange.errors import NotUnderstood, Refused, Unavailable
from conduct_records.failpoints import reach

log = logging.getLogger(__name__)

AGAIN = {408, 425, 429, 500, 502, 503, 504}
PROBLEM = re.compile(r"[a-z_]{1,60}")
DEEPEST = 32  # levels of JSON
LARGEST_BODY = 64 * 1024 * 1024


@dataclass(frozen=True)
class Patience:
    """How long one call may take. All in seconds but `attempts`.

    `read` bounds the silence between two bytes, `whole` the time from the request to the last byte of one
    attempt, so that a platform that answers one byte at a time cannot hold a run.
    """

    attempts: int = 6
    base: float = 0.5
    longest: float = 30.0
    longest_retry_after: float = 120.0
    connect: float = 5.0
    read: float = 20.0
    whole: float = 60.0

    def pause(self, attempt: int, retry_after: float | None, draw: float) -> float:
        """Seconds before the next attempt: what the platform asks, or a share `draw` (0 to 1) of base·2ⁿ."""
        if retry_after is not None:
            return min(retry_after, self.longest_retry_after)
        return draw * min(self.longest, self.base * 2.0**attempt)


class AttemptFailed(Exception):
    """One attempt brought nothing, and another may; `reason` goes on into Unavailable."""

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.reason, self.retry_after = reason, retry_after


@dataclass
class Transport:
    """The platform's address, and the clocks and dice that tests replace. Not shared between threads."""

    base_url: str
    patience: Patience = field(default_factory=Patience)
    session: requests.Session = field(default_factory=requests.Session)
    sleep: Callable[[float], None] = time.sleep
    draw: Callable[[], float] = random.random
    clock: Callable[[], float] = time.monotonic

    def call(self, method: str, path: str, *, bearer: str = "", **content: Any) -> dict[str, Any]:
        """The JSON object of a successful answer. `content` is what requests takes: params, json or data.

        Raises:
            Refused: a status that says no.
            Unavailable: every attempt failed; its reason is that of the last.
            NotUnderstood: the answer is JSON but no object.
        """
        reason = ""
        for attempt in range(self.patience.attempts):
            try:
                return self._attempt(method, path, bearer, content)
            except AttemptFailed as failure:
                reason = failure.reason
                log.warning("%s %s: %s (attempt %d)", method, path, reason, attempt + 1)
                if attempt + 1 < self.patience.attempts:
                    self.sleep(self.patience.pause(attempt, failure.retry_after, self.draw()))
        raise Unavailable(reason, f"{self.patience.attempts} attempts")

    def _attempt(self, method: str, path: str, bearer: str, content: Mapping[str, Any]) -> dict[str, Any]:
        started = self.clock()
        reach("before call")
        try:
            with self.session.request(
                method, self.base_url.rstrip("/") + path, auth=_Bearer(bearer), stream=True,
                allow_redirects=False, timeout=(self.patience.connect, self.patience.read), **content,
            ) as response:  # fmt: skip
                body = self._read(response, started)
        except requests.Timeout as error:
            raise AttemptFailed("timeout") from error
        except (requests.RequestException, HTTPError, OSError) as error:
            raise AttemptFailed("connection") from error
        reach("after call")
        return _understood(response, body)

    def _read(self, response: requests.Response, started: float) -> bytes:
        """The whole body, or AttemptFailed where it is late, cut short or beyond all measure."""
        body = bytearray()
        try:
            while chunk := response.raw.read1(1 << 16, decode_content=True):
                body += chunk
                if self.clock() - started > self.patience.whole:
                    raise AttemptFailed("too_slow")
                if len(body) > LARGEST_BODY:
                    raise NotUnderstood(f"more than {LARGEST_BODY} bytes")
        except HTTPError as error:
            silent = "timed out" in str(error).lower()
            raise AttemptFailed("timeout" if silent else "cut_body") from error
        length = response.headers.get("Content-Length")
        # what urllib3 checks by itself stays checked here if a later version stops doing so
        if length and "Content-Encoding" not in response.headers and length.strip() != str(len(body)):
            raise AttemptFailed("cut_body")
        return bytes(body)


class _Bearer(requests.auth.AuthBase):
    """Sets the token as auth, because requests puts the password of a .netrc in place of a plain header."""

    def __init__(self, token: str) -> None:
        self.token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self.token:
            request.headers["Authorization"] = f"Bearer {self.token}"
        return request


def _understood(response: requests.Response, body: bytes) -> dict[str, Any]:
    """The answer as an object, or the failure that its status or its text means."""
    status = response.status_code
    if status in AGAIN:
        raise AttemptFailed(f"http_{status}", retry_after(response.headers.get("Retry-After")))
    if status >= 300:
        raise Refused(status, _problem(body) or f"http_{status}")
    try:
        value = json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise AttemptFailed("not_json") from error
    if not isinstance(value, dict) or _is_deeper(value, DEEPEST):
        raise NotUnderstood("the answer is no object, or one of absurd depth")
    return value


def _no_constant(name: str) -> None:
    """NaN and Infinity are Python's, not JSON's."""
    raise ValueError(name)


def _is_deeper(value: object, levels: int) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return levels == 0 or any(_is_deeper(each, levels - 1) for each in inner)


def _problem(body: bytes) -> str:
    """The word in the schema Problem; empty where the body is something else, which is repeated nowhere."""
    try:
        word = json.loads(body)["error"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
    return word if isinstance(word, str) and PROBLEM.fullmatch(word) else ""


def retry_after(value: str | None) -> float | None:
    """Seconds from a Retry-After header (seconds or a date, RFC 9110); None where it holds neither."""
    if value is None:
        return None
    if value.strip().isdecimal():
        return float(value)
    try:
        return max((parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds(), 0.0)
    except (ValueError, TypeError, OverflowError):
        return None

"""What passes between the socket, the faults and the platform: requests, answers and ways to go wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


class HangUp(Exception):
    """The connection closes without an answer."""


@dataclass(frozen=True)
class Request:
    """One call. `operation` is its operationId in openapi.yaml; `argument` the part of the path that varies.

    `hints` carries what a fault wants of the platform (an order of rows, a record to refuse).
    """

    operation: str
    argument: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    token: str = ""
    number: int = 0
    hints: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """A status and a JSON body, and how badly they travel.

    `raw` replaces the JSON; `cut` is how many bytes of the body are withheld although Content-Length counts
    them; `pause` is the seconds of silence before each eighth of the body.
    """

    status: int
    body: dict[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    cut: int = 0
    pause: float = 0.0


Handle = Callable[[Request], Answer]


def problem(status: int, error: str, message: str = "", **headers: str) -> Answer:
    """An answer in the shape of the schema Problem. Header names are given with `_` for `-`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, {"error": error, "message": message}, named)

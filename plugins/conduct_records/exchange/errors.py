"""How a call to the platform fails. `reason` is a short English word for tables and logs, without content."""

from __future__ import annotations


class ExchangeError(Exception):
    """A call that brought nothing usable."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason


class Unavailable(ExchangeError):
    """The platform was down, slow or cut short at every attempt; later it may answer."""


class Refused(ExchangeError):
    """The platform understood and said no (a 4xx other than 429); trying again does not help.

    `status` is the HTTP status.
    """

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason, f"HTTP {status}")
        self.status = status


class NotUnderstood(ExchangeError):
    """The platform answered in a shape that openapi.yaml does not describe."""

    def __init__(self, detail: str) -> None:
        super().__init__("not_understood", detail)

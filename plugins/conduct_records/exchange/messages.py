"""What the platform answers, read strictly: what openapi.yaml requires is there, or it is not understood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from conduct_records.exchange.errors import NotUnderstood
from conduct_records.intake.decode import whole

T = TypeVar("T")
Message = dict[str, Any]  # the schema Message of openapi.yaml
LARGEST_TOTAL = 2**31 - 1
STATUSES = ("stored", "duplicate", "rejected")


@dataclass(frozen=True)
class Receipt:
    """The platform's answer to one message. A duplicate carries the number it got the first time."""

    receipt_number: str
    idempotency_key: str
    record_key: str
    status: str
    reason: str | None

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> Receipt:
        """From the schema Receipt."""
        receipt = cls(
            receipt_number=required(body, "receipt_number", str),
            idempotency_key=required(body, "idempotency_key", str),
            record_key=required(body, "record_key", str),
            status=required(body, "status", str),
            reason=optional(body, "reason", str),
        )
        if receipt.status not in STATUSES:
            raise NotUnderstood("status of a receipt")
        return receipt


@dataclass(frozen=True)
class Group:
    """Count and digest of what the platform holds of one region, class and kind.

    The digest is SHA-256 over the lines 'record_key content_hash', sorted, each ended by a line feed.
    """

    region_code: str
    class_code: str
    kind: str
    count: int
    digest: str

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> Group:
        """From the schema Group."""
        return cls(
            region_code=required(body, "region_code", str),
            class_code=required(body, "class_code", str),
            kind=required(body, "kind", str),
            count=required(body, "count", int),
            digest=required(body, "digest", str),
        )


@dataclass(frozen=True)
class Page:
    """One page of a feed; `body` is the whole answer, further keys included."""

    push_date: str
    total: int
    page_no: int
    next_cursor: str | None
    items: tuple[Mapping[str, Any], ...]
    body: Mapping[str, Any]

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> Page:
        """From the schema Page."""
        items = required(body, "items", list)
        if not all(isinstance(item, dict) for item in items):
            raise NotUnderstood("a row is no object")
        if not 0 <= required(body, "total", int) <= LARGEST_TOTAL or body.get("next_cursor") == "":
            raise NotUnderstood("total or next_cursor")
        return cls(
            push_date=required(body, "push_date", str),
            total=required(body, "total", int),
            page_no=required(body, "page_no", int),
            next_cursor=optional(body, "next_cursor", str),
            items=tuple(items),
            body=body,
        )


def required(body: Mapping[str, Any], name: str, kind: type[T]) -> T:
    """A value that must be there.

    Raises:
        NotUnderstood: it is absent, of another type, or a text that PostgreSQL cannot hold.
    """
    value = body.get(name)
    is_odd = isinstance(value, bool) or (isinstance(value, str) and value != whole(value))
    if not isinstance(value, kind) or is_odd:
        raise NotUnderstood(f"{name} is no {kind.__name__}")
    return value


def optional(body: Mapping[str, Any], name: str, kind: type[T]) -> T | None:
    """A value that must be named and may be null."""
    if name not in body:
        raise NotUnderstood(f"{name} is absent")
    return None if body[name] is None else required(body, name, kind)

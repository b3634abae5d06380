"""What a feed's rows mean: include/schemas/exchange/feeds.yaml, and the reading of one row by it."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

import yaml

from conduct_records.intake.decode import REPLACEMENT, whole
from conduct_records.settings import SCHEMAS
from conduct_records.validation.vault import masked_numbers


@dataclass(frozen=True)
class Field:
    """One column of an evidence table, and the platform's column it is read from."""

    name: str
    column: str
    required: bool = False
    codes: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    longest: int | None = None


@dataclass(frozen=True)
class Feed:
    """One declaration. `row_key` names the columns whose text makes a row's number."""

    name: str
    path: str
    row_key: tuple[str, ...]
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Finding:
    """Something wrong with a value of a row; `field` is the platform's column."""

    issue_code: str
    field: str
    value: str | None


@dataclass(frozen=True)
class Row:
    """A row as read. `values` has every field of the feed; `original` the text of its known columns."""

    row_no: int
    values: Mapping[str, str | date | None]
    original: Mapping[str, str]
    extra: Mapping[str, str]
    findings: tuple[Finding, ...]


@cache
def feeds() -> Mapping[str, Feed]:
    """Every declared feed by its name."""
    declared = yaml.safe_load((SCHEMAS / "exchange" / "feeds.yaml").read_text(encoding="utf-8"))
    return {name: _feed(name, body) for name, body in declared.items()}


def _feed(name: str, body: dict[str, Any]) -> Feed:
    fields = (
        Field(
            name=each,
            column=given["column"],
            required=given.get("required", False),
            codes=tuple(given.get("codes", ())),
            formats=tuple(given.get("formats", ())),
            longest=given.get("longest"),
        )
        for each, given in body["fields"].items()
    )
    return Feed(name, body["path"], tuple(body["row_key"]), tuple(fields))


def read_row(feed: Feed, item: Mapping[str, Any]) -> Row:
    """Read one row of a page; nothing is refused here, what is wrong is a finding.

    Source: requirements A1, B10.
    """
    columns = {_column(name): _text(value) for name, value in item.items()}
    known = {field.column for field in feed.fields}
    read = [_read(field, columns.get(field.column)) for field in feed.fields]
    garbled = [
        Finding("mojibake", name, text) for name, text in columns.items() if text and REPLACEMENT in text
    ]
    return Row(
        row_no=row_number([columns.get(name) for name in feed.row_key]),
        values={field.name: value for field, (value, _) in zip(feed.fields, read, strict=True)},
        original={name: text for name, text in columns.items() if name in known and text is not None},
        extra={name: text or "" for name, text in columns.items() if name not in known},
        findings=tuple([finding for _, finding in read if finding] + garbled),
    )


def row_number(texts: list[str | None]) -> int:
    """A number from content: 53 bits of its SHA-256, so that JSON carries it whole.

    Not the place in the page: a platform that reorders or repeats rows, or a pull that is resumed, must give
    the same evidence. Two of 100,000 rows of one pull meet by accident with a probability of 6 in 10,000,000.
    """
    digest = hashlib.sha256(json.dumps(texts, ensure_ascii=False).encode("utf-8")).digest()
    return int.from_bytes(digest[:7], "big") >> 3


def _read(field: Field, text: str | None) -> tuple[str | date | None, Finding | None]:
    """The value of one field, and what is wrong with it."""
    if text is None:
        return None, Finding("required", field.column, None) if field.required else None
    if field.longest and len(text) > field.longest:
        return text, Finding("too_long", field.column, text)
    if field.codes and text not in field.codes:
        return text, Finding("unknown_code", field.column, text)
    if field.formats:
        value = parse_date(text, field.formats)
        return value, None if value else Finding("date_format", field.column, text)
    return text, None


def parse_date(text: str, formats: tuple[str, ...]) -> date | None:
    """The date of a text by the first format that fits, blanks left out of account; None where none does."""
    packed = "".join(unicodedata.normalize("NFKC", text).split())
    for each in formats:
        try:
            return datetime.strptime(packed, each).date()
        except ValueError:
            continue
    return None


def _column(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split())


def _text(value: Any) -> str | None:
    """The text of a value without blanks around it; None for null and for blanks alone."""
    text = value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False)
    return text.strip() or None


def storable(value: Any) -> Any:
    """The same JSON with U+FFFD for what PostgreSQL cannot hold: NUL, and halves of surrogate pairs."""
    return _each_text(value, whole)


def without_numbers(value: Any) -> Any:
    """The same JSON, persons' ids and mobile numbers masked: what is pushed needs none (decision 16)."""
    return _each_text(value, masked_numbers)


def _each_text(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {change(name): _each_text(each, change) for name, each in value.items()}
    return [_each_text(each, change) for each in value] if isinstance(value, list) else value

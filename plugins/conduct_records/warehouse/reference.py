"""Loads the declarations under include/schemas into ref: code lists, dated policies, the calendar."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from psycopg.types.json import Jsonb

from conduct_records.contracts.calendar import calendar_rows
from conduct_records.settings import SCHEMAS
from conduct_records.warehouse.connection import Connection
from conduct_records.warehouse.statements import statement

DAY = ("day", "is_working", "working_day_no", "basis")


def load_reference(connection: Connection, known_at: datetime) -> list[str]:
    """Load each declaration whose content differs from what is loaded; returns their names.

    Shapes: codes/<list>.csv has `code,label` and any other columns, which become attributes;
    policies/<policy>.yaml has `policy_code` and `rules`, each with its period, legal basis and body.
    Source: requirements B3, D6; architecture decision 7.
    """
    loaded: dict[str, str] = dict(connection.execute(statement("reference/declared")).fetchall())
    changed = []
    for name, digest, load in _declarations():
        if loaded.get(name) != digest:
            load(connection)
            connection.execute(
                statement("reference/declare"), {"name": name, "sha256": digest, "known_at": known_at}
            )
            changed.append(name)
    return changed


def _declarations() -> Iterator[tuple[str, str, Any]]:
    for path in sorted((SCHEMAS / "codes").glob("*.csv")):
        yield f"codes/{path.name}", _sha256(path.read_bytes()), _Codes(path)
    for path in sorted((SCHEMAS / "policies").glob("*.yaml")):
        yield f"policies/{path.name}", _sha256(path.read_bytes()), _Policy(path)
    rows = calendar_rows()
    yield "calendar", _sha256(repr(rows).encode()), lambda connection: _load_calendar(connection, rows)


class _Codes:
    """One code list: replaced as a whole, since a code that left its file is no code any more."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __call__(self, connection: Connection) -> None:
        with self.path.open(encoding="utf-8", newline="") as file:
            rows = [_code_row(self.path.stem, row) for row in csv.DictReader(file)]
        connection.execute(statement("reference/clear_codes"), {"list_code": self.path.stem})
        with connection.cursor() as cursor:
            cursor.executemany(statement("reference/add_code"), rows)


class _Policy:
    """One policy file: replaced as a whole; the digest of the file is part of the records' digest."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __call__(self, connection: Connection) -> None:
        policy = yaml.safe_load(self.path.read_text(encoding="utf-8"))
        connection.execute(statement("reference/clear_policy"), {"policy_code": policy["policy_code"]})
        with connection.cursor() as cursor:
            cursor.executemany(
                statement("reference/add_rule"),
                [
                    rule | {"policy_code": policy["policy_code"], "body": Jsonb(rule["body"])}
                    for rule in policy["rules"]
                ],
            )


def _code_row(list_code: str, row: dict[str, str]) -> dict[str, Any]:
    """A list without a `code` column is a relation: its whole row is its key."""
    attributes = {name: value for name, value in row.items() if name not in {"code", "label"} and value}
    code = row["code"] if "code" in row else "|".join(row.values())
    label = row.get("label", code)
    return {"list_code": list_code, "code": code, "label": label, "attributes": Jsonb(attributes)}


def _load_calendar(connection: Connection, rows: list[tuple[Any, ...]]) -> None:
    connection.execute(statement("reference/clear_calendar"))
    with connection.cursor() as cursor:
        cursor.executemany(statement("reference/add_day"), [dict(zip(DAY, row, strict=True)) for row in rows])


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()

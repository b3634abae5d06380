"""What a pull leaves in the warehouse: pages, the evidence read from them, its state. One commit a page."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from psycopg.types.json import Jsonb

from conduct_records.contracts.codes import read_issue_types
from conduct_records.exchange.feeds import Feed, Row, read_row, storable, without_numbers
from conduct_records.exchange.messages import Page
from conduct_records.exchange.pages import content_key
from conduct_records.settings import SCHEMAS
from conduct_records.warehouse.connection import Connection
from conduct_records.warehouse.statements import statement


class PageDamaged(RuntimeError):
    """A kept page has changed since it came; the message names it."""


QUARANTINING = ("required", "unknown_code", "mojibake", "too_long")
ABOUT_THE_PULL = ["pull_incomplete", "total_mismatch"]


@dataclass(frozen=True)
class Held:
    """What landing knows of a pull.

    `rows` counts evidence and quarantine, `identities` what the platform's total counts.
    """

    state: str
    cursor: str | None
    pages: int
    rows: int
    expected: int | None
    reason: str | None
    identities: int


@dataclass(frozen=True)
class Landing:
    """One pull on one connection. Each method commits."""

    connection: Connection
    feed: Feed
    data_date: date
    known_at: datetime

    @property
    def pull_id(self) -> str:
        """32 hexadecimal digits of SHA-256 over feed and data date."""
        return hashlib.sha256(f"{self.feed.name}|{self.data_date.isoformat()}".encode()).hexdigest()[:32]

    def open(self) -> Held:
        """Take the pull for this session (another run for it waits), make its row if need be, and read it."""
        self._run("landing/pull#lock")
        self._run("landing/pull#open", feed=self.feed.name, data_date=self.data_date)
        self._run("landing/arrival#open_date", data_date=self.data_date)
        return self.held()

    def held(self) -> Held:
        """What is there now."""
        state, cursor, pages, _, expected, reason = self._one("landing/pull#read")
        rows, identities = self._one(f"landing/{self.feed.name}#held")
        self.connection.commit()
        return Held(state, cursor, pages, rows, expected, reason, identities)

    def keep(self, page: Page) -> None:
        """Keep a page, its rows and where to go on; a page that is there already adds nothing."""
        came = storable(dict(page.body))
        if (body := without_numbers(came)) != came:
            self._raise("person_id_in_text")
        self._run("landing/pull#keep_page", sha256=content_key(body).hex(), body=Jsonb(body))
        self._keep_rows(body)
        self._run("landing/pull#advance", cursor=page.next_cursor, expected_count=page.total)
        self.connection.commit()

    def replay(self) -> None:
        """Read every page that is kept once more: nothing changes unless the declaration did."""
        for page_no, sha256, body in self.connection.execute(statement("landing/pull#pages"), self._always):
            if content_key(body).hex() != sha256:
                place = f"page {page_no} of pull {self.pull_id}, {self.feed.name} of {self.data_date}"
                raise PageDamaged(f"landing.page: {place} is not what came: restore it")
            self._keep_rows(body)
        self.connection.commit()

    def close(self, state: str, cursor: str | None, reason: str | None, notice: str | None = None) -> Held:
        """Set down how it ended: `reason` why it is incomplete, `notice` what is odd about a complete one."""
        self._run("landing/pull#settle_issues", issue_codes=ABOUT_THE_PULL)
        if reason:
            self._raise("pull_incomplete", value=reason)
        if notice:
            self._raise("total_mismatch", value=notice)
        rows = self.held().rows
        self._run("landing/pull#close", state=state, cursor=cursor, row_count=rows, reason=reason)
        self.connection.commit()
        return self.held()

    def unfinished(self) -> list[date]:
        """Earlier days of this feed that are incomplete, the oldest first."""
        rows = self.connection.execute(
            statement("landing/pull#unfinished"), {"feed": self.feed.name, "data_date": self.data_date}
        ).fetchall()
        self.connection.commit()
        return [day for (day,) in rows]

    def _keep_rows(self, body: Mapping[str, Any]) -> None:
        rows = [read_row(self.feed, item) for item in body["items"]]
        refused = [self._quarantined(row) for row in rows]
        each = list(zip(rows, body["items"], refused, strict=True))
        good = [row for row, _, bad in each if not bad]
        self._run_many(f"landing/{self.feed.name}#keep", [self._evidence(row) for row in good])
        self._run("landing/pull#release", row_nos=[row.row_no for row in good])
        self._run_many(
            "landing/pull#quarantine", [self._refusal(row, item) for row, item, bad in each if bad]
        )
        for row in rows:
            for finding in row.findings:
                self._raise(finding.issue_code, row.row_no, finding.field, finding.value)
        for column in sorted({column for row in rows for column in row.extra}):
            self._raise("unknown_column", field=column)

    def _quarantined(self, row: Row) -> bool:
        """A row that lacks what it must have, or cannot be read, is no evidence."""
        lacking = any(f.required and row.values[f.name] is None for f in self.feed.fields)
        return lacking or any(finding.issue_code in QUARANTINING for finding in row.findings)

    def _evidence(self, row: Row) -> dict[str, Any]:
        return {
            "row_no": row.row_no,
            "data_date": self.data_date,
            "original": Jsonb(row.original),
            "extra": Jsonb(row.extra),
            **row.values,
        }

    def _refusal(self, row: Row, item: Mapping[str, Any]) -> dict[str, Any]:
        codes = sorted({finding.issue_code for finding in row.findings})
        return {
            "row_no": row.row_no,
            "kind": self.feed.name,
            "row_values": Jsonb(item),
            "issue_codes": codes,
        }

    def _raise(
        self, code: str, row_no: int | None = None, field: str | None = None, value: str | None = None
    ) -> None:
        self._run("landing/pull#raise_issue", **catalogue()[code], row_no=row_no, field=field, value=value)

    @property
    def _always(self) -> dict[str, Any]:
        return {"pull_id": self.pull_id, "file_id": self.pull_id, "known_at": self.known_at}

    def _run(self, name: str, **values: Any) -> None:
        self.connection.execute(statement(name), {**self._always, **values})

    def _run_many(self, name: str, rows: list[dict[str, Any]]) -> None:
        with self.connection.cursor() as cursor:
            cursor.executemany(statement(name), [{**self._always, **row} for row in rows])

    def _one(self, name: str) -> tuple[Any, ...]:
        row = self.connection.execute(statement(name), self._always).fetchone()
        if row is None:
            raise LookupError(f"{name} found no row for pull {self.pull_id}")
        return row


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """The issues a pull can raise, by their code; where it words one otherwise, its own words stand."""
    shared = {
        code: {
            "issue_code": code,
            "severity": issue.severity,
            "responsibility": issue.responsibility,
            "message": issue.message,
            "suggestion": issue.fix,
        }
        for code, issue in read_issue_types(SCHEMAS / "codes" / "issues.csv").items()
    }
    with (SCHEMAS / "exchange" / "issues.csv").open(encoding="utf-8", newline="") as file:
        return shared | {row["issue_code"]: row for row in csv.DictReader(file)}

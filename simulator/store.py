"""What the platform has received, in one SQLite file that survives kill -9."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable
from itertools import groupby
from pathlib import Path
from threading import RLock
from typing import Any

SCHEMA = """
create table if not exists receipt (
  number integer primary key, idempotency_key text not null, record_key text not null,
  status text not null, reason text);
create table if not exists accepted (
  idempotency_key text primary key, number integer not null, fingerprint text not null);
create table if not exists last_ordinal (
  subject_key text not null, record_key text not null, ordinal integer not null,
  primary key (subject_key, record_key));
create table if not exists held (
  record_key text primary key, kind text not null, region_code text not null, class_code text not null,
  content_hash text not null, payload text not null);
"""
LAST_ORDINAL = "select ordinal from last_ordinal where subject_key = ? and record_key = ?"
SET_ORDINAL = "insert or replace into last_ordinal values (?, ?, ?)"
RECEIPTS = """
select number, idempotency_key, record_key, status, reason from receipt
where number > ? order by number limit ?
"""
HELD = "select region_code, class_code, kind, record_key, content_hash from held where ? in ('', region_code)"
RECORD = (
    "select record_key, kind, region_code, class_code, content_hash, payload from held where record_key = ?"
)
HOLDINGS = """
select record_key, content_hash from held
where kind = ? and region_code = ? and class_code = ? and record_key > ? order by record_key limit ?
"""
RECEIPTS_A_PAGE = 500
HOLDINGS_A_PAGE = 1_000
Message = dict[str, Any]
Row = dict[str, Any]
Verdict = Callable[[Message], str | None]  # why a message is refused, if it is


class Store:
    """The platform's memory. Each batch commits as a whole before its receipts are given out."""

    def __init__(self, path: Path | str) -> None:
        self.lock = RLock()
        self.database = sqlite3.connect(path, check_same_thread=False)
        self.database.execute("pragma journal_mode = wal")
        self.database.executescript(SCHEMA)

    def close(self) -> None:
        """Let go of the file."""
        self.database.close()

    def take(self, messages: Iterable[Message], verdict: Verdict) -> list[Row]:
        """Apply messages in the order given, once each; a receipt for every one."""
        with self.lock, self.database:
            return [self._take_one(message, verdict(message)) for message in messages]

    def _take_one(self, message: Message, refusal: str | None) -> Row:
        key, record = message["idempotency_key"], message["record_key"]
        if refusal:
            return self._receipt(key, record, "rejected", refusal)
        print_ = hashlib.sha256(json.dumps(message, sort_keys=True).encode()).hexdigest()
        known = self._one("select number, fingerprint from accepted where idempotency_key = ?", key)
        if known:
            if known[1] != print_:
                return self._receipt(key, record, "rejected", "key_reused")
            return receipt(known[0], key, record, "duplicate", None)
        last = self._one(LAST_ORDINAL, message["subject_key"], record)
        if last and message["ordinal"] < last[0]:
            return self._receipt(key, record, "rejected", "superseded")
        self._apply(message)
        stored = self._receipt(key, record, "stored", None)
        self._run("insert into accepted values (?, ?, ?)", key, int(stored["receipt_number"][1:]), print_)
        return stored

    def _apply(self, message: Message) -> None:
        record = message["record_key"]
        self._run(SET_ORDINAL, message["subject_key"], record, message["ordinal"])
        self._run("delete from held where record_key = ?", record)
        if message["action"] == "upsert":
            payload = json.dumps(message["payload"], ensure_ascii=False)
            self._run(
                "insert into held values (?, ?, ?, ?, ?, ?)", record, message["kind"], message["region_code"],
                message.get("class_code") or "", message["content_hash"], payload,
            )  # fmt: skip

    def forget(self, messages: Iterable[Message], keep_keys: bool) -> None:
        """Lose what some messages brought; with `keep_keys` their repetition still counts as a duplicate."""
        with self.lock, self.database:
            for message in messages:
                self._run("delete from held where record_key = ?", message["record_key"])
                if not keep_keys:
                    self._run("delete from accepted where idempotency_key = ?", message["idempotency_key"])

    def receipts(self, after: int) -> tuple[list[Row], bool]:
        """Receipts with a number above `after`, and whether more follow."""
        with self.lock:
            rows = self.database.execute(RECEIPTS, [after, RECEIPTS_A_PAGE + 1]).fetchall()
        return [receipt(*row) for row in rows[:RECEIPTS_A_PAGE]], len(rows) > RECEIPTS_A_PAGE

    def groups(self, region: str | None) -> list[Row]:
        """Count and digest of what is held, by region, class and kind."""
        with self.lock:
            rows = sorted(self.database.execute(HELD, [region or ""]))
        return [group(key, [row[3:] for row in rows]) for key, rows in _grouped(rows)]

    def holdings(self, group: tuple[str, ...], after: str) -> tuple[list[Row], bool]:
        """Keys and hashes of one kind, region and class after a key, and whether more follow."""
        with self.lock:
            rows = self.database.execute(HOLDINGS, [*group, after, HOLDINGS_A_PAGE + 1]).fetchall()
        found = [{"record_key": row[0], "content_hash": row[1]} for row in rows[:HOLDINGS_A_PAGE]]
        return found, len(rows) > HOLDINGS_A_PAGE

    def held(self, record_key: str) -> Row | None:
        """One record, or None where it never was or was withdrawn."""
        with self.lock:
            row = self._one(RECORD, record_key)
        names = ("record_key", "kind", "region_code", "class_code", "content_hash")
        return {**dict(zip(names, row, strict=False)), "payload": json.loads(row[5])} if row else None

    def _receipt(self, key: str, record: str, status: str, reason: str | None) -> Row:
        cursor = self.database.execute(
            "insert into receipt (idempotency_key, record_key, status, reason) values (?, ?, ?, ?)",
            [key, record, status, reason],
        )
        return receipt(cursor.lastrowid or 0, key, record, status, reason)

    def _one(self, sql: str, *values: Any) -> Any:
        return self.database.execute(sql, values).fetchone()

    def _run(self, sql: str, *values: Any) -> None:
        self.database.execute(sql, values)


def receipt(number: int, key: str, record: str, status: str, reason: str | None) -> Row:
    """The schema Receipt."""
    return {
        "receipt_number": f"R{number:012d}", "idempotency_key": key, "record_key": record,
        "status": status, "reason": reason,
    }  # fmt: skip


def group(key: tuple[str, ...], lines: list[tuple[str, str]]) -> Row:
    """The schema Group: the digest is over sorted lines 'record_key content_hash'."""
    text = "".join(f"{record} {content}\n" for record, content in sorted(lines))
    return {
        **dict(zip(("region_code", "class_code", "kind"), key, strict=True)),
        "count": len(lines), "digest": hashlib.sha256(text.encode()).hexdigest(),
    }  # fmt: skip


def _grouped(rows: list[Any]) -> Iterable[tuple[tuple[str, ...], list[Any]]]:
    return ((key, list(members)) for key, members in groupby(rows, key=lambda row: row[:3]))

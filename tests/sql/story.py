"""Evidence rows for tests of the fold, written straight into evidence and landing: no file is parsed here."""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
from psycopg import sql

from conduct_records.records.build import Built, build
from conduct_records.settings import Settings

Row = dict[str, Any]

AMR = {"authority_name": "湖北省市场监督管理局", "authority_code": "11420000YL0000020Y"}
HEALTH = {"authority_name": "湖北省卫生健康委员会", "authority_code": "11420000YL0000039U"}
YUN = {"party_name": "武汉样例云商贸有限公司", "party_code": "91420100MA00000017"}
SHAN = {"party_name": "黄冈样例山医院", "party_code": "91421100MA00000025"}
HE = {"party_name": "襄阳样例河食品有限公司", "party_code": "91420600MA00000033"}


@dataclass(frozen=True)
class Delivery:
    """One file: who sent it, for which date, in which place of the inbox, and its rows of one kind."""

    kind: str
    on: date
    unit: str
    rows: tuple[Row, ...]
    sequence: int = 1
    scope: str = "delta"
    sha256: str | None = None

    @property
    def file_id(self) -> str:
        text = f"{self.unit}|{self.kind}|{self.on}|{self.sequence}|{self.rows!r}"
        return hashlib.sha256(text.encode()).hexdigest()[:32]


def penalty(number: str, on: str, party: Row = YUN, **more: Any) -> Row:
    """A penalty decision with a fine, unless told otherwise."""
    return {
        "document_no": number, "decided_on": on, **AMR, **party, "party_category_code": "legal_person",
        "violation_type_name": "虚假宣传", "violation_facts": "样例事实", "penalty_basis": "样例依据",
        "penalty_category_codes": "fine", "penalty_content": "罚款", "fine_yuan": 20000,
        "source_name": "样例来源", "source_code": "11420000YL0000020Y",
    } | more  # fmt: skip


def change(number: str, on: str, decision: str, party: Row = YUN, **more: Any) -> Row:
    """A revocation, or with change_code='modified' a modification."""
    return {
        "change_document_no": number, "change_code": "revoked", "document_no": decision, **AMR, **party,
        "changed_on": on, "reason": "样例原因", "changed_by_name": "样例机关",
    } | more  # fmt: skip


def objection(number: str, on: str, decision: str, party: Row = YUN, **more: Any) -> Row:
    return {
        "objection_no": number, "document_no": decision, **AMR, **party, "scope_code": "wrong",
        "statement": "样例异议", "filed_on": on, "received_by_name": "样例受理单位",
    } | more  # fmt: skip


def ruling(number: str, on: str, decision: str, party: Row = YUN, **more: Any) -> Row:
    return {
        "objection_no": number, "document_no": decision, **AMR, **party, "ruling_code": "rejected",
        "correction_code": "keep", "ruled_on": on, "ruled_by_name": "样例处理单位", "reason": "样例理由",
    } | more  # fmt: skip


def repair(number: str, on: str, decision: str, party: Row = YUN, **more: Any) -> Row:
    return {
        "ruling_document_no": number, "document_no": decision, **AMR, **party, "applied_on": on,
        "ruling_code": "granted", "ruled_on": on, "ruled_by_name": "样例修复机关", "reason": "样例理由",
    } | more  # fmt: skip


def registered(party: Row = YUN, **more: Any) -> Row:
    return {
        **party, "established_on": "2010-05-06", "registration_status_code": "existing",
        "authority_name": "样例登记机关",
    } | more  # fmt: skip


def verified(case_no: str, on: str, party: Row = SHAN, **more: Any) -> Row:
    return {
        "case_no": case_no, "list_code": "typical", **party, "verifier_name": "黄冈市信用办",
        "method_codes": "site_visit", "verified_on": on, "verdict_code": "confirmed", "facts": "样例核查事实",
    } | more  # fmt: skip


def recognised(number: str, on: str, case_no: str | None, party: Row = SHAN, **more: Any) -> Row:
    return {
        "document_no": number, "case_no": case_no, "list_code": "typical" if case_no else None,
        **HEALTH, **party, "conduct": "手术中加价", "procedure_name": "集体审议", "basis": "样例依据",
        "catalogue_code": "administrative",
        "seriousness_code": "ordinary", "disclosure_code": "public", "recognised_on": on,
    } | more  # fmt: skip


def listed(number: str, on: str, party: Row = YUN, **more: Any) -> Row:
    return {
        "document_no": number, "dishonesty_list_code": "market", "action_code": "listed", **AMR, **party,
        "reason": "样例列入理由", "basis": "样例依据", "decided_on": on,
    } | more  # fmt: skip


@dataclass
class Story:
    """A warehouse that evidence arrives in. Each build has a commit time of its own."""

    url: str
    ticks: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self.settings = Settings({"WAREHOUSE_URL": self.url, "CONDUCT_RECORDS_DATA_DOCS": "off"})

    def tick(self) -> datetime:
        return datetime(2019, 1, 1, tzinfo=UTC) + timedelta(minutes=next(self.ticks))

    def deliver(self, *deliveries: Delivery) -> None:
        with psycopg.connect(self.url) as connection:
            for delivery in deliveries:
                _land(connection, delivery, self.tick())

    def build(self, full: bool = False) -> Built:
        return build(date(2019, 1, 28), self.tick(), self.settings, full)

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url) as connection:
            return connection.execute(query, values or None).fetchall()

    def execute(self, statements: str) -> None:
        with psycopg.connect(self.url) as connection:
            connection.execute(statements)

    def one(self, query: str, *values: Any) -> Any:
        ((value,),) = self.rows(query, *values)
        return value

    def state(self, number: str) -> str:
        return self.one("select state from core.record where document_no = %s", number)

    def issues(self) -> set[str]:
        return {code for (code,) in self.rows("select issue_code from ops.issue where origin = 'fold'")}


def file(kind: str, on: str, unit: str, *rows: Row, **more: Any) -> Delivery:
    """A delivery; `more` may give its sequence, scope and sha256."""
    return Delivery(kind, date.fromisoformat(on), unit, rows, **more)


def same_when_rebuilt(story: Story) -> None:
    """Digest and issues; the digest holds no issues."""
    issues = "select issue_id from ops.issue where origin = 'fold' order by 1"
    built, found = story.build(), story.rows(issues)
    assert (story.build(full=True).digest, story.rows(issues)) == (built.digest, found)


def _land(connection: psycopg.Connection[Any], delivery: Delivery, known_at: datetime) -> None:
    connection.execute(
        """insert into landing.file (file_id, unit_code, kind, data_date, sha256, file_name, path, byte_count,
             sequence, scope, state, row_count, accepted_count, known_at)
           values (%s, %s, %s, %s, %s, 'f', 'f', 1, %s, %s, 'accepted', %s, %s, %s) on conflict do nothing""",
        [delivery.file_id, delivery.unit, delivery.kind, delivery.on, delivery.sha256 or delivery.file_id,
         delivery.sequence, delivery.scope, len(delivery.rows), len(delivery.rows), known_at],
    )  # fmt: skip
    connection.execute(
        "insert into ops.open_date values (%s, %s) on conflict do nothing", [delivery.on, known_at]
    )
    for number, row in enumerate(delivery.rows, start=2):
        keys = {"file_id": delivery.file_id, "row_no": number, "data_date": delivery.on, "known_at": known_at}
        values = row | keys | {"business_key": str(number)}
        insert = sql.SQL("insert into {} ({}) values ({}) on conflict do nothing").format(
            sql.Identifier("evidence", delivery.kind),
            sql.SQL(", ").join(map(sql.Identifier, values)),
            sql.SQL(", ").join(map(sql.Placeholder, values)),
        )
        connection.execute(insert, values)

"""Pushed cases and evaluations as evidence rows, for tests of the fold."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import psycopg

from conduct_records.records.cases import fold_cases
from conduct_records.records.targets import fold_targets
from conduct_records.warehouse.reference import load_reference

SAMPLES = Path(__file__).parents[2] / "samples" / "platform"
DATES = [date(2019, 1, 28), date(2019, 1, 29), date(2019, 1, 30), date(2019, 1, 31), date(2019, 2, 1)]
LAST = date(2019, 2, 2)
KNOWN = datetime(2019, 2, 2, tzinfo=UTC)
CASES = ("清单", "案例ID", "地区", "案例标题", "发布时间", "信息来源", "拟办意见", "标签", "正文")

HOSPITAL = {"party_name": "黄冈名仕医院", "party_code": "91421100MA00000025"}
RESULT = {
    "list_code": "typical",
    "verifier_name": "样例核查单位",
    "method_codes": "interview;site_visit",
    "facts": "样例",
}


class Pushes:
    """A warehouse that pushes arrive in, in any order, and that is folded when asked."""

    def __init__(self, url: str) -> None:
        self.connection = psycopg.connect(url)
        load_reference(self.connection, KNOWN)

    def sample(self, *dates: date) -> Pushes:
        """What the platform pushed on the dates, in this order."""
        for day in dates:
            for row in json.loads((SAMPLES / f"pushed_cases/{day}.json").read_text(encoding="utf-8")):
                self.push(day, *(row[column] or None for column in CASES))
            path = SAMPLES / f"evaluations/{day}.json"
            for row in json.loads(path.read_text(encoding="utf-8")) if path.exists() else []:
                self.grade(
                    day, row["评价周期"], row["评价等级"], row["主体名称"], row["统一社会信用代码"],
                    row["行政区划代码"], date.fromisoformat(row["评价发布日期"]), row["评价标准"],
                )  # fmt: skip
        return self

    def push(
        self, on: date, list_code: str, case_id: str, region: str, title: str, published: str | None = None,
        source: str | None = None, opinion: str | None = None, tags: str | None = None,
        body: str | None = None,
    ) -> Pushes:  # fmt: skip
        values = (list_code, case_id, region, title, _day(published), source, opinion, tags, body)
        self._evidence("pushed_case", "list_code, case_id, region_text, title, published_on, source_name, "
                       "handling_opinion, tags, body", "pushed_cases", on, values)  # fmt: skip
        return self

    def grade(
        self, on: date, cycle: str, grade: str, name: str, code: str | None, region: str | None,
        published: date, scale: str = "ylzc",
    ) -> Pushes:  # fmt: skip
        values = (cycle, scale, grade, name, code, region, published)
        self._evidence("evaluation", "cycle_code, scale_code, grade_code, subject_name, subject_code, "
                       "region_code, published_on", "evaluations", on, values)  # fmt: skip
        return self

    def _evidence(self, table: str, columns: str, feed: str, on: date, values: tuple[Any, ...]) -> None:
        pull = hashlib.sha256(f"{feed}|{on}".encode()).hexdigest()[:32]
        number = int(hashlib.sha256(repr(values).encode()).hexdigest()[:15], 16)
        self.connection.execute(
            "insert into landing.pull (pull_id, feed, data_date, state, known_at)"
            " values (%s, %s, %s, 'complete', %s) on conflict do nothing", [pull, feed, on, KNOWN],
        )  # fmt: skip
        self.connection.execute(
            f"insert into evidence.{table} (file_id, row_no, data_date, known_at, {columns})"
            f" values (%s, %s, %s, %s{', %s' * len(values)}) on conflict do nothing",
            [pull, number, on, KNOWN, *values],
        )  # fmt: skip

    def fold(self, valid_on: date = LAST) -> dict[str, int]:
        counts = fold_cases(self.connection, valid_on, KNOWN)
        return counts | fold_targets(self.connection, valid_on, KNOWN)

    def submit(self, kind: str, on: date, unit: str, key: str, **values: Any) -> Pushes:
        """One accepted row of a submission kind, in a file of its own."""
        file = hashlib.sha256(f"{kind}|{on}|{unit}|{values!r}".encode()).hexdigest()[:32]
        self.connection.execute(
            "insert into landing.file (file_id, unit_code, kind, data_date, sha256, file_name, path,"
            " byte_count, sequence, state, row_count, accepted_count, known_at)"
            " values (%s, %s, %s, %s, %s, 'f', 'f', 1, 1, 'accepted', 1, 1, %s)",
            [file, unit, kind, on, file, KNOWN],
        )
        row = {"file_id": file, "row_no": 2, "data_date": on, "business_key": key, "known_at": KNOWN} | values
        self.connection.execute(
            f"insert into evidence.{kind} ({', '.join(row)}) values ({', '.join(['%s'] * len(row))})",
            list(row.values()),
        )
        return self

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        return self.connection.execute(query, values or None).fetchall()

    def case_of(self, case_id: str) -> str:
        ((key,),) = self.rows("select case_key from core.pushed_case where case_id = %s", case_id)
        return str(key)

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every derived row about cases, known_at left out."""
        tables = (
            "pushed_case",
            "conduct_case",
            "case_unit",
            "case_link_proposal",
            "target",
            "referral",
            "verification",
        )
        rows = {
            name: self.rows(f"select to_jsonb(t)::text from core.{name} as t order by 1") for name in tables
        }
        issues = (
            "select (to_jsonb(i) - 'known_at')::text from ops.issue as i where origin = 'fold' order by 1"
        )
        return rows | {"issue": self.rows(issues)}


def verify(
    pushes: Pushes, on: date, unit: str, case_no: str, verdict: str = "confirmed", **more: Any
) -> Pushes:
    values = RESULT | {"case_no": case_no, "verdict_code": verdict, "verified_on": on} | more
    return pushes.submit("verification_result", on, unit, f"{case_no}|{unit}", **values)


def recognise(pushes: Pushes, on: date, number: str, **more: Any) -> Pushes:
    values = HOSPITAL | {"document_no": number, "recognised_on": on, "case_no": "5-1", "list_code": "typical"}
    return pushes.submit("recognition", on, "HB-HEALTH", number, **(values | more))


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    year, month, day = (int(each) for each in re.findall(r"\d+", text))
    return date(year, month, day)

"""What tests of sharing have in common: a stand-in platform, two decisions, the published files."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

from conduct_records.disclosure.delivery import send
from conduct_records.disclosure.outbox import enqueue
from conduct_records.disclosure.publish import publish_portal
from conduct_records.exchange.errors import Unavailable
from conduct_records.exchange.messages import Group, Receipt
from conduct_records.settings import Settings
from tests.sql.story import AMR, SHAN, YUN, Row, Story, change, file, penalty

ON = date(2019, 1, 28)
STAYS, ENDS = "样例罚〔2018〕1号", "样例罚〔2018〕2号"
INJECTED = "=<script>alert(1)</script>"
PERSON = "张某身份证11010519491231002X"


class Platform:
    """Stands in for the client.

    Holds the last content of each record, remembers all it was told, or is down.
    """

    batch = 100
    answers_later = False

    def __init__(self) -> None:
        self.held: dict[str, dict[str, Any]] = {}
        self.told: list[tuple[str, str]] = []
        self.is_down = False

    def post_batch(self, messages: list[dict[str, Any]]) -> list[Receipt]:
        if self.is_down:
            raise Unavailable("down")
        for message in messages:
            self.held.pop(message["record_key"], None)
            if message["action"] == "upsert":
                self.held[message["record_key"]] = message
        self.told += [(message["action"], message["record_key"]) for message in messages]
        return [
            Receipt(m["idempotency_key"], m["idempotency_key"], m["record_key"], "stored", None)
            for m in messages
        ]

    def reconciliation(self) -> list[Group]:
        groups: dict[tuple[str, str, str], list[str]] = {}
        for key, message in self.held.items():
            line = f"{key} {message['content_hash']}\n"
            groups.setdefault((message["region_code"], message["class_code"], message["kind"]), []).append(
                line
            )
        return [
            Group(*group, len(lines), hashlib.sha256("".join(sorted(lines)).encode()).hexdigest())
            for group, lines in groups.items()
        ]

    def holdings(self, *group: str) -> dict[str, str]:
        return {
            key: message["content_hash"]
            for key, message in self.held.items()
            if (message["kind"], message["region_code"], message["class_code"]) == group
        }


def two_decisions(warehouse: str, tmp_path: Path) -> Story:
    """Two standing decisions, one of them with hostile text, folded into records."""
    told = Story(warehouse)
    told.settings = Settings({"WAREHOUSE_URL": warehouse, "CONDUCT_RECORDS_STATE": str(tmp_path)})
    told.deliver(
        file(
            "penalty_decision", "2019-01-28", "HB-AMR",
            penalty(STAYS, "2018-06-01", violation_facts=INJECTED, violation_type_name=INJECTED),
            penalty(ENDS, "2018-06-02", SHAN),
        )
    )  # fmt: skip
    told.build()
    return told


def key_of(story: Story, number: str) -> str:
    return str(story.one("select record_key from core.record where document_no = %s", number))


def issues(story: Story) -> set[str]:
    """What sharing has found."""
    found = story.rows("select issue_code from ops.issue where file_id = 'share.outbox'")
    return {code for (code,) in found}


def touch(story: Story) -> None:
    """Say what a build would have said: every subject may have changed."""
    story.rows(
        """insert into share.due_subject select distinct subject_key, audience
           from core.record cross join (values ('public'), ('government')) as a (audience)
           on conflict do nothing returning 1"""
    )


def share(story: Story, on: date = ON) -> int:
    version = publish_portal(on, story.tick(), story.settings)
    enqueue(on, story.tick(), story.settings)
    send(on, story.tick(), story.settings)
    return version


def files(story: Story) -> dict[str, bytes]:
    return {
        str(path.relative_to(story.settings.portal)): path.read_bytes()
        for path in story.settings.portal.rglob("*")
        if path.is_file()
    }


def current(story: Story, name: str) -> Any:
    return json.loads((story.settings.portal / "current" / name).read_text("utf-8"))


def page_of(key: str) -> str:
    return f"records/{key[:2]}/{key}.html"


def held(story: Story) -> dict[str, Any]:
    """What readers see, by key."""
    return {item["record_key"]: item for item in current(story, "data/records.json")["items"]}


def revoke(story: Story) -> None:
    row = change("样例撤〔2019〕1号", "2019-01-20", ENDS, SHAN)
    story.deliver(file("decision_change", "2019-01-28", "HB-AMR", row))


def punishment(decision: str, party: Row = YUN, **more: Any) -> Row:
    return {
        "measure_no": "样例惩〔2019〕1号", **party, **AMR, "field_name": "政府采购",
        "measure": "限制参加政府采购",
        "document_no": decision, "executor_name": "样例财政局", "executed_on": "2019-01-10",
        "until_on": "2019-12-31", "is_public": True, "feedback": "已执行",
    } | more  # fmt: skip


def commitment(decision: str, party: Row = YUN, **more: Any) -> Row:
    return {
        **party, "commitment_type_code": "repair", "statement": "样例承诺：依法经营",
        "committed_on": "2019-01-12",
        "accepted_by_name": "样例信用办", "document_no": decision, "authority_code": AMR["authority_code"],
        "is_public": True,
    } | more  # fmt: skip


def supervision(party: Row = YUN, **more: Any) -> Row:
    return {
        "action_no": "样例约谈〔2019〕1号", "action_code": "interview", **party, **AMR,
        "started_on": "2019-01-15",
        "measure": f"约谈，{PERSON}",
    } | more  # fmt: skip


def training(decision: str, party: Row = YUN) -> Row:
    return {
        "training_no": "样例培训1", "training_name": "信用修复培训", **party, "trained_on": "2019-01-16",
        "organiser_name": "样例信用办", "result_code": "passed", "document_no": decision, **AMR,
    }  # fmt: skip

"""The gate lets through what may be seen; what has ended leaves every copy (E1, E2, E3, E5, E6)."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from jsonschema import Draft202012Validator

from conduct_records.disclosure.outbox import enqueue, send
from conduct_records.disclosure.proof import LeftoverFound, prove
from conduct_records.disclosure.publish import publish_portal
from conduct_records.disclosure.withdraw import withdraw
from conduct_records.exchange.errors import Unavailable
from conduct_records.exchange.messages import Receipt
from conduct_records.settings import SCHEMAS, Settings
from conduct_records.warehouse.connection import connect
from tests.sql.story import SHAN, Story, change, file, penalty, repair, ruling

ON = date(2019, 1, 28)
STAYS, ENDS = "样例罚〔2018〕1号", "样例罚〔2018〕2号"
INJECTED = "=<script>alert(1)</script>"


class Platform:
    """Stands in for the client: holds the last content of each record, or is down."""

    def __init__(self) -> None:
        self.held: dict[str, dict[str, Any]] = {}
        self.is_down = False

    def post_batch(self, messages: list[dict[str, Any]]) -> list[Receipt]:
        if self.is_down:
            raise Unavailable("down")
        for message in messages:
            self.held.pop(message["record_key"], None)
            if message["action"] == "upsert":
                self.held[message["record_key"]] = message
        return [
            Receipt(m["idempotency_key"], m["idempotency_key"], m["record_key"], "stored", None)
            for m in messages
        ]

    def record(self, record_key: str) -> dict[str, Any] | None:
        return self.held.get(record_key)


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> Platform:
    stand_in = Platform()
    monkeypatch.setattr("conduct_records.exchange.client.Client.of", lambda _: stand_in)
    return stand_in


@pytest.fixture
def story(warehouse: str, tmp_path: Path) -> Story:
    return two_decisions(warehouse, tmp_path)


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


def share(story: Story) -> int:
    version = publish_portal(ON, story.tick(), story.settings)
    enqueue(ON, story.tick(), story.settings)
    send(ON, story.tick(), story.settings)
    return version


def files(story: Story) -> dict[str, bytes]:
    return {
        str(path.relative_to(story.settings.portal)): path.read_bytes()
        for path in story.settings.portal.rglob("*")
        if path.is_file()
    }


def revoke(story: Story) -> None:
    row = change("样例撤〔2019〕1号", "2019-01-20", ENDS, SHAN)
    story.deliver(file("decision_change", "2019-01-28", "HB-AMR", row))


def test_the_sharer_reads_the_gate_and_not_core(story: Story) -> None:
    with connect(story.settings, "records_sharer") as connection:
        assert connection.execute("select count(*) from share.disclosable_record").fetchone() == (4,)
    for table in ("core.record", "evidence.penalty_decision", "vault.person_identifier"):
        with (
            pytest.raises(psycopg.errors.InsufficientPrivilege),
            connect(story.settings, "records_sharer") as connection,
        ):
            connection.execute(f"select 1 from {table}")


@pytest.mark.parametrize(
    ("setting", "audiences"),
    [
        ("disclosure_class = 'government'", ["government"]),
        ("disclosure_class = 'internal'", []),
        ("state = 'corrected'", ["government", "public"]),
        ("state = 'repaired'", []),
        ("party_category_code = 'natural_person'", []),
        ("display_from = valid_on + 1", []),
        ("display_until = valid_on", ["government", "public"]),
        ("display_until = valid_on - 1", []),
    ],
)
def test_the_gate_looks_at_class_state_person_and_window(
    story: Story, setting: str, audiences: list[str]
) -> None:
    key = key_of(story, ENDS)
    story.rows(f"update core.record set {setting} where record_key = %s returning 1", key)
    found = story.rows("select audience from share.disclosable_record where record_key = %s order by 1", key)
    assert [audience for (audience,) in found] == audiences


def test_sharing_again_writes_nothing(story: Story, platform: Platform) -> None:
    first, before = share(story), files(story)
    queued = story.rows("select * from share.outbox order by message_key")
    assert share(story) == first
    assert files(story) == before
    assert story.rows("select * from share.outbox order by message_key") == queued
    assert set(platform.held) == {key_of(story, STAYS), key_of(story, ENDS)}


def test_a_later_date_without_change_is_told_from_a_stale_one(story: Story, platform: Platform) -> None:
    first = share(story)
    before = files(story)
    publish_portal(date(2019, 1, 29), story.tick(), story.settings)
    after = files(story)
    assert json.loads(after.pop("checked.json")) == {"current": first, "valid_on": "2019-01-29"}
    assert json.loads(before.pop("checked.json"))["valid_on"] == "2019-01-28"
    assert after == before


def test_a_record_without_its_optional_values_is_published(story: Story, platform: Platform) -> None:
    story.rows("update core.record set conduct_type = null, fact = null, party_code = null returning 1")
    share(story)
    assert prove(ON, story.tick(), story.settings).artefacts > 0


def test_a_revocation_leaves_every_copy_before_any_build(story: Story, platform: Platform) -> None:
    first, key = share(story), key_of(story, ENDS)
    revoke(story)
    withdraw(ON, story.tick(), story.settings)
    with_key = {name for name, text in files(story).items() if key.encode() in text or key in name}
    delta = json.loads((story.settings.portal / f"current/deltas/{first}.json").read_text("utf-8"))
    assert {Path(name).name for name in with_key} == {f"{first}.json"}
    assert (delta["upserts"], delta["withdrawn"]) == ([], [key])
    assert set(platform.held) == {key_of(story, STAYS)}
    assert prove(ON, story.tick(), story.settings).is_platform_asked


def test_a_platform_that_is_down_leaves_messages_waiting(story: Story, platform: Platform) -> None:
    platform.is_down = True
    share(story)
    assert story.one("select count(*) from share.outbox where state = 'pending'") == 2
    platform.is_down = False
    share(story)
    assert story.rows("select state, count(*) from share.outbox group by state") == [("acknowledged", 2)]


def test_the_proof_finds_what_was_left(story: Story, platform: Platform) -> None:
    share(story)
    key = key_of(story, ENDS)
    revoke(story)
    story.build()
    with pytest.raises(LeftoverFound, match=key):
        prove(ON, story.tick(), story.settings)


def test_hostile_text_runs_nowhere(story: Story, platform: Platform) -> None:
    share(story)
    folder = story.settings.portal / "current"
    page = (folder / "records" / f"{key_of(story, STAYS)}.html").read_text("utf-8")
    assert "&lt;script&gt;alert" in page and INJECTED not in page
    assert f",'{INJECTED}" in (folder / "records.csv").read_text("utf-8")


def test_each_feed_keeps_its_schema(story: Story, platform: Platform) -> None:
    version = share(story)
    portal = story.settings.portal
    places = {
        "records": "current/records.json",
        "delta": f"current/deltas/{version}.json",
        "versions": "current/versions.json",
        "checked": "checked.json",
    }
    for name, place in places.items():
        schema = json.loads((SCHEMAS / "feeds" / f"{name}.schema.json").read_text("utf-8"))
        Draft202012Validator(schema).validate(json.loads((portal / place).read_text("utf-8")))


@pytest.mark.parametrize(
    ("kind", "row"),
    [
        ("repair_ruling", repair("样例修〔2019〕1号", "2019-01-20", ENDS, SHAN)),
        (
            "objection_ruling",
            ruling(
                "样例异〔2019〕1号",
                "2019-01-20",
                ENDS,
                SHAN,
                ruling_code="upheld",
                correction_code="withdraw",
            ),
        ),
    ],
)
def test_a_repair_and_an_upheld_objection_close_the_gate_before_any_build(
    story: Story, platform: Platform, kind: str, row: dict[str, Any]
) -> None:
    share(story)
    story.deliver(file(kind, "2019-01-28", "HB-AMR", row))
    withdraw(ON, story.tick(), story.settings)
    assert set(platform.held) == {key_of(story, STAYS)}
    assert prove(ON, story.tick(), story.settings).ended == 1

"""The gate lets through what may be seen; what has ended leaves every copy (E1, E2, E3, E5, E6)."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from conduct_records.disclosure.items import declared
from conduct_records.disclosure.proof import prove
from conduct_records.disclosure.publish import publish_portal
from conduct_records.disclosure.withdraw import withdraw
from conduct_records.settings import SCHEMAS
from conduct_records.warehouse.connection import connect
from tests.sql.share_support import (
    ENDS,
    INJECTED,
    ON,
    STAYS,
    Platform,
    current,
    files,
    held,
    key_of,
    page_of,
    revoke,
    share,
    touch,
    two_decisions,
)
from tests.sql.story import SHAN, YUN, Row, Story, change, file, listed, penalty, repair, ruling


@pytest.fixture
def story(warehouse: str, tmp_path: Path) -> Story:
    return two_decisions(warehouse, tmp_path)


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
        ("display_until = null", []),
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
    assert current(story, "versions.json")["valid_on"] == "2019-01-29"
    delta = current(story, f"deltas/{first + 1}.json")
    assert delta == {"from": first, "to": first + 1, "upserts": [], "withdrawn": []}
    changed = {Path(name).name for name, text in files(story).items() if before.get(name) != text}
    section_pages = {page["page"] for page in declared()["pages"]} | {"data.html", "atom.xml"}
    assert changed <= {*section_pages, "versions.json", "stamp.json", f"{first + 1}.json"}


def test_a_record_without_its_optional_values_is_published(story: Story, platform: Platform) -> None:
    story.rows("update core.record set conduct_type = null, fact = null, party_code = null returning 1")
    touch(story)
    share(story)
    assert prove(ON, story.tick(), story.settings).artefacts > 0


def test_a_revocation_leaves_every_copy_before_any_build(story: Story, platform: Platform) -> None:
    first, key = share(story), key_of(story, ENDS)
    revoke(story)
    withdraw(ON, story.tick(), story.settings)
    with_key = {name for name, text in files(story).items() if key.encode() in text or key in name}
    delta = current(story, f"deltas/{first + 1}.json")
    assert {Path(name).name for name in with_key} == {f"{first + 1}.json"}
    assert (delta["upserts"], delta["withdrawn"]) == ([], [{"kind": "record", "key": key}])
    assert set(platform.held) == {key_of(story, STAYS)}
    assert prove(ON, story.tick(), story.settings).is_platform_asked


def test_a_withdrawal_lets_nothing_new_out_and_the_next_sharing_does(
    story: Story, platform: Platform
) -> None:
    share(story)
    story.deliver(file("penalty_decision", "2019-01-28", "HB-AMR", penalty("样例罚3", "2018-06-03", SHAN)))
    story.build()
    revoke(story)
    withdraw(ON, story.tick(), story.settings)
    assert set(platform.held) == set(held(story)) == {key_of(story, STAYS)}
    share(story)
    assert set(platform.held) == set(held(story)) == {key_of(story, STAYS), key_of(story, "样例罚3")}


def test_a_removal_from_a_list_leaves_every_copy_before_any_build(story: Story, platform: Platform) -> None:
    story.deliver(file("list_decision", "2019-01-28", "HB-AMR", listed("样例列1", "2019-01-10", SHAN)))
    story.build()
    share(story)
    key = key_of(story, "样例列1")
    assert key in platform.held
    removal = listed("样例移1", "2019-01-20", SHAN, action_code="removed", listed_document_no="样例列1")
    story.deliver(file("list_decision", "2019-01-28", "HB-AMR", removal, sequence=2))
    withdraw(ON, story.tick(), story.settings)
    assert set(platform.held) == {key_of(story, STAYS), key_of(story, ENDS)}
    assert prove(ON, story.tick(), story.settings).is_platform_asked


def test_a_shield_leaves_every_copy_before_any_build(story: Story, platform: Platform) -> None:
    share(story)
    shield = {**SHAN, "document_no": "样例破1", "approved_on": "2019-01-20", "authority_name": "样例法院"}
    not_yet = {**YUN, "document_no": "样例破2", "approved_on": "2019-01-20", "authority_name": "样例法院"}
    story.deliver(
        file("reorganisation_shield", "2019-01-28", "HB-COURT", shield | {"shielded_on": "2019-01-20"},
             not_yet | {"shielded_on": "2019-03-01"})
    )  # fmt: skip
    withdraw(ON, story.tick(), story.settings)
    assert set(platform.held) == {key_of(story, STAYS)}
    assert prove(ON, story.tick(), story.settings).is_platform_asked


@pytest.mark.parametrize(
    ("kind", "row"),
    [
        ("decision_change", change("样例撤1", "2019-01-20", ENDS, SHAN | {"party_name": "曾用样例医院"})),
        ("penalty_decision", penalty(ENDS, "2018-06-02", SHAN, status_code="revoked")),
    ],
)
def test_a_revocation_under_a_former_name_or_by_status_leaves_before_any_build(
    story: Story, platform: Platform, kind: str, row: Row
) -> None:
    share(story)
    story.deliver(file(kind, "2019-01-28", "HB-AMR", row, sequence=2))
    withdraw(ON, story.tick(), story.settings)
    assert set(platform.held) == {key_of(story, STAYS)}


def test_a_revocation_by_whoever_may_not_revoke_keeps_the_record_back_before_and_after_a_build(
    story: Story, platform: Platform
) -> None:
    share(story)
    row = change("样例撤〔2019〕1号", "2019-01-20", ENDS, SHAN)
    story.deliver(file("decision_change", "2019-01-28", "nobody", row))
    withdraw(ON, story.tick(), story.settings)
    assert set(platform.held) == {key_of(story, STAYS)}
    story.build()
    withdraw(ON, story.tick(), story.settings)
    share(story)
    assert set(platform.held) == {key_of(story, STAYS)}
    assert story.state(ENDS) == "active"


def test_an_act_of_a_later_date_takes_nothing_out_before_that_date(story: Story, platform: Platform) -> None:
    share(story)
    story.deliver(
        file("decision_change", "2019-01-28", "HB-AMR", change("样例撤1", "2019-01-29", ENDS, SHAN))
    )
    withdraw(ON, story.tick(), story.settings)
    assert set(platform.held) == {key_of(story, STAYS), key_of(story, ENDS)}
    withdraw(date(2019, 1, 29), story.tick(), story.settings)
    assert set(platform.held) == {key_of(story, STAYS)}


def test_a_window_that_is_over_leaves_on_a_date_that_nothing_was_built_for(
    story: Story, platform: Platform
) -> None:
    share(story)
    withdraw(date(2019, 6, 2), story.tick(), story.settings)
    assert set(platform.held) == set(held(story)) == {key_of(story, ENDS)}


def test_a_platform_that_is_down_leaves_messages_waiting(story: Story, platform: Platform) -> None:
    platform.is_down = True
    share(story)
    assert story.one("select count(*) from share.outbox where state = 'pending'") == 2
    platform.is_down = False
    share(story)
    assert story.rows("select state, count(*) from share.outbox group by state") == [("acknowledged", 2)]


def test_hostile_text_runs_nowhere(story: Story, platform: Platform) -> None:
    share(story)
    folder = story.settings.portal / "current"
    page = (folder / page_of(key_of(story, STAYS))).read_text("utf-8")
    assert "&lt;script&gt;alert" in page and INJECTED not in page
    assert f",'{INJECTED}" in (folder / "data/records.csv").read_text("utf-8")


def test_each_feed_keeps_its_schema(story: Story, platform: Platform) -> None:
    share(story)
    version = share(story, date(2019, 1, 29))
    schemas = {
        path.name.split(".")[0]: Resource.from_contents(json.loads(path.read_text("utf-8")))
        for path in (SCHEMAS / "feeds").glob("*.schema.json")
    }
    registry = Registry().with_resources((f"{name}.schema.json", each) for name, each in schemas.items())
    places = {"items": ["data/records.json", "data/list_entries.json"], "delta": [f"deltas/{version}.json"]}
    for name, paths in (places | {"versions": ["versions.json"]}).items():
        for path in paths:
            Draft202012Validator(schemas[name].contents, registry=registry).validate(current(story, path))


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

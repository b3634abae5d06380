"""Records are a pure function of evidence: any order, any re-run, incremental or full (D3, I5, I6)."""

from __future__ import annotations

import random

import psycopg
import pytest

from conduct_records.records.build import rebuild
from conduct_records.records.digest import digest
from conduct_records.records.explain import explain
from tests.sql.story import (
    HE,
    SHAN,
    YUN,
    Delivery,
    Story,
    change,
    file,
    listed,
    objection,
    penalty,
    recognised,
    registered,
    repair,
    ruling,
    verified,
)

STORY: tuple[Delivery, ...] = (
    file("registry_extract", "2019-01-28", "HB-AMR", registered(), registered(SHAN), registered(HE)),
    file("penalty_decision", "2019-01-28", "HB-AMR", penalty("罚1", "2018-06-01"),
         penalty("罚2", "2018-07-01"), penalty("罚3", "2018-05-01", HE), penalty("罚4", "2018-01-31", HE),
         penalty("罚5", "2018-09-01", HE, fine_yuan=2_000_000),
         penalty("罚6", "2018-09-01", HE, penalty_category_codes="warning", fine_yuan=None)),
    file("penalty_decision", "2019-01-29", "421100", penalty("罚7", "2018-04-20", SHAN),
         penalty("罚8", "2018-04-20", {"party_name": "张三", "party_code": None, "party_person_token": "t1"},
                 party_category_code="natural_person"),
         penalty("罚9", "2018-04-20", {"party_name": HE["party_name"], "party_code": None}),
         penalty("罚10", "2018-04-20", {"party_name": "旧名", "party_code": None,
                 "party_org_code": YUN["party_code"][8:17]})),
    file("penalty_decision", "2019-01-30", "HB-AMR", penalty("罚2", "2018-07-01", fine_yuan=100)),
    file("verification_result", "2019-01-30", "421100", verified("5-1", "2019-01-30")),
    file("recognition", "2019-01-31", "HB-HEALTH", recognised("认1", "2019-01-31", "5-1")),
    file("list_decision", "2019-01-31", "HB-AMR", listed("列1", "2019-01-30")),
    file("objection", "2019-01-31", "HB-DRC", objection("异1", "2019-01-31", "罚2")),
    file("objection_ruling", "2019-02-01", "HB-DRC", ruling("异1", "2019-02-01", "罚2", ruling_code="upheld",
         correction_code="correct", corrected_content="减", fine_yuan=50)),
    file("decision_change", "2019-02-01", "HB-AMR", change("撤1", "2019-02-01", "罚1")),
    file("repair_ruling", "2019-02-02", "HB-AMR", repair("修1", "2019-02-02", "罚3", HE)),
    file("list_decision", "2019-02-02", "HB-AMR",
         listed("移1", "2019-02-02", action_code="removed", listed_document_no="列1")),
)  # fmt: skip

TABLES = [
    "record",
    "list_entry",
    "objection",
    "repair",
    "subject",
    "subject_identifier",
    "claim",
]
CONTENT = """select md5(string_agg(line, '' order by line)) from (
    select (to_jsonb(t) - array['known_at', 'valid_on'])::text as line from core.{} t) as lines"""


def content(story: Story) -> dict[str, str]:
    return {table: story.one(CONTENT.format(table)) for table in TABLES}


def issues(story: Story) -> list[tuple[object, ...]]:
    return story.rows(
        "select issue_code, file_id, row_no from ops.issue where origin = 'fold' order by 1, 2, 3"
    )


@pytest.mark.parametrize("seed", range(4))
def test_any_order_of_arrival_gives_the_same_records(story: Story, seed: int) -> None:
    story.deliver(*STORY)
    expected = story.build().digest, content(story), issues(story)
    order = random.Random(seed).sample(STORY, len(STORY))
    with psycopg.connect(story.url) as connection:
        connection.execute("delete from ops.open_date")
        connection.execute("delete from landing.file")
        for kind in {delivery.kind for delivery in STORY}:
            connection.execute(f"delete from evidence.{kind}")
    story.build(full=True)
    for delivery in order:
        story.deliver(delivery)
        last = story.build()
    assert (last.digest, content(story), issues(story)) == expected


def test_incremental_is_full_and_rebuild_gives_the_same_digest(story: Story) -> None:
    for delivery in STORY:
        story.deliver(delivery)
        last = story.build()
    expected = content(story), issues(story)
    assert rebuild(story.tick(), story.settings).digest == last.digest
    assert (content(story), issues(story)) == expected


def test_a_second_build_appends_nothing(story: Story) -> None:
    story.deliver(*STORY)
    first = story.build()
    second = story.build()
    full = story.build(full=True)
    assert first.digest == second.digest == full.digest
    assert [built.counts["record_versions"] for built in (second, full)] == [0, 0]
    assert first.counts["record_versions"] == story.one("select count(*) from core.record_version")


def test_a_submission_that_is_repeated_changes_nothing(story: Story) -> None:
    story.deliver(*STORY)
    first = story.build()
    again = STORY[1]
    assert first.counts["record_versions"] > 0
    story.deliver(Delivery(again.kind, again.on, again.unit, again.rows, sequence=9))
    assert story.build().digest == first.digest


def test_other_evidence_gives_another_digest(story: Story) -> None:
    story.deliver(*STORY)
    first = story.build()
    story.deliver(file("decision_change", "2019-02-02", "HB-AMR", change("撤9", "2019-02-02", "罚5", HE)))
    assert story.build().digest != first.digest


def test_the_story_ends_as_told(story: Story) -> None:
    story.deliver(*STORY)
    story.build()
    assert dict(story.rows("select document_no, state from core.record")) == {
        "罚1": "revoked", "罚2": "corrected", "罚3": "repaired", "罚4": "expired", "罚5": "active",
        "罚6": "expired", "罚7": "active", "罚8": "active", "罚9": "active", "罚10": "active",
        "认1": "active", "列1": "repaired",
    }  # fmt: skip
    assert story.one("select fine_yuan from core.record where document_no = '罚2'") == 50
    held = "select document_no, disclosure_class from core.record where disclosure_class <> 'public'"
    assert dict(story.rows(held)) == {
        "罚6": "government", "罚8": "internal", "罚9": "internal", "罚10": "internal"
    }  # fmt: skip


def test_every_record_and_entry_points_at_evidence(story: Story) -> None:
    story.deliver(*STORY)
    story.build()
    missing = """select count(*) from core.{} r where not exists (
        select from core.claim c where c.subject_key = r.subject_key
          and c.file_id = r.provenance #>> '{{determination,file_id}}'
          and c.row_no = (r.provenance #>> '{{determination,row_no}}')::bigint)"""
    assert [story.one(missing.format(table)) for table in ("record", "list_entry")] == [0, 0]


def test_a_failed_build_leaves_its_reason_and_changes_nothing(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.deliver(*STORY)

    def broken(*_: object) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr("conduct_records.records.build.fold_touched", broken)
    with pytest.raises(RuntimeError):
        story.build()
    assert story.one("select count(*) from core.claim") == 0
    assert story.rows("select state, reason from ops.run") == [("failed", "RuntimeError")]
    monkeypatch.undo()
    assert story.build().counts["record_versions"] == 12


def test_explain_gives_the_chain_from_value_to_row(story: Story) -> None:
    story.deliver(*STORY)
    story.build()
    chain = explain(story.one("select record_key from core.record where document_no = '罚2'"), story.settings)
    assert chain["record"]["state"] == "corrected"
    assert [(claim["act"], claim["document_no"], claim["stands"]) for claim in chain["claims"]] == [
        ("determination", "罚2", False),
        ("determination", "罚2", True),
        ("objection", "异1", True),
        ("ruling", "异1", True),
    ]
    assert all(claim["file_id"] and claim["row_no"] for claim in chain["claims"])
    assert chain["policy"]["legal_basis"].startswith("发改办财金")
    with pytest.raises(KeyError):
        explain("nothing", story.settings)


def test_the_digest_that_builds_keep_is_the_digest_of_the_rows(story: Story) -> None:
    for delivery in STORY:
        story.deliver(delivery)
        built = story.build()
        with psycopg.connect(story.url) as connection:
            assert built.digest == digest(connection)


SPOIL = {
    "target": "insert into core.target values"
    " ('t', 'notified', null, null, null, 'HB-DRC', '2019-01-01', '2019-01-02', 'official', 'open', '{}')",
    "verification": "update core.verification set verdict_code = 'not_confirmed'",
    "subject_identifier": "delete from core.subject_identifier where scheme = 'name'",
    "subject": "update core.subject set state = 'proposed'",
    "repair": "delete from core.repair",
    "objection": "update core.objection set state = 'rejected'",
}


@pytest.mark.parametrize("table", sorted(SPOIL))
def test_the_digest_covers_all_that_is_derived(story: Story, table: str) -> None:
    story.deliver(*STORY)
    built = story.build()
    with psycopg.connect(story.url) as connection:
        connection.execute(SPOIL[table])
        assert built.digest != digest(connection)


def test_a_file_of_a_kind_that_replaces_stands_for_all_before_it(story: Story) -> None:
    first = file(
        "penalty_decision", "2019-01-28", "HB-AMR", penalty("罚1", "2018-06-01"), penalty("罚2", "2018-06-01")
    )
    second = file("penalty_decision", "2019-01-29", "HB-AMR", penalty("罚2", "2018-06-01"), scope="replace")
    other = file("penalty_decision", "2019-01-28", "420100", penalty("罚3", "2018-06-01"))
    story.deliver(first, other)
    story.build()
    story.deliver(second)
    last = story.build()
    assert story.rows("select document_no from core.record order by 1") == [("罚2",), ("罚3",)]
    assert story.one("select count(*) from core.record_version where change = 'removed'") == 1
    assert rebuild(story.tick(), story.settings).digest == last.digest
    assert not story.rows("select 1 from ops.issue where origin = 'fold' and file_id = %s", first.file_id)


def test_bytes_read_again_under_a_newer_contract_stand_for_the_first_reading(story: Story) -> None:
    row = penalty("罚1", "2018-06-01", fine_yuan=2)
    story.deliver(file("penalty_decision", "2019-01-28", "HB-AMR", row, sha256="same"))
    story.build()
    story.deliver(file("penalty_decision", "2019-01-28", "HB-AMR", row | {"fine_yuan": 20000}, sha256="same"))
    built = story.build()
    assert story.rows("select fine_yuan::int, state from core.record") == [(20000, "active")]
    assert "contradicting_versions" not in story.issues()
    assert story.build(full=True).digest == built.digest


@pytest.mark.parametrize("setting", ["datestyle to German", "datestyle to SQL, DMY", "timezone to +8"])
def test_how_a_server_writes_dates_changes_no_digest(story: Story, setting: str) -> None:
    """D3: records are a function of evidence alone, whatever whoever runs the server has set."""
    story.deliver(*STORY)
    expected = story.build().digest
    story.execute(f"alter database {story.one('select current_database()')} set {setting}")
    assert rebuild(story.tick(), story.settings).digest == expected

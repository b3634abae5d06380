"""What held on a day, and what was known and published on it: two questions, both with an answer (D4)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from psycopg import connect

from conduct_records.cli.main import main
from conduct_records.disclosure.publish import publish_portal
from conduct_records.records.build import build
from conduct_records.records.explain import explain, history
from conduct_records.settings import Settings
from tests.sql.story import Story, change, file, penalty, registered


@pytest.fixture
def story(warehouse: str, tmp_path: Path) -> Story:
    """Decided in 2018, shared on the 28th; revoked on the 29th, which the centre learns on the 31st."""
    story = Story(warehouse)
    story.settings = Settings({**story.settings.environ, "CONDUCT_RECORDS_PORTAL": str(tmp_path / "portal")})
    nights = (
        (28, [file("registry_extract", "2019-01-28", "HB-AMR", registered()),
              file("penalty_decision", "2019-01-28", "HB-AMR", penalty("罚1", "2018-06-01"),
                   penalty("罚2", "2018-06-01"))]),
        (31, [file("decision_change", "2019-01-31", "HB-AMR", change("撤1", "2019-01-29", "罚1"))]),
    )  # fmt: skip
    for day, files in nights:
        story.deliver(*files)
        now = datetime(2019, 1, day, 2, tzinfo=UTC)
        build(date(2019, 1, day), now, story.settings)
        publish_portal(date(2019, 1, day), now, story.settings)
    return story


@pytest.mark.parametrize(
    ("on", "known", "held"),
    [
        (date(2018, 5, 31), None, {}),
        (date(2019, 1, 28), None, {"罚1": "active", "罚2": "active"}),
        (date(2019, 1, 29), None, {"罚1": "revoked", "罚2": "active"}),
        (date(2019, 1, 29), datetime(2019, 1, 30, tzinfo=UTC), {"罚1": "active", "罚2": "active"}),
        (date(2019, 1, 29), datetime(2019, 1, 27, tzinfo=UTC), {}),
        (date(2019, 6, 1), None, {"罚1": "revoked", "罚2": "active"}),
        (date(2019, 6, 2), None, {"罚1": "revoked", "罚2": "expired"}),
    ],
)
def test_what_held_on_a_day_as_far_as_it_was_known(
    story: Story, on: date, known: datetime | None, held: dict[str, str]
) -> None:
    found = history(story.settings, on, known)["held"]
    assert {line["document_no"]: line["state"] for line in found} == held
    assert all(line["provenance"]["determination"]["file_id"] for line in found)


def test_what_was_published_on_a_day_and_why(story: Story) -> None:
    days = {day: history(story.settings, date(2019, 1, day))["published"] for day in (27, 28, 30, 31)}
    shown = {day: {line["document_no"] for line in lines} for day, lines in days.items()}
    assert shown == {27: set(), 28: {"罚1", "罚2"}, 30: {"罚1", "罚2"}, 31: {"罚2"}}
    assert {line["record_version_no"] for line in days[30]} == {1}
    assert {line["provenance"]["determination"]["document_no"] for line in days[31]} == {"罚2"}


def test_the_chain_names_what_each_claim_said_and_where_it_was_published(story: Story) -> None:
    key = story.one("select record_key from core.record where document_no = '罚1'")
    chain = explain(key, story.settings)
    assert [(one["act"], one["said"].get("fine_yuan")) for one in chain["claims"]] == [
        ("determination", 20000),
        ("revocation", None),
    ]
    assert [(one["audience"], one["change"]) for one in chain["publications"]] == [
        ("public", "added"),
        ("public", "withdrawn"),
    ]
    with connect(story.url) as connection:
        connection.execute(
            "insert into core.rekey values (%s, 'another', 'code changed', null, '2019-02-01')",
            [chain["subject"]["subject_key"]],
        )
    assert [one["reason"] for one in explain(key, story.settings)["decisions"]] == ["code changed"]


def test_the_command_answers_for_one_record_and_for_all(
    story: Story, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAREHOUSE_URL", story.url)
    key = story.one("select record_key from core.record where document_no = '罚1'")
    assert main(["explain", "--on", "2019-01-29", "--known", "2019-01-30"]) == 0
    assert capsys.readouterr().out.count('"state": "active"') == 4  # held and published, two records
    assert main(["explain", key, "--on", "2019-01-29"]) == 0
    assert '"state": "revoked"' in capsys.readouterr().out
    assert main(["explain"]) == 2

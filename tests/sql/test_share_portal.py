"""The portal's versions: deltas lead to the full file, a broken publication shows nothing (E3, E5)."""

from __future__ import annotations

import json
import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from conduct_records.disclosure import folder, publish
from conduct_records.disclosure.publish import publish_portal
from conduct_records.settings import Settings
from tests.sql.story import Story, file, penalty

ON = date(2019, 1, 28)
NUMBERS = [f"样例罚〔2018〕{number}号" for number in range(1, 7)]
TOKEN = "pid1-" + "0123456789abcdef" * 2


@pytest.fixture
def story(warehouse: str, tmp_path: Path) -> Story:
    told = Story(warehouse)
    told.settings = Settings({"WAREHOUSE_URL": warehouse, "CONDUCT_RECORDS_STATE": str(tmp_path)})
    facts = [f"当事人甲某{TOKEN}", "乙某，身份证11010519491231002X", "丙某，电话13800000000"]
    facts += ["代码91420100MA00000017"] * (len(NUMBERS) - len(facts))
    rows = [
        penalty(number, "2018-06-01", violation_facts=fact)
        for number, fact in zip(NUMBERS, facts, strict=True)
    ]
    told.deliver(file("penalty_decision", "2019-01-28", "HB-AMR", *rows))
    told.build()
    return told


def publish_now(story: Story) -> int:
    return publish_portal(ON, story.tick(), story.settings)


def current(story: Story, name: str) -> Any:
    return json.loads((story.settings.portal / "current" / name).read_text("utf-8"))


def held(story: Story) -> dict[str, Any]:
    return {record["record_key"]: record for record in current(story, "records.json")["records"]}


def stir(story: Story, chance: random.Random) -> None:
    """Hide some records and change others."""
    for number in NUMBERS:
        hidden = chance.choice(["public", "public", "internal"])
        story.rows(
            """update core.record set disclosure_class = %s, conduct_type = %s
               where document_no = %s returning 1""",
            hidden, chance.choice("甲乙"), number,
        )  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_the_delta_from_any_version_leads_to_the_full_file(story: Story, seed: int) -> None:
    chance = random.Random(seed)
    readers = {publish_now(story): held(story)}
    for _ in range(6):
        stir(story, chance)
        version = publish_now(story)
        readers[version] = held(story)
    full, latest = held(story), max(readers)
    assert latest > 3
    for version, records in readers.items():
        delta = current(story, f"deltas/{version}.json")
        assert (delta["from"], delta["to"]) == (version, latest)
        for key in delta["withdrawn"]:
            records.pop(key, None)
        assert records | {record["record_key"]: record for record in delta["upserts"]} == full


def test_a_publication_that_breaks_off_leaves_the_last_version(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = publish_now(story)
    before = held(story)
    stir(story, random.Random(1))

    def disk_is_full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken, pytest.raises(OSError, match="No space"):
        broken.setattr(Path, "replace", disk_is_full)
        publish_now(story)
    assert (current(story, "records.json")["version"], held(story)) == (first, before)
    assert publish_now(story) == first + 1
    assert current(story, "records.json")["version"] == first + 1
    assert len(list((story.settings.portal / "versions").iterdir())) == 1


def test_a_slow_publisher_does_not_bring_an_older_version_back(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the log and the switch of the first publisher, a second one publishes a withdrawal."""
    publish_now(story)
    stir(story, random.Random(2))
    show = publish._show

    def overtaken(column: Any, settings: Settings, *, is_checked: bool) -> None:
        monkeypatch.setattr(publish, "_show", show)
        story.rows("update core.record set state = 'revoked' where document_no = %s returning 1", NUMBERS[0])
        publish_now(story)
        show(column, settings, is_checked=is_checked)

    monkeypatch.setattr(publish, "_show", overtaken)
    publish_now(story)
    marked = folder.current_version(story.settings.portal)
    assert marked is not None and marked[0] == 3
    assert NUMBERS[0] not in [record["document_no"] for record in held(story).values()]


def test_a_text_that_tells_who_somebody_is_gives_way_and_codes_stay(story: Story) -> None:
    publish_now(story)
    everything = "".join(
        path.read_text("utf-8") for path in story.settings.portal.rglob("*") if path.is_file()
    )
    for secret in (TOKEN, "11010519491231002X", "13800000000", "甲某", "乙某", "丙某"):
        assert secret not in everything
    assert "代码91420100MA00000017" in everything


def test_the_pages_follow_the_templates(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    version = publish_now(story)
    monkeypatch.setattr(publish, "look", lambda: "another look")
    stamp = folder.current_version(story.settings.portal)
    assert publish_now(story) == version
    assert folder.current_version(story.settings.portal) != stamp

"""The portal's versions: deltas lead to the full file, a broken publication shows nothing (E3, E5)."""

from __future__ import annotations

import errno
import hashlib
import itertools
import multiprocessing
import os
import random
import resource
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from conduct_records.disclosure import pages, publish, shards, side
from conduct_records.disclosure.publish import publish_portal
from conduct_records.settings import Settings
from tests.sql.share_support import current, held, touch
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


def stir(story: Story, chance: random.Random) -> None:
    """Hide some records and change others."""
    for number in NUMBERS:
        hidden = chance.choice(["public", "public", "internal"])
        story.rows(
            """update core.record set disclosure_class = %s, conduct_type = %s
               where document_no = %s returning 1""",
            hidden, chance.choice("甲乙"), number,
        )  # fmt: skip
    touch(story)


def apply(records: dict[str, Any], delta: dict[str, Any]) -> None:
    for gone in delta["withdrawn"]:
        records.pop(gone["key"], None)
    records.update({row["key"]: row["content"] for row in delta["upserts"] if row["kind"] == "record"})


@pytest.mark.parametrize("seed", range(3))
def test_the_deltas_from_any_version_lead_to_the_full_file(story: Story, seed: int) -> None:
    chance = random.Random(seed)
    readers = {publish_now(story): held(story)}
    for day in range(1, 8):
        if day != 4:
            stir(story, chance)
        version = publish_portal(ON + timedelta(days=day), story.tick(), story.settings)
        readers[version] = held(story)
    full, latest = held(story), max(readers)
    assert latest == 8
    for version, records in readers.items():
        for later in range(version + 1, latest + 1):
            apply(records, current(story, f"deltas/{later}.json"))
        assert records == full
    stated = [
        row["key"] for later in range(2, 9) for row in current(story, f"deltas/{later}.json")["upserts"]
    ]
    assert len(stated) == len(set(stated)), "an item stands in the delta of its latest change only"
    assert_digest(story)


def assert_digest(story: Story) -> None:
    """A reader can tell from the index alone that it holds the whole."""
    index = current(story, "versions.json")
    total = 0
    for stem, given in index["data"].items():
        for item in current(story, f"data/{stem}.json")["items"]:
            text = f"{given['kind']} {item[given['kind'] + '_key']} {item['content_hash']}"
            total += int(hashlib.sha256(text.encode()).hexdigest(), 16)
    assert f"{total % 2**256:064x}" == index["versions"][0]["digest"]


class Killed(BaseException):
    """Stands for a process that ends without a word."""


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), Killed()])
def test_a_publication_that_breaks_off_anywhere_leaves_a_whole_version(
    story: Story, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    """At one step after another: readers hold the version before or the one after, never a part."""
    publish_now(story)
    chance = random.Random(repr(error))
    broken_off = 0
    for step in itertools.count(chance.randrange(9), 9):
        stir(story, chance)
        before, version = held(story), current(story, "versions.json")["current"]
        with monkeypatch.context() as broken:
            breaking(broken, step, error)
            try:
                publish_now(story)
            except (OSError, Killed):
                broken_off += 1
            else:
                break
        assert_whole(story)
        if current(story, "versions.json")["current"] == version:
            assert held(story) == before
        if chance.random() < 0.5:
            publish_now(story)
            assert_whole(story)
            assert snapshot(story, "a") == snapshot(story, "b")
    assert broken_off > 8


@pytest.mark.parametrize("room", [100, 2_000, 5_000])
def test_a_file_system_that_takes_no_more_bytes_leaves_a_whole_version(story: Story, room: int) -> None:
    """The kernel refuses (RLIMIT_FSIZE in a process of its own): a file is cut in its middle."""
    publish_now(story)
    before = held(story)
    story.rows(
        "update core.record set fact = repeat('另', 3000) where document_no = %s returning 1", NUMBERS[5]
    )
    touch(story)
    child = multiprocessing.get_context("fork").Process(target=publish_with_little_room, args=(story, room))
    child.start()
    child.join()
    assert child.exitcode == errno.ENOSPC
    assert held(story) == before
    assert_whole(story)
    publish_now(story)
    assert held(story) != before
    assert_whole(story)
    assert snapshot(story, "a") == snapshot(story, "b")


def publish_with_little_room(story: Story, room: int) -> None:
    """End with the number of the error."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    try:
        publish_now(story)
    except OSError as error:
        os._exit(error.errno or 0)


def test_a_process_killed_between_seal_and_switch_leaves_nothing_in_either_copy(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_now(story)
    story.rows("update core.record set state = 'revoked' where document_no = %s returning 1", NUMBERS[0])
    touch(story)
    with monkeypatch.context() as broken:
        broken.setattr(publish, "switch", lambda *_: (_ for _ in ()).throw(Killed()))
        with pytest.raises(Killed):
            publish_now(story)
    publish_now(story)
    assert_whole(story)
    assert snapshot(story, "a") == snapshot(story, "b")


def breaking(broken: pytest.MonkeyPatch, steps: int, error: BaseException) -> None:
    """Let the file system fail after a number of steps."""
    left = itertools.count(steps, -1)

    def once_more(real: Any) -> Any:
        def step(*given: Any, **named: Any) -> Any:
            if next(left) <= 0:
                raise error
            return real(*given, **named)

        return step

    for holder, name in ((side.os, "open"), (side.os, "replace"), (side.os, "link"), (Path, "replace")):
        broken.setattr(holder, name, once_more(getattr(holder, name)))


def snapshot(story: Story, name: str) -> dict[str, bytes]:
    root = story.settings.portal / "versions" / name
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def assert_whole(story: Story) -> None:
    """Pages, data, search and index of what readers see belong to one version."""
    assert_digest(story)
    keys = set(held(story))
    assert {path.stem for path in (story.settings.portal / "current/records").rglob("*.html")} == keys
    assert {row[0] for row in current(story, "search.json")} == keys
    assert current(story, "stamp.json")["version_no"] == current(story, "versions.json")["current"]


def test_two_publishers_at_once_show_the_newer_version(story: Story) -> None:
    """The second waits for the first, and then finds what changed meanwhile."""
    publish_now(story)
    stir(story, random.Random(2))
    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(lambda _: publish_now(story), range(4)))
    assert len(set(numbers)) == 1
    assert current(story, "versions.json")["current"] == numbers[0]
    assert_whole(story)


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
    monkeypatch.setattr(pages, "look", lambda: "another look")
    stamp = current(story, "stamp.json")
    assert publish_now(story) == version
    assert current(story, "stamp.json") == stamp | {"look": "another look"}


@pytest.mark.parametrize("seed", range(2))
def test_a_column_cut_into_shards_changes_in_parts_as_if_written_whole(
    story: Story, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """However it came to be, a copy is the same file by file."""
    monkeypatch.setattr(shards, "WHOLE", 1)
    monkeypatch.setattr(shards, "FULL", 1)
    chance = random.Random(seed)
    publish_now(story)
    for day in range(1, 6):
        stir(story, chance)
        publish_portal(ON + timedelta(days=day), story.tick(), story.settings)
    in_parts = snapshot(story, "a")
    assert in_parts == snapshot(story, "b")
    assert any(name.count("/") == 2 for name in in_parts if name.startswith("data/"))
    monkeypatch.setattr(publish, "_is_alike", lambda *_: False)
    shutil.rmtree(story.settings.portal)
    publish_portal(ON + timedelta(days=5), story.tick(), story.settings)
    whole = snapshot(story, "a")
    assert {name for name in whole if whole[name] != in_parts.get(name)} <= {"stamp.json"}
    assert set(in_parts) == set(whole)

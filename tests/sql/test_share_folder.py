"""The file mode of the exchange: nothing is handed over twice, and nothing unsigned is believed."""

from __future__ import annotations

import os
import zipfile
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from conduct_records.disclosure.delivery import Sent, send
from conduct_records.disclosure.outbox import enqueue
from conduct_records.disclosure.proof import LeftoverFound, prove
from conduct_records.disclosure.publish import publish_portal
from conduct_records.disclosure.reconcile import reconcile
from conduct_records.disclosure.withdraw import withdraw
from conduct_records.settings import Settings
from conduct_records.upkeep.retention import remove_old
from simulator.folder import Collector
from simulator.store import Store
from tests.sql.share_soak import behind_the_gate
from tests.sql.share_support import ENDS, ON, STAYS, issues, key_of, revoke, touch, two_decisions
from tests.sql.story import Story


@pytest.fixture
def keys() -> tuple[Ed25519PrivateKey, Ed25519PrivateKey]:
    return Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()


@pytest.fixture
def story(warehouse: str, tmp_path: Path, keys: tuple[Ed25519PrivateKey, Ed25519PrivateKey]) -> Story:
    told = two_decisions(warehouse, tmp_path)
    own, platform = keys
    told.settings = Settings(
        {
            **told.settings.environ,
            "EXCHANGE_FOLDER": str(tmp_path / "exchange"),
            "EXCHANGE_CLIENT_ID": "hubei",
            "EXCHANGE_SIGNING_KEY": b64encode(own.private_bytes_raw()).decode(),
            "EXCHANGE_PLATFORM_KEY": b64encode(platform.public_key().public_bytes_raw()).decode(),
        }
    )
    return told


@pytest.fixture
def platform(tmp_path: Path, keys: tuple[Ed25519PrivateKey, Ed25519PrivateKey]) -> Iterator[Collector]:
    with closing(Store(tmp_path / "platform.sqlite")) as store:
        yield Collector(tmp_path / "exchange", store, keys[1], keys[0].public_key())


def send_now(story: Story) -> Sent:
    enqueue(ON, story.tick(), story.settings)
    return send(ON, story.tick(), story.settings)


def packages(platform: Collector) -> list[Path]:
    return sorted((platform.folder / "to_platform").glob("*.zip"))


def is_settled(story: Story, platform: Collector) -> bool:
    held = dict(platform.store.database.execute("select record_key, content_hash from held").fetchall())
    return held == behind_the_gate(story.settings, "government")


def test_what_is_handed_over_waits_for_its_answer_and_is_packed_once(
    story: Story, platform: Collector
) -> None:
    assert send_now(story) == send_now(story) == Sent(0, 0, 2)
    assert len(packages(platform)) == platform.collect() == 1
    assert send_now(story) == Sent(2, 0, 0)
    assert is_settled(story, platform)
    found = reconcile(ON, story.tick(), story.settings)
    assert (found.differing, found.is_done) == (0, True)


def test_a_withdrawal_follows_in_order_and_waits_for_its_answer(story: Story, platform: Collector) -> None:
    send_now(story)
    platform.collect()
    publish_portal(ON, story.tick(), story.settings)
    send_now(story)
    revoke(story)
    withdraw(ON, story.tick(), story.settings)
    assert prove(ON, story.tick(), story.settings).is_platform_asked, "what waits is no leftover"
    assert reconcile(ON, story.tick(), story.settings).is_done
    assert issues(story) == set() and len(packages(platform)) == 2, "nor is it said twice"
    platform.collect()
    assert send_now(story).pending == 0
    assert is_settled(story, platform) and behind_the_gate(story.settings, "government").keys() == {
        key_of(story, STAYS)
    }
    assert prove(ON, story.tick(), story.settings).is_platform_asked


def test_what_the_platform_keeps_fails_the_proof_of_each_night_though_more_is_under_way(
    story: Story, platform: Collector
) -> None:
    """A night hands something over just before it compares: an answer to that comes hours later."""
    send_now(story)
    assert not reconcile(ON, story.tick(), story.settings).is_done, "no package has an answer yet"
    platform.collect()
    publish_portal(ON, story.tick(), story.settings)
    send_now(story)
    kept = platform.store.database.execute(
        "select * from held where record_key = ?", (key_of(story, ENDS),)
    ).fetchone()
    revoke(story)
    withdraw(ON, story.tick(), story.settings)
    for night in range(3):
        platform.collect()
        marks = ", ".join("?" * len(kept))
        platform.store.database.execute(f"insert or replace into held values ({marks})", kept)
        platform._state(packages(platform)[-1].name)
        send_now(story)
        assert reconcile(ON, story.tick(), story.settings).is_done
        assert len(packages(platform)) == 3 + night, "the withdrawal is said again and waits for its answer"
        with pytest.raises(LeftoverFound, match=key_of(story, ENDS)):
            prove(ON, story.tick(), story.settings)
    assert issues(story) == {"platform_differs"}


def test_later_messages_of_a_subject_wait_for_the_answer_to_the_first(
    story: Story, platform: Collector
) -> None:
    send_now(story)
    story.rows("update core.record set fact = '另一说法' where document_no = %s returning 1", ENDS)
    touch(story)
    for _ in range(3):
        send_now(story)
        platform.collect()
    send_now(story)
    assert is_settled(story, platform)
    stored = platform.store.database.execute(
        "select count(*) from receipt where status = 'stored'"
    ).fetchone()
    assert stored == (3,), "each message took effect once"


@pytest.mark.parametrize("damage", ["cut", "other bytes", "another key"])
def test_an_answer_that_is_damaged_or_not_signed_is_an_issue_and_settles_nothing(
    story: Story, platform: Collector, damage: str
) -> None:
    send_now(story)
    if damage == "another key":
        platform.key = Ed25519PrivateKey.generate()
    platform.collect()
    (answer,) = (platform.folder / "from_platform").glob("0*.zip")
    whole = answer.read_bytes()
    if damage == "cut":
        answer.write_bytes(whole[: len(whole) // 2])
    if damage == "other bytes":
        rewrite(answer, "receipts.jsonl", lambda text: text.replace(b"stored", b"rejected"))
    assert send_now(story) == Sent(0, 0, 2)
    assert not reconcile(ON, story.tick(), story.settings).is_done
    assert issues(story) == {"platform_not_understood"}
    if damage != "another key":
        answer.write_bytes(whole)
        assert send_now(story) == Sent(2, 0, 0)


def test_the_answer_to_one_package_is_none_to_another(story: Story, platform: Collector) -> None:
    """Whoever may write to the folder has what the platform signed before, and no other signature."""
    send_now(story)
    platform.collect()
    send_now(story)
    revoke(story)
    withdraw(ON, story.tick(), story.settings)
    first, second = packages(platform)
    answers = platform.folder / "from_platform"
    (answers / second.name).write_bytes((answers / first.name).read_bytes())
    assert send_now(story).pending > 0
    assert packages(platform) == [first, second], "what waits is packed once"
    assert not reconcile(ON, story.tick(), story.settings).is_done
    assert issues(story) == {"platform_not_understood"}
    (answers / second.name).unlink()
    platform.collect()
    assert send_now(story).pending == 0
    assert is_settled(story, platform)


def test_a_package_that_reached_the_platform_changed_is_refused_and_packed_anew(
    story: Story, platform: Collector
) -> None:
    send_now(story)
    (package,) = packages(platform)
    whole = package.read_bytes()
    rewrite(package, "messages.jsonl", lambda text: text.replace(b"upsert", b"withdraw"))
    platform.collect()
    package.write_bytes(whole)
    assert platform.store.groups(None) == []
    assert send_now(story) == Sent(0, 0, 2)
    assert len(packages(platform)) == 2
    platform.collect()
    assert send_now(story) == Sent(2, 0, 0)
    assert is_settled(story, platform)


def rewrite(path: Path, name: str, change: object) -> None:
    """Change one part of a package and leave its manifest as it is."""
    with zipfile.ZipFile(path) as book:
        parts = {each: book.read(each) for each in book.namelist()}
    parts[name] = change(parts[name])  # type: ignore[operator]
    with zipfile.ZipFile(path, "w") as book:
        for each, data in parts.items():
            book.writestr(each, data)


def test_answered_packages_go_when_they_are_old_and_nothing_is_said_twice(
    story: Story, platform: Collector
) -> None:
    send_now(story)
    platform.collect()
    send_now(story)
    revoke(story)
    withdraw(ON, story.tick(), story.settings)
    send_now(story)
    platform.collect()
    send_now(story)
    first, last = packages(platform)
    for answer in (platform.folder / "from_platform").glob("*.zip"):
        os.utime(answer, (0, 0))
    assert remove_old(ON, story.tick(), story.settings)["packages"] == 1
    assert packages(platform) == [last] and not (platform.folder / "from_platform" / first.name).exists()
    assert send_now(story) == Sent(0, 0, 0) and packages(platform) == [last]
    assert is_settled(story, platform)

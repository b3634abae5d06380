"""The outbox never sends what has ended, and says what it cannot explain on the platform (E2, E6)."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import pytest

from conduct_records.disclosure.reconcile import reconcile
from conduct_records.disclosure.withdraw import withdraw
from tests.sql.share_support import ENDS, ON, STAYS, Platform, key_of, revoke, share, touch, two_decisions
from tests.sql.story import Story


@pytest.fixture
def story(warehouse: str, tmp_path: Path) -> Story:
    return two_decisions(warehouse, tmp_path)


def differences(story: Story) -> list[tuple[Any, ...]]:
    return story.rows("select value from ops.issue where issue_code = 'platform_differs' order by 1")


def test_what_ended_while_the_platform_was_down_is_never_sent(story: Story, platform: Platform) -> None:
    platform.is_down = True
    share(story)
    revoke(story)
    withdraw(ON, story.tick(), story.settings)
    platform.is_down = False
    share(story)
    assert sorted(platform.told) == [
        ("upsert", key_of(story, STAYS)),
        ("withdraw", key_of(story, ENDS)),
    ]


def test_a_record_that_the_platform_lost_is_said_again(story: Story, platform: Platform) -> None:
    share(story)
    lost = platform.held.pop(key_of(story, STAYS))
    found = reconcile(ON, story.tick(), story.settings)
    assert (found.differing, found.is_done) == (1, True)
    assert platform.held[lost["record_key"]]["content_hash"] == lost["content_hash"]
    assert reconcile(ON, story.tick(), story.settings).differing == 0
    assert differences(story) == [(lost["record_key"],)]


def test_records_that_nobody_told_the_platform_of_are_an_issue(story: Story, platform: Platform) -> None:
    share(story)
    strange = {"region_code": "420100", "class_code": "other", "kind": "record", "content_hash": "0" * 64}
    platform.held["f" * 32] = strange
    found = reconcile(ON, story.tick(), story.settings)
    assert (found.differing, found.left, found.is_done) == (1, 1, True)
    assert differences(story) == [("f" * 32,)]


def test_the_atom_feed_reads_as_xml_whatever_a_name_holds(story: Story, platform: Platform) -> None:
    story.rows("update core.record set party_name = %s returning 1", "甲\x0b<乙>&\u2028")
    touch(story)
    share(story)
    feed = Xml.parse(story.settings.portal / "current" / "atom.xml").getroot()
    names = {"a": "http://www.w3.org/2005/Atom", "o": "urn:conduct-records:feed"}
    entries = feed.findall("a:entry", names)
    assert len(entries) == 2
    assert all(entry.findtext("a:title", "", names).startswith("甲<乙>&") for entry in entries)
    until = {entry.findtext("o:display_until", "", names) for entry in entries}
    assert until == {"2019-06-01", "2019-06-02"}
    assert feed.findtext("a:author/a:name", "", names)

"""A platform that misbehaves: a stated outcome, an issue, nothing lost, and the rest goes on (E2)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from conduct_records.disclosure.delivery import Sent, send
from conduct_records.disclosure.outbox import enqueue
from conduct_records.disclosure.reconcile import reconcile
from simulator.faults import Fault
from simulator.server import Simulator, running
from tests.exchange_support import client_of
from tests.sql.share_soak import behind_the_gate, on_the_platform
from tests.sql.share_support import ENDS, ON, STAYS, issues, key_of, revoke, two_decisions
from tests.sql.story import Story


@pytest.fixture
def story(warehouse: str, tmp_path: Path) -> Story:
    told = two_decisions(warehouse, tmp_path)
    enqueue(ON, told.tick(), told.settings)
    return told


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Simulator]:
    with running(tmp_path / "pushes") as simulator:
        yield simulator


def send_now(story: Story, platform: Simulator, *faults: Fault) -> Sent:
    platform.faults.set(faults)
    return send(ON, story.tick(), story.settings, client_of(platform, attempts=2))


def is_settled(story: Story, platform: Simulator) -> bool:
    return on_the_platform(platform) == behind_the_gate(story.settings, "government")


def test_one_record_that_is_rejected_for_ever_blocks_no_other(story: Story, platform: Simulator) -> None:
    bad = key_of(story, ENDS)
    for expected in (Sent(1, 1, 0), Sent(0, 0, 0)):
        fault = Fault("rejected", "batch", -1, params={"records": [bad]})
        assert send_now(story, platform, fault) == expected
    letter = story.rows("select record_key, reason from share.outbox where state = 'rejected'")
    assert (letter, issues(story)) == ([(bad, "not_accepted")], {"platform_rejected"})
    assert set(on_the_platform(platform)) == {key_of(story, STAYS)}
    found = reconcile(ON, story.tick(), story.settings, client_of(platform))
    assert (found.differing, found.left) == (1, 1), "a dead letter differs, and is not sent again"


def test_a_withdrawal_that_was_rejected_is_said_again_until_the_platform_takes_it(
    story: Story, platform: Simulator
) -> None:
    """E6: what the platform keeps showing is worse than one message too many."""
    send_now(story, platform)
    revoke(story)
    story.build()
    enqueue(ON, story.tick(), story.settings)
    bad = key_of(story, ENDS)
    refused = Fault("rejected", "batch", -1, params={"records": [bad]})
    assert send_now(story, platform, refused) == Sent(0, 1, 0)
    found = reconcile(ON, story.tick(), story.settings, client_of(platform))
    assert (found.differing, found.left, bad in on_the_platform(platform)) == (1, 1, True)
    platform.faults.set(())
    found = reconcile(ON, story.tick(), story.settings, client_of(platform))
    assert (found.differing, found.left) == (1, 0)
    assert is_settled(story, platform)


def test_a_batch_that_is_refused_is_halved_until_the_message_is_found(
    story: Story, platform: Simulator
) -> None:
    """The platform refuses the pair, then the first alone; the second goes through."""
    assert send_now(story, platform, Fault("status", "batch", 2, params={"code": 422})) == Sent(1, 1, 0)
    assert len(on_the_platform(platform)) == 1
    assert issues(story) == {"platform_rejected"}


def test_an_answer_of_another_shape_costs_its_batch_one_run(story: Story, platform: Simulator) -> None:
    assert send_now(story, platform, Fault("misshapen", "batch")).pending == 2
    assert issues(story) == {"platform_not_understood"}
    assert send_now(story, platform) == Sent(2, 0, 0)
    assert is_settled(story, platform)


def test_an_answer_that_comes_too_late_is_asked_for_again(story: Story, platform: Simulator) -> None:
    platform.faults.set([Fault("lost", "batch", 2)])
    assert send(ON, story.tick(), story.settings, client_of(platform, attempts=2)).pending == 2
    assert issues(story) == {"platform_unavailable"}
    assert send_now(story, platform) == Sent(2, 0, 0)
    assert story.rows("select distinct status from share.acknowledgement") == [("duplicate",)]
    assert is_settled(story, platform)


@pytest.mark.parametrize("keep_keys", [True, False])
def test_what_was_acknowledged_and_not_stored_is_found_and_said_again(
    story: Story, platform: Simulator, keep_keys: bool
) -> None:
    assert (
        send_now(story, platform, Fault("forgotten", "batch", params={"keep_keys": keep_keys})).pending == 0
    )
    assert on_the_platform(platform) == {}
    found = reconcile(ON, story.tick(), story.settings, client_of(platform))
    assert (found.differing, found.left) == (2, 0)
    assert issues(story) == {"platform_differs"}
    assert is_settled(story, platform)


def test_half_the_receipts_settle_half_the_batch(story: Story, platform: Simulator) -> None:
    assert send_now(story, platform, Fault("half_acknowledged", "batch")).pending == 1
    assert send_now(story, platform).pending == 0
    assert is_settled(story, platform)

"""The proof of changes finds what the whole proof finds, wherever it was left (E6, I7)."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from conduct_records.disclosure import proof_scope, shards
from conduct_records.disclosure import search as index
from conduct_records.disclosure.proof import LeftoverFound, prove
from conduct_records.disclosure.proof_scope import Scope
from conduct_records.disclosure.publish import publish_portal
from conduct_records.disclosure.withdraw import withdraw
from conduct_records.warehouse.connection import connect
from tests.sql.share_support import ENDS, ON, STAYS, Platform, key_of, page_of, revoke, share, two_decisions
from tests.sql.story import Story, file, penalty

OTHERS = 30  # records that nothing happens to: ten times what changes, so that the changes are proved alone


@pytest.fixture
def story(warehouse: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Story:
    """A column that counts as a large one, cut into shards, proved once as a whole."""
    monkeypatch.setattr(shards, "WHOLE", 4)
    monkeypatch.setattr(shards, "FULL", 1)
    monkeypatch.setattr(proof_scope, "SMALL", 2)
    monkeypatch.setattr("conduct_records.exchange.client.Client.of", lambda _: PLATFORM)
    PLATFORM.__init__()  # type: ignore[misc]
    told = two_decisions(warehouse, tmp_path)
    codes = [f"91420100MA0001{number:03d}X" for number in range(OTHERS)]
    told.deliver(
        file(
            "penalty_decision", "2019-01-28", "HB-AMR",
            *(
                penalty(f"样例另〔2018〕{n}号", "2018-06-03", party_name=f"样例另{n}公司", party_code=code)
                for n, code in enumerate(codes)
            ),
        )
    )  # fmt: skip
    told.build()
    share(told)
    assert prove_now(told) > OTHERS
    return told


PLATFORM = Platform()


def prove_now(story: Story) -> int:
    return prove(ON, story.tick(), story.settings).artefacts


def is_whole(story: Story) -> bool:
    with connect(story.settings, "records_builder") as connection:
        return Scope.of(connection, is_whole=False).is_whole


def end(story: Story) -> str:
    """Revoke one record everywhere; returns its key."""
    key = key_of(story, ENDS)
    revoke(story)
    story.build()
    share(story)
    return key


def test_what_changed_is_proved_alone_and_once(story: Story) -> None:
    everything = prove(ON, story.tick(), story.settings, is_whole=True).artefacts
    end(story)
    assert not is_whole(story)
    found = prove(ON, story.tick(), story.settings)
    assert 10 < found.artefacts < everything / 3
    assert found.ended == 1
    assert story.one("select count(*) from share.due_subject where audience = 'proof'") == 0
    assert prove_now(story) < found.artefacts


def lengths(root: Path) -> dict[str, int]:
    found: dict[str, int] = json.loads((root / "stamp.json").read_text("utf-8"))["lengths"]
    return found


def put(path: Path, text: str) -> None:
    """In place of a file that the other copy shares, or beside all others."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_text(text, encoding="utf-8")


def page(root: Path, key: str) -> None:
    put(root / page_of(key), "left")


def data(root: Path, key: str) -> None:
    path = root / (shards.place("data/records", lengths(root)["record"], key) + ".json")
    held = shards.items_of(path.read_text("utf-8") if path.exists() else None)
    put(path, shards.items_text("record", [*held, {"record_key": key, "content_hash": "0"}]))


def search(root: Path, key: str) -> None:
    """The row in the shard of the document's number."""
    put(
        root / index.shard(index.packed(ENDS), lengths(root)["record"]), json.dumps([[key, "", "", ENDS, ""]])
    )


def delta(root: Path, key: str) -> None:
    path = next(each for each in (root / "deltas").rglob("*.json") if key in each.read_text("utf-8"))
    held = json.loads(path.read_text("utf-8"))
    put(path, json.dumps(held | {"upserts": [{"kind": "record", "key": key, "content": {}}]}))


def list_page(root: Path, key: str) -> None:
    put(root / "index.html", (root / "index.html").read_text("utf-8") + key)


@pytest.mark.parametrize("leave", [page, data, search, delta, list_page])
@pytest.mark.parametrize("side", ["a", "b"])
def test_what_ended_is_found_wherever_it_was_left(
    story: Story, leave: Callable[[Path, str], None], side: str
) -> None:
    key = end(story)
    leave(story.settings.portal / "versions" / side, key)
    assert not is_whole(story)
    for _ in range(2):
        with pytest.raises(LeftoverFound, match=key):
            prove(ON, story.tick(), story.settings)


def test_a_change_that_no_exit_looked_at_is_found(story: Story) -> None:
    """A build says whom it touched; a publisher that lost this is found out by the same word, kept apart."""
    key = key_of(story, ENDS)
    revoke(story)
    story.build()
    story.rows("delete from share.due_subject where audience <> 'proof' returning 1")
    for _ in range(2):  # a second try is no calmer
        with pytest.raises(LeftoverFound, match=key):
            prove(ON, story.tick(), story.settings)
    share(story)
    assert prove_now(story) > 0


def test_a_withdrawal_before_any_build_is_proved_too(story: Story) -> None:
    revoke(story)
    withdraw(ON, story.tick(), story.settings)
    assert not is_whole(story)
    assert prove(ON, story.tick(), story.settings).ended == 1


@pytest.mark.parametrize("whole", [True, False])
def test_a_build_between_publication_and_proof_is_no_leftover(story: Story, whole: bool) -> None:
    """Its own exits follow, and the proof that comes after them looks at what it changed."""
    share(story)
    revoke(story)
    story.build()
    marked = "select count(*) from share.due_subject where audience = 'proof'"
    prove(ON, story.tick(), story.settings, is_whole=whole)
    assert story.one(marked) == 1
    share(story)
    key = key_of(story, ENDS)
    page(story.settings.portal / "versions/b", key)
    with pytest.raises(LeftoverFound, match=key):
        prove(ON, story.tick(), story.settings)
    (story.settings.portal / "versions/b" / page_of(key)).unlink()
    assert prove(ON, story.tick(), story.settings).ended == 1
    assert story.one(marked) == 0


def test_what_a_build_between_leaves_alone_is_proved_all_the_same(story: Story) -> None:
    key = key_of(story, STAYS)
    revoke(story)
    story.build()
    (story.settings.portal / "current" / page_of(key)).unlink()
    with pytest.raises(LeftoverFound, match=key):
        prove(ON, story.tick(), story.settings, is_whole=True)


def test_a_column_written_as_a_whole_is_proved_as_a_whole(story: Story) -> None:
    assert not is_whole(story)
    shutil.rmtree(story.settings.portal)
    publish_portal(ON, story.tick(), story.settings)
    assert is_whole(story)
    assert prove_now(story) > OTHERS
    assert not is_whole(story)
    page(story.settings.portal / "versions/a", "f" * 32)
    assert prove_now(story), "a stranger is no change of tonight"
    story.rows("update share.reader set gate_hash = 'x' where audience = 'proof' returning 1")
    assert is_whole(story)


@pytest.mark.parametrize("whole", [True, False])
def test_a_date_that_is_opened_between_publication_and_proof_is_no_leftover(
    story: Story, whole: bool
) -> None:
    """What ends with the day before leaves with the exits of the new day, and is missed after them alone."""
    key = end(story)
    prove_now(story)
    later = date(2031, 1, 1)  # past every window
    story.rows("insert into ops.open_date values (%s, '2019-01-29') returning 1", later)
    story.rows("insert into share.due_subject select subject_key, 'proof' from core.record returning 1")
    story.rows("delete from share.due_subject where audience <> 'proof' returning 1")
    prove(ON, story.tick(), story.settings, is_whole=whole)
    page(story.settings.portal / "versions/b", key)
    with pytest.raises(LeftoverFound, match=key):
        prove(ON, story.tick(), story.settings, is_whole=whole)
    (story.settings.portal / "versions/b" / page_of(key)).unlink()
    story.rows("update share.publication set valid_on = %s returning 1", later)
    with pytest.raises(LeftoverFound, match="differs from the gate"):
        prove(ON, story.tick(), story.settings)
    share(story, later)
    assert prove(later, story.tick(), story.settings).ended > OTHERS


@pytest.mark.parametrize("whole", [True, False])
def test_a_column_that_readers_cannot_see_is_named_and_comes_back(story: Story, whole: bool) -> None:
    end(story)
    (story.settings.portal / "current").unlink()
    with pytest.raises(LeftoverFound, match="readers see nothing"):
        prove(ON, story.tick(), story.settings, is_whole=whole)
    publish_portal(ON, story.tick(), story.settings)
    assert prove(ON, story.tick(), story.settings, is_whole=whole).ended == 1

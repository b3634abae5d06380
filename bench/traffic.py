"""Inboxes of many data dates: the samples' story told again and again, each time about other decisions."""

from __future__ import annotations

import re
import tempfile
from datetime import date, timedelta
from pathlib import Path

from conduct_records.contracts.book import load_contracts
from conduct_records.settings import ROOT
from samples.make_samples import make

FIRST = date(2019, 1, 28)
STORY_DAYS = 6
NUMBER = re.compile(r"(?<=\u6837\u4f8b)(?=[^\s\",]*[\u3010\u3014])")  # within a made-up document number
DAY = re.compile(r"(?<=path: )\d{4}-\d\d-\d\d")


def dates(count: int) -> list[date]:
    """The data dates of so many days of traffic."""
    return [FIRST + timedelta(days=number) for number in range(count)]


def write_traffic(inbox: Path, count: int) -> None:
    """Write the submissions of `count` data dates: registers, decisions, errors, changes, repairs."""
    story = (ROOT / "samples" / "story.yaml").read_text(encoding="utf-8")
    for cycle in range(-(-count // STORY_DAYS)):
        with tempfile.TemporaryDirectory() as folder:
            told = Path(folder) / "story.yaml"
            told.write_text(_told_again(story, cycle), encoding="utf-8")
            for path in make(Path(folder) / "inbox", load_contracts(), str(told)):
                day = date.fromisoformat(path.parent.parent.name)
                if day in dates(count):
                    target = inbox / path.relative_to(Path(folder) / "inbox")
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(path.read_bytes())


def _told_again(story: str, cycle: int) -> str:
    later = timedelta(days=cycle * STORY_DAYS)
    moved = DAY.sub(lambda found: str(date.fromisoformat(found[0]) + later), story)
    return NUMBER.sub(f"{cycle}" if cycle else "", moved)

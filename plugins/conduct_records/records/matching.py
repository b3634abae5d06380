"""Proposes which subject a party known by name alone may be, and records what people decide."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal

import yaml

from conduct_records.records.regions_book import RegionBook
from conduct_records.settings import SCHEMAS
from conduct_records.warehouse.connection import Connection
from conduct_records.warehouse.statements import statement

STEPS = ("forget", "in_order", "index", "form", "propose")


def propose_matches(connection: Connection, values: dict[str, Any]) -> None:
    """Index the names of the touched subjects, and propose what they are like; nothing is matched here.

    `values` holds run_id and known_at. Source: requirement D2, invariant I9.
    """
    for step in STEPS:
        connection.execute(statement(f"core/match#{step}"), values | words())
    connection.execute(statement("core/run#memory"))  # after in_order


@lru_cache(maxsize=1)
def words() -> dict[str, Any]:
    """What the comparison of names knows, as parameters: marks, characters, legal forms, branches, places."""
    declared: dict[str, Any] = yaml.safe_load((SCHEMAS / "matching.yaml").read_text(encoding="utf-8"))
    standards = {each: standard for standard, all_ in declared.pop("characters").items() for each in all_}
    book = RegionBook.load()
    places = {
        name.translate(str.maketrans(standards)): book.prefecture(code)
        for name, ((code, _), *_) in book.names.items()
    }
    home = book.places[book.home].name
    inside = [name for name, code in places.items() if book.is_home(code)]
    return declared | {
        "variants": "".join(standards),
        "standards": "".join(standards.values()),
        "home": f"^{home[:-1]}{home[-1]}?",
        "home_code": book.home,
        "home_places": "|".join([home[:-1], *inside]),
        "place_names": [name for name, code in places.items() if code != book.home],
        "place_codes": [code for code in places.values() if code != book.home],
    }


@dataclass(frozen=True)
class Decision:
    """What a person says of one proposal."""

    candidate_key: str
    subject_key: str
    judgement: Literal["same", "different", "unsure"]
    decided_by: str
    decided_at: datetime


def decide(connection: Connection, decision: Decision) -> None:
    """Record what a person decided about a proposal; an earlier decision about the pair is kept, marked.

    The next build moves the claims where the decision says, or back.

    Raises:
        KeyError: nothing of that kind was proposed.
    """
    connection.execute(statement("core/match_decide#withdraw"), asdict(decision))
    if not connection.execute(statement("core/match_decide#decide"), asdict(decision)).rowcount:
        raise KeyError(f"{decision.candidate_key} was not proposed for {decision.subject_key}")


def withdraw(connection: Connection, candidate_key: str, subject_key: str, at: datetime) -> None:
    """Take back what was decided about a pair; it is in the queue again."""
    given = {"candidate_key": candidate_key, "subject_key": subject_key, "decided_at": at}
    connection.execute(statement("core/match_decide#withdraw"), given)


def queue(connection: Connection) -> list[tuple[str, str, Decimal, dict[str, Any]]]:
    """What waits for people: candidate, subject, score, features; the likeliest of a name first."""
    return connection.execute(statement("core/match_decide#queue")).fetchall()

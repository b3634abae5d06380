"""What people decide about appearances that may be one event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from conduct_records.records.cases_linking import Decided, Pair
from conduct_records.warehouse.connection import Connection
from conduct_records.warehouse.statements import statement


@dataclass(frozen=True)
class LinkDecision:
    """What a person says of two appearances, each named as list/case id."""

    one: str
    other: str
    judgement: Literal["same", "different", "withdraw"]
    decided_by: str
    decided_at: datetime


def decide_link(connection: Connection, decision: LinkDecision) -> None:
    """Record the decision, or take back what was decided about the pair; the next build acts on it."""
    left, right = sorted((decision.one, decision.other))
    given = {
        "left_key": left,
        "right_key": right,
        "judgement": decision.judgement,
        "decided_by": decision.decided_by,
        "decided_at": decision.decided_at,
    }
    connection.execute(statement("core/case_link_decide#withdraw"), given)
    if decision.judgement != "withdraw":
        connection.execute(statement("core/case_link_decide#decide"), given)


def link_queue(connection: Connection) -> list[tuple[str, str, dict[str, Any]]]:
    """Pairs of appearances that wait for people, with what speaks for them."""
    return connection.execute(statement("core/case_link_decide#queue")).fetchall()


def decided_links(connection: Connection) -> Decided:
    """Which pairs people called the same event, and which different ones."""
    rows = connection.execute(statement("core/case_link_decide#standing")).fetchall()
    pairs: dict[str, set[Pair]] = {"same": set(), "different": set()}
    for left, right, judgement in rows:
        pairs[judgement].add(frozenset((_case_id(left), _case_id(right))))
    return Decided(frozenset(pairs["same"]), frozenset(pairs["different"]))


def _case_id(name: str) -> tuple[str, str]:
    list_code, _, case_id = name.partition("/")
    return list_code, case_id

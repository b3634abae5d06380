"""Proposals for names alone: how many of the right ones are made, none decided, and how long it takes."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psycopg

from bench.figures import Figure
from bench.names import Named, Pair, enterprises, labelled
from bench.server import serving
from conduct_records.records.matching import propose_matches
from conduct_records.warehouse.migrate import migrate
from conduct_records.warehouse.statements import statement

SUBJECTS, NAMES = 1_000_000, 100_000
LEAST_RECALL, MOST_SECONDS = 0.95, 120
NOW = datetime(2019, 1, 28, tzinfo=UTC)

SUBJECT = "copy core.subject (subject_key, state, name, region_code, file_id, row_no) from stdin"
IDENTIFIER = """
insert into core.subject_identifier (subject_key, scheme, value, seen_from, file_id, row_no)
select subject_key, 'name', core.comparable(name), '2019-01-28', file_id, row_no
from core.subject where state = 'identified' and subject_key not in (select subject_key from core.name_index)
"""
TOUCH = """
insert into core.touched_subject (subject_key, run_id, reason, is_renamed)
select subject_key, %(run_id)s, 'claimed', true from core.subject where file_id = %(run_id)s
"""


@dataclass(frozen=True)
class Result:
    """What came of the pairs: `recall` of those that mean a registered name, and counts."""

    recall: float
    decided: int
    proposed: int
    wrong_branches: int
    missed: dict[str, int]
    index_seconds: float
    seconds: float


def measure() -> list[Figure]:
    """Match 100,000 damaged names against 1,000,000 enterprises on an embedded server of its own."""
    with serving({"fsync": "off"}) as server:
        migrate(server.url())
        result = match(server.url(), enterprises(SUBJECTS), NAMES)
    return [
        Figure("an index of 1,000,000 subjects, kept as registers arrive", result.index_seconds, "s"),
        Figure("100,000 names against 1,000,000 subjects", result.seconds, "s"),
        Figure("both together", result.index_seconds + result.seconds, "s", MOST_SECONDS),
        Figure("right enterprises that were not proposed", 1 - result.recall, "share", 1 - LEAST_RECALL),
        Figure("names matched without people", result.decided, "names", 0),
        Figure("branches proposed for another office", result.wrong_branches, "names", 0),
        Figure("proposals a name", result.proposed / NAMES, "proposals"),
    ]


def match(url: str, registered: list[Named], names: int) -> Result:
    """Index the enterprises, then propose for damaged names of them; both are timed."""
    pairs = labelled(registered, names)
    with psycopg.connect(url) as connection:
        connection.execute(statement("core/run#memory"))  # as a build has it
        _load(connection, "enterprises", ((each.name, each.region) for each in registered), "identified")
        began = time.monotonic()
        _propose(connection, "enterprises")
        spent = time.monotonic() - began
        _load(connection, "names", ((pair.name, pair.region) for pair in pairs), "proposed")
        began = time.monotonic()
        _propose(connection, "names")
        return _judge(connection, registered, pairs, (spent, time.monotonic() - began))


def _load(connection: psycopg.Connection[Any], run: str, rows: Iterable[tuple[str, str]], state: str) -> None:
    with connection.cursor().copy(SUBJECT) as copy:
        for number, (name, region) in enumerate(rows):
            copy.write_row((f"{run}-{number}", state, name, region, run, number))
    connection.execute(IDENTIFIER)
    connection.execute(TOUCH, {"run_id": run})
    connection.execute("analyze")


def _propose(connection: psycopg.Connection[Any], run: str) -> None:
    propose_matches(connection, {"run_id": run, "known_at": NOW})
    connection.execute("analyze core.name_index")


def _judge(
    connection: psycopg.Connection[Any],
    registered: list[Named],
    pairs: list[Pair],
    spent: tuple[float, float],
) -> Result:
    keys = {each.name: f"enterprises-{number}" for number, each in enumerate(registered)}
    branches = {f"enterprises-{number}": each.branch for number, each in enumerate(registered)}
    rows = connection.execute(
        "select candidate_key, subject_key, judgement from core.match_decision"
    ).fetchall()
    proposed = {(candidate, subject) for candidate, subject, _ in rows}
    meant = [(f"names-{n}", keys[pair.means], pair) for n, pair in enumerate(pairs) if pair.means]
    missed: dict[str, int] = {}
    for candidate, subject, pair in meant:
        if (candidate, subject) not in proposed:
            missed[pair.damage] = missed.get(pair.damage, 0) + 1
    traps = {f"names-{n}" for n, pair in enumerate(pairs) if pair.damage == "unregistered_branch"}
    return Result(
        recall=1 - sum(missed.values()) / len(meant),
        decided=sum(judgement != "proposed" for *_, judgement in rows),
        proposed=len(rows),
        wrong_branches=sum(candidate in traps and not branches[subject] for candidate, subject in proposed),
        missed=missed,
        index_seconds=spent[0],
        seconds=spent[1],
    )

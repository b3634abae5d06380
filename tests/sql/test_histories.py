"""Whatever happens in whatever order, the fold keeps its promises (I2 to I6, I9), over random histories."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any
from unittest.mock import patch

import psycopg
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from conduct_records.records.digest import digest
from conduct_records.warehouse.statements import statement
from tests.databases import Databases
from tests.sql.histories import DAYS, deliveries
from tests.sql.promises import CHECKS
from tests.sql.story import Delivery, Story

HISTORIES = int(os.environ.get("HISTORIES") or 2000)
WIDTH = 500 if HISTORIES <= 2000 else 2500  # histories side by side in one warehouse
TABLES = (
    "record",
    "list_entry",
    "objection",
    "repair",
    "subject",
    "subject_identifier",
    "standing_claim",
    "name_index",
    "claim",
)
CONTENT = """select md5(string_agg(line, '' order by line)) from (
    select (to_jsonb(t) - array['known_at', 'valid_on', 'run_id'])::text as line from core.{} t) as lines"""
EVIDENCE = (
    "penalty_decision", "decision_change", "objection", "objection_ruling", "repair_ruling", "list_decision",
    "registry_extract", "verification_result", "recognition", "reorganisation_shield",
)  # fmt: skip
played = itertools.count()


class Broken(RuntimeError):
    """A build that dies on purpose."""


class Histories(RuleBasedStateMachine):
    """Many subjects at once; each rule acts on all of them, from a seed that hypothesis draws."""

    fresh: Any = None

    @initialize(seed=st.integers(0, 2**32))
    def begin(self, seed: int) -> None:
        self.chance = Random(seed)
        self.databases = type(self).fresh()
        self.story = Story(next(self.databases))
        self.waiting: list[Delivery] = []
        self.landed: list[Delivery] = []
        for day in DAYS:
            self.act(day, self.chance.randrange(2**32))

    @rule(day=st.sampled_from(DAYS), seed=st.integers(0, 2**32))
    def act(self, day: Any, seed: int) -> None:
        """Something is done to every subject; the files are on their way."""
        self.waiting += deliveries(range(WIDTH), day, Random(seed))

    @rule(share=st.sampled_from([3, 2, 1]))
    def arrive(self, share: int) -> None:
        """Some of what is on its way arrives, in any order, and is built."""
        self.chance.shuffle(self.waiting)
        count = len(self.waiting) // share
        self.land(self.waiting[:count])
        self.waiting = self.waiting[count:]
        self.build()

    @rule()
    def repeat(self) -> None:
        """A date is brought in again: files that are known change nothing."""
        if self.landed:
            day = self.chance.choice(self.landed).on
            self.land([each for each in self.landed if each.on == day])

    @rule(step=st.integers(1, 60))
    def die(self, step: int) -> None:
        """A build dies in the middle: nothing has changed."""
        before = self.digest()
        with dies_at(step):
            try:
                self.story.build()
            except Broken:
                assert self.digest() == before

    @rule(judgement=st.sampled_from(["same", "different"]))
    def decide(self, judgement: str) -> None:
        """People decide about some of the proposals, and take back some of what they decided."""
        self.story.rows(
            """update core.match_decision set judgement = %s, decided_at = '2019-01-30', decided_by = 'clerk'
               where left(decision_key, 1) = any(%s) returning 1""",
            judgement, self.chance.sample("0123456789abcdef", 5),
        )  # fmt: skip
        self.story.rows(
            "update core.match_decision set deleted_at = '2019-01-31' where left(decision_key, 2) = any(%s)"
            " returning 1",
            [f"{one:02x}" for one in self.chance.sample(range(256), 12)],
        )

    def teardown(self) -> None:
        """All that is still on its way arrives; the promises hold; other ways there lead to the same."""
        if not hasattr(self, "story"):
            return
        try:
            self.land(self.waiting)
            self.build()
            expected = self.content()
            for promise, query in CHECKS.items():
                assert self.story.rows(query) == [], promise
            self.story.build(full=True)
            assert self.content() == expected, "I6 incremental build = full rebuild"
            self.replay()
            assert self.content() == expected, "I5 any order of arrival"
            for _ in range(WIDTH):
                next(played)
        finally:
            next(self.databases, None)

    def replay(self) -> None:
        """The same evidence and decisions once more from nothing, in another order."""
        with psycopg.connect(self.story.url) as connection:
            for table in ("landing.file", "ops.open_date", *(f"evidence.{kind}" for kind in EVIDENCE)):
                connection.execute(f"delete from {table}")
        self.story.build(full=True)
        self.chance.shuffle(self.landed)
        half = len(self.landed) // 2
        for part in (self.landed[:half], self.landed[half:]):
            self.story.deliver(*part)
            self.story.build()

    def land(self, files: list[Delivery]) -> None:
        self.story.deliver(*files)
        self.landed += [each for each in files if each not in self.landed]

    def build(self) -> None:
        assert self.story.build().digest == self.digest(), "the kept digest is that of the rows"

    def digest(self) -> str:
        with psycopg.connect(self.story.url) as connection:
            return digest(connection)

    def content(self) -> dict[str, Any]:
        """All that is derived; first its digest."""
        issues = "select issue_code, file_id, row_no from ops.issue where origin = 'fold' order by 1, 2, 3"
        rows = {table: self.story.one(CONTENT.format(table)) for table in TABLES}
        return {"digest": self.digest(), "issues": self.story.rows(issues)} | rows


@contextmanager
def dies_at(step: int) -> Iterator[None]:
    """The fold raises at its `step`-th statement."""
    steps = itertools.count(1)

    def dying(name: str) -> str:
        if next(steps) == step:
            raise Broken
        return statement(name)

    with (
        patch("conduct_records.records.fold.statement", dying),
        patch("conduct_records.records.claims.statement", dying),
    ):
        yield


def test_random_histories_keep_every_promise(databases: Databases, template: str) -> None:
    numbers = itertools.count()

    def fresh() -> Iterator[str]:
        with databases.lent(template, f"histories_{os.getpid()}_{next(numbers)}") as url:
            yield url

    Histories.fresh = staticmethod(fresh)
    begun = next(played)
    run_state_machine_as_test(
        Histories,
        settings=settings(
            max_examples=-(-HISTORIES // WIDTH),
            stateful_step_count=6,
            phases=[Phase.generate],  # a whole warehouse is too slow to shrink: the seeds it prints suffice
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    count = next(played) - begun - 1
    print(f"{count} histories kept every promise")
    assert count >= HISTORIES

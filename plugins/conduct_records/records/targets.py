"""Opens targets and hands them out; takes in what verification found about them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from psycopg.types.json import Jsonb

from conduct_records.warehouse.connection import Connection
from conduct_records.warehouse.statements import statement

STEPS = (
    "core/verification#fold",
    "core/target#keep",
    "core/verification#answer",
    "core/referral#keep",
    "core/verification#drop_issues",
    "core/verification#issues",
)
"""In order: results by case, targets whose state they decide, which target each answers, who has it.

A step `keep` takes the rows that section `wanted` of its file gives.
"""


def fold_targets(connection: Connection, valid_on: date, known_at: datetime) -> dict[str, int]:
    """Fold cases, grades and verification results into targets, referrals and verifications.

    Follows `fold_cases` and the fold of subjects in one transaction; a pure function of evidence as of
    `valid_on`. Returns the counts of targets, referrals and verifications.
    Source: requirements A2, A5, C1, C2.
    """
    values = {"valid_on": valid_on, "known_at": known_at}
    for name in STEPS:
        rows = _wanted(connection, name, values) if name.endswith("#keep") else None
        connection.execute(statement(name), values | {"rows": rows})
    (counts,) = connection.execute(statement("core/target_count")).fetchall()
    return dict(zip(("targets", "referrals", "verifications"), counts, strict=True))


def _wanted(connection: Connection, name: str, values: dict[str, Any]) -> Jsonb:
    wanted = connection.execute(statement(name.replace("#keep", "#wanted")), values).fetchone()
    return Jsonb(wanted[0] if wanted else [])

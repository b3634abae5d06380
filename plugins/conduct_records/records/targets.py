"""Opens targets and hands them out; takes in what verification found about them."""

from __future__ import annotations

from datetime import date, datetime

from conduct_records.warehouse.connection import Connection
from conduct_records.warehouse.statements import statement

STEPS = (
    "core/verification#fold",
    "core/target",
    "core/verification#answer",
    "core/referral",
    "core/verification#drop_issues",
    "core/verification#issues",
)
"""In order: results by case, targets whose state they decide, which target each answers, who has it."""


def fold_targets(connection: Connection, valid_on: date, known_at: datetime) -> dict[str, int]:
    """Fold cases, grades and verification results into targets, referrals and verifications.

    Follows `fold_cases` and the fold of subjects in one transaction; a pure function of evidence as of
    `valid_on`. Returns the counts of targets, referrals and verifications.
    Source: requirements A2, A5, C1, C2.
    """
    for name in STEPS:
        connection.execute(statement(name), {"valid_on": valid_on, "known_at": known_at})
    (counts,) = connection.execute(statement("core/target_count")).fetchall()
    return dict(zip(("targets", "referrals", "verifications"), counts, strict=True))

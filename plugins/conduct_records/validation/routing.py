"""What an issue does (B4): an error quarantines its row, a refusal blocks the file, the rest pass."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from conduct_records.validation.arrays import Mask, either, none_of
from conduct_records.validation.rule import Rule

Route = Literal["block", "quarantine", "warn"]
ROUTES: dict[str, Route] = {"refusal": "block", "error": "quarantine", "warning": "warn", "notice": "warn"}


def quarantined(rules: Sequence[Rule], broken: Sequence[Mask], size: int) -> Mask:
    """Which rows go to quarantine."""
    decisive = [
        mask for rule, mask in zip(rules, broken, strict=True) if ROUTES[rule.severity] == "quarantine"
    ]
    return either(none_of(size), *decisive)

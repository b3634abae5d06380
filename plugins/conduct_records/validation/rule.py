"""What one check is, whichever part of a contract it comes from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from conduct_records.contracts.codes import Severity
from conduct_records.validation.arrays import Mask
from conduct_records.validation.columns import Columns


@dataclass(frozen=True)
class Rule:
    """One check of one field. `broken` gives the mask of rows that fail; `detail` fills the message.

    `alone`: it looks at no other field.
    """

    field: str
    issue: str
    severity: Severity
    broken: Callable[[Columns], Mask]
    detail: str = ""
    alone: bool = False

    def failing(self, columns: Columns) -> Mask:
        """The rows that fail."""
        return columns.each(self.field, self.broken) if self.alone else self.broken(columns)

    @property
    def name(self) -> str:
        """The name of the rule's boolean column."""
        return f"{self.field}__{self.issue}"

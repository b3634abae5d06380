"""Findings as rows of ops.issue, their texts from the catalogue (B5)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from conduct_records.contracts.book import ContractBook
from conduct_records.contracts.codes import Severity
from conduct_records.contracts.wording import filled, shortened
from conduct_records.validation.vault import Tokeniser, masked_numbers

SCHEMA = pa.schema(
    [
        ("file_id", pa.string()),
        ("row_no", pa.int64()),
        ("field", pa.string()),
        ("issue_code", pa.string()),
        ("severity", pa.string()),
        ("responsibility", pa.string()),
        ("value", pa.string()),
        ("message", pa.string()),
        ("suggestion", pa.string()),
    ]
)
_SHOWN = 60


@dataclass
class IssueRows:
    """Collects findings of one file. `labels` are the headers as submitted, by field."""

    file_id: str
    book: ContractBook
    labels: dict[str, str]
    tokeniser: Tokeniser
    rows: dict[str, list[Any]] = field(default_factory=lambda: {name: [] for name in SCHEMA.names})

    def add(
        self,
        code: str,
        row_nos: Sequence[int | None],
        values: Iterable[str | None],
        *,
        name: str | None = None,
        details: str | Sequence[str] = "",
        severity: Severity | None = None,
    ) -> None:
        """One finding for each row; values hold at most masks of ids. `name` is the field."""
        kind = self.book.issues[code]
        label = self.labels.get(name or "", name or "")
        told = [None if value is None else masked_numbers(self.tokeniser.masked(value)) for value in values]
        count = len(row_nos)
        each = [masked_numbers(details)] * count if isinstance(details, str) else details
        self.rows["file_id"] += [self.file_id] * count
        self.rows["row_no"] += row_nos
        self.rows["field"] += [name] * count
        self.rows["issue_code"] += [code] * count
        self.rows["severity"] += [severity or kind.severity] * count
        self.rows["responsibility"] += [kind.responsibility] * count
        self.rows["value"] += told
        self.rows["message"] += _texts(kind.message, label, told, each)
        self.rows["suggestion"] += _texts(kind.fix, label, told, each)

    def table(self) -> Any:
        """The findings so far as an Arrow table; the collection starts anew."""
        table = pa.table(self.rows, schema=SCHEMA)
        self.rows = {name: [] for name in SCHEMA.names}
        return table


def codes_by_row(issues: Any, row_nos: Any) -> list[list[str]]:
    """The issue codes of each of the rows, in the order found, without repeats."""
    found: dict[int, dict[str, None]] = {}
    for row_no, code in zip(issues["row_no"].to_pylist(), issues["issue_code"].to_pylist(), strict=True):
        if row_no is not None:
            found.setdefault(row_no, {})[code] = None
    return [list(found.get(row_no, {})) for row_no in np.asarray(row_nos).tolist()]


def _texts(pattern: str, label: str, values: list[str | None], details: Sequence[str]) -> list[str]:
    if "{value}" not in pattern and isinstance(details, list) and len(set(details)) <= 1:
        return [filled(pattern, label, "", details[0])] * len(values) if values else []
    shown = (shortened(value or "", _SHOWN) for value in values)
    return [filled(pattern, label, value, detail) for value, detail in zip(shown, details, strict=True)]

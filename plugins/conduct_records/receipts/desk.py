"""A check at a department's own desk: no warehouse, no key, an answer and a receipt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from conduct_records.contracts.book import ContractBook, load_contracts
from conduct_records.intake.refusal import Refused
from conduct_records.receipts.summary import ranked
from conduct_records.receipts.texts import Texts
from conduct_records.receipts.write import Receipt
from conduct_records.validation.check import check
from conduct_records.validation.checked import Checked


@dataclass
class CheckSummary:
    """The answer: counts by code and severity, and the first of each kind (columns of ops.issue)."""

    checked: Checked
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    first: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    receipts: list[str] = field(default_factory=list)

    @property
    def issues(self) -> dict[str, int]:
        """Counts by code."""
        found: Counter[str] = Counter()
        for (code, _), count in self.counts.items():
            found[code] += count
        return dict(found)

    @property
    def has_issues(self) -> bool:
        """Whether someone must act: errors or warnings."""
        return any(severity in {"error", "warning"} for _, severity in self.counts)

    def add(self, issues: Any) -> None:
        """Count the findings of a chunk or of the file."""
        kinds = zip(issues["issue_code"].to_pylist(), issues["severity"].to_pylist(), strict=True)
        for place, kind in enumerate(kinds):
            if kind not in self.counts:
                self.first[kind] = issues.slice(place, 1).to_pylist()[0]
            self.counts[kind] += 1


def check_path(
    path: Path,
    *,
    kind: str | None = None,
    unit: str | None = None,
    data_date: date | None = None,
    receipt_dir: Path | None = None,
) -> CheckSummary:
    """Check one file and, with `receipt_dir`, write what its receipts would say.

    Without `data_date` no date counts as future; without `unit` the receipt says "-".

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: `kind` is no known kind.
    """
    if not path.is_file():
        raise FileNotFoundError(f"{path}: no such file")
    book = load_contracts()
    if kind is not None and kind not in book.contracts and kind not in book.broken:
        raise ValueError(f"no submission kind {kind}")
    summary = CheckSummary(check(path, path.name, unit or "-", data_date or date.max, book, kind=kind))
    summary.receipts = _run(summary, book, receipt_dir)
    if summary.checked.file_issues is not None:
        summary.add(summary.checked.file_issues)
    return summary


def first_lines(found: CheckSummary, book: ContractBook, texts: Texts) -> Iterator[str]:
    """Each kind of finding in words, and the first of the kind as the receipt tells it."""
    for kind, count in ranked(found.counts):
        issue = found.first[kind]
        yield texts.kind_line.format(label=book.issues[kind[0]].label, count=count, code=kind[0])
        where = "" if issue["row_no"] is None else texts.first_row.format(row=issue["row_no"])
        severity = texts.severities[kind[1]]
        told = {"message": issue["message"], "suggestion": issue["suggestion"]}
        yield "  " + where + texts.issue_line.format(severity=severity, **told)


def _run(summary: CheckSummary, book: ContractBook, receipt_dir: Path | None) -> list[str]:
    receipt = Receipt(summary.checked, str(receipt_dir), book, is_trial=True) if receipt_dir else None
    try:
        for chunk in summary.checked.chunks():
            summary.add(chunk.issues)
            if receipt:
                receipt.add(chunk)
    except Refused:
        summary.counts.clear()  # the refusal, in file_issues, stands for all that was found before it
    return receipt.write() if receipt else []

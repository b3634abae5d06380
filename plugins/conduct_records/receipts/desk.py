"""A check at a department's own desk: no warehouse, no key, an answer and a receipt."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from conduct_records.contracts.book import ContractBook, load_contracts
from conduct_records.intake.refusal import Refused
from conduct_records.receipts.write import Receipt
from conduct_records.validation.check import Checked, check


@dataclass(frozen=True)
class CheckSummary:
    """The answer: `issues` counts by code; `has_issues` when someone must act (errors or warnings)."""

    checked: Checked
    issues: dict[str, int]
    has_issues: bool
    receipts: list[str]


def check_path(
    path: Path,
    *,
    kind: str | None = None,
    unit: str | None = None,
    data_date: date | None = None,
    receipt_dir: Path | None = None,
) -> CheckSummary:
    """Check one file and, with `receipt_dir`, write its receipts.

    Without `data_date` no date counts as future; without `unit` the receipt says "-".

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: `kind` is no known kind.
    """
    if not path.is_file():
        raise FileNotFoundError(path)
    book = load_contracts()
    if kind is not None and kind not in book.contracts and kind not in book.broken:
        raise ValueError(f"no submission kind {kind}")
    checked = check(path, path.name, unit or "-", data_date or date.max, book, kind=kind)
    counts, severities = _empty()
    receipts = _run(checked, book, receipt_dir, counts, severities)
    for code, severity in _pairs(checked.file_issues):
        counts[code] += 1
        severities[severity] += 1
    return CheckSummary(checked, dict(counts), severities["error"] + severities["warning"] > 0, receipts)


def _run(
    checked: Checked,
    book: ContractBook,
    receipt_dir: Path | None,
    counts: Counter[str],
    severities: Counter[str],
) -> list[str]:
    receipt = Receipt(checked, str(receipt_dir), book) if receipt_dir else None
    try:
        for chunk in checked.chunks():
            for code, severity in _pairs(chunk.issues):
                counts[code] += 1
                severities[severity] += 1
            if receipt:
                receipt.add(chunk)
    except Refused:
        counts.clear()  # the refusal, in file_issues, stands for all that was found before it
    return receipt.write() if receipt else []


def _empty() -> tuple[Counter[str], Counter[str]]:
    return Counter(), Counter()


def _pairs(issues: object) -> list[tuple[str, str]]:
    if issues is None:
        return []
    table = issues
    codes, severities = table["issue_code"], table["severity"]  # type: ignore[index]
    return list(zip(codes.to_pylist(), severities.to_pylist(), strict=True))

"""The receipt for machines: one JSON object with the figures and every issue."""

from __future__ import annotations

import json
from pathlib import Path
from typing import IO, Any

from conduct_records.contracts.book import ContractBook
from conduct_records.receipts.summary import file_issues, verdict
from conduct_records.receipts.texts import Texts
from conduct_records.validation.check import Checked


class MachineReceipt:
    """Writes issues as they come, so that a long list never stands in memory."""

    def __init__(self, path: Path) -> None:
        self._lines: IO[str] = path.with_suffix(".part").open("w+", encoding="utf-8")
        self._part = path.with_suffix(".part")
        self._path = path
        self._count = 0

    def add(self, issues: Any) -> None:
        """Take the issues of one chunk."""
        for issue in issues.to_pylist():
            self._lines.write((",\n    " if self._count else "\n    ") + _json(issue))
            self._count += 1

    def close(self, checked: Checked, book: ContractBook, texts: Texts) -> None:
        """Write the figures, then the issues, and leave one file."""
        self.add(_Rows(file_issues(checked)))
        with self._path.open("w", encoding="utf-8") as out:
            out.write(_json(_facts(checked, book, texts))[:-1] + ', "issues": [')
            self._lines.seek(0)
            while block := self._lines.read(1 << 20):
                out.write(block)
            out.write("\n]}\n")
        self.discard()

    def discard(self) -> None:
        """Remove the part file."""
        self._lines.close()
        self._part.unlink(missing_ok=True)


class _Rows(list[dict[str, Any]]):
    def to_pylist(self) -> list[dict[str, Any]]:
        return self


def _facts(checked: Checked, book: ContractBook, texts: Texts) -> dict[str, Any]:
    totals = checked.totals
    return {
        "file_id": checked.file_id,
        "file_name": checked.file_name,
        "unit_code": checked.unit_code,
        "data_date": checked.data_date.isoformat(),
        "kind": checked.kind,
        "template": checked.template,
        "scope": checked.scope,
        "format": checked.format,
        "encoding": checked.encoding,
        "sha256": checked.sha256,
        "byte_count": checked.byte_count,
        "contract_version": checked.contract_version,
        "state": "refused" if checked.refusal else "accepted",
        "refusal": checked.refusal.code if checked.refusal else None,
        "verdict": verdict(checked, texts),
        "rows": {
            "total": totals.rows,
            "accepted": totals.accepted,
            "quarantined": totals.quarantined,
            "duplicate": totals.duplicates,
            "skipped": totals.skipped,
        },
    }


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)

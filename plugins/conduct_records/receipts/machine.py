"""The receipt for machines: one JSON object with the figures and every issue."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from conduct_records.receipts.summary import file_issues, verdict
from conduct_records.receipts.texts import Texts
from conduct_records.validation.checked import Checked

_IN_MEMORY = 8 << 20


class MachineReceipt:
    """Collects issues as they come; a long list goes to a temporary file."""

    def __init__(self) -> None:
        self._lines = tempfile.SpooledTemporaryFile(_IN_MEMORY, "w+", encoding="utf-8")  # noqa: SIM115
        self._count = 0

    def add(self, issues: Any) -> None:
        """Take the issues of one chunk (columns of ops.issue)."""
        self._extend(issues.to_pylist())

    def clear(self) -> None:
        """Forget what was found: a refusal stands for all of it."""
        self._lines.seek(0)
        self._lines.truncate()
        self._count = 0

    def write(self, checked: Checked, texts: Texts, path: Path) -> None:
        """Write the figures, then the issues."""
        self._extend(file_issues(checked))
        with path.open("w", encoding="utf-8") as out:
            out.write(_json(_facts(checked, texts))[:-1] + ', "issues": [')
            self._lines.seek(0)
            shutil.copyfileobj(self._lines, out)
            out.write("\n]}\n")
        self._lines.close()

    def _extend(self, issues: list[dict[str, Any]]) -> None:
        for issue in issues:
            self._lines.write((",\n" if self._count else "\n") + _json(issue))
            self._count += 1


def _facts(checked: Checked, texts: Texts) -> dict[str, Any]:
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

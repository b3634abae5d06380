"""The figures and the verdict that both receipts open with."""

from __future__ import annotations

from collections import Counter
from typing import Any

from conduct_records.contracts.book import ContractBook
from conduct_records.receipts.texts import Texts
from conduct_records.validation.checked import Checked

GRAVITY = {"error": 0, "warning": 1, "notice": 2}


def verdict(checked: Checked, texts: Texts) -> str:
    """One sentence: what became of the file."""
    totals = checked.totals
    if checked.refusal is not None:
        message = checked.file_issues["message"].to_pylist()[-1]
        return texts.verdicts["refused"].format(message=message)
    name = "accepted" if totals.quarantined == 0 else "nothing" if totals.accepted == 0 else "mixed"
    unread = "unread_table" in checked.file_issues["issue_code"].to_pylist()
    return texts.verdicts[name].format(quarantined=totals.quarantined) + texts.unread * unread


def summary_lines(checked: Checked, book: ContractBook, texts: Texts) -> list[tuple[str, str | int]]:
    """Label and value of each line of the summary."""
    values: dict[str, str | int | None] = {
        "verdict": verdict(checked, texts),
        "file_name": checked.file_name,
        "unit": f"{book.holders.get(checked.unit_code, '')} {checked.unit_code}".strip(),
        "data_date": checked.data_date.isoformat(),
        "kind": book.labels.get(checked.kind or ""),
        "template": checked.layout.template.label if checked.layout else None,
        "format": texts.formats.get(checked.format or ""),
        "encoding": texts.encodings.get(checked.encoding or ""),
        "sheet": checked.sheet if checked.format in {"xlsx", "xls"} else None,
        **_figures(checked),
        "sha256": checked.sha256,
        "contract_version": checked.contract_version[:12],
    }
    return [(texts.summary[key], value) for key, value in values.items() if value is not None]


def _figures(checked: Checked) -> dict[str, str | int | None]:
    """Rows by what became of them; a refused file has none to tell of."""
    if checked.refusal is not None:
        return {}
    totals = checked.totals
    return {
        "rows": totals.rows,
        "accepted": totals.accepted,
        "quarantined": totals.quarantined,
        "duplicates": totals.duplicates,
        "skipped": totals.skipped,
    }


def issue_counts(
    counts: Counter[tuple[str, str]], book: ContractBook, texts: Texts
) -> list[tuple[str, str, int, str]]:
    """Severity, what it is, how often, its code; the gravest and most frequent first."""
    return [
        (texts.severities[severity], book.issues[code].label, count, code)
        for (code, severity), count in ranked(counts)
    ]


def ranked(counts: Counter[tuple[str, str]]) -> list[tuple[tuple[str, str], int]]:
    """Code and severity with their counts; the gravest and most frequent first."""
    return sorted(counts.items(), key=lambda item: (GRAVITY[item[0][1]], -item[1], item[0][0]))


def file_issues(checked: Checked) -> list[dict[str, Any]]:
    """Findings about the file as a whole."""
    return checked.file_issues.to_pylist() if checked.file_issues is not None else []

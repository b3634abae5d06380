"""The Chinese texts of receipts, from include/templates/receipt.yaml."""

from __future__ import annotations

from functools import lru_cache

import yaml

from conduct_records.contracts.rules import Strict
from conduct_records.settings import TEMPLATES


class Texts(Strict):
    """The content of receipt.yaml."""

    file_name: str
    seen_name: str
    font: str
    summary_sheet: str
    rows_sheet: str
    file_issues_title: str
    issue_counts_title: str
    row_no_header: str
    state_header: str
    issues_header: str
    states: dict[str, str]
    severities: dict[str, str]
    responsibilities: dict[str, str]
    verdicts: dict[str, str]
    unread: str
    summary: dict[str, str]
    formats: dict[str, str]
    encodings: dict[str, str]
    count_headers: tuple[str, ...]
    file_issue_headers: tuple[str, ...]
    issue_line: str
    kind_line: str
    first_row: str
    only_problem_rows: str
    form: dict[str, str]
    guidance: str
    whole_guidance: str
    refused_guidance: str


@lru_cache(maxsize=2)
def receipt_texts(*, is_trial: bool = False) -> Texts:
    """The texts; `is_trial` gives those of a check at a department's own desk, after which nothing was sent.

    Raises:
        pydantic.ValidationError: one is missing or unknown.
    """
    texts = yaml.safe_load((TEMPLATES / "receipt.yaml").read_text(encoding="utf-8"))
    trial = texts.pop("trial")
    for name, value in trial.items() if is_trial else ():
        texts[name] = texts[name] | value if isinstance(value, dict) else value
    return Texts.model_validate(texts)

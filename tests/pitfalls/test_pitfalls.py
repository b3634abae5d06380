"""Each pitfall seen in real files has a small file here and, beside it, what must be found (B2, B4, B10)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from tests.submissions import examine

EXPECTED = sorted(Path(__file__).parent.glob("*.yaml"))


UNFILLED = re.compile(r"[{}]|（）|“”|：$")


def found_texts(outcome):
    """What the findings tell a clerk."""
    tables = [outcome.checked.file_issues, *(chunk.issues for chunk in outcome.chunks)]
    for row in (row for table in tables for row in table.to_pylist()):
        yield row["message"]
        yield row["suggestion"]


def test_no_file_is_without_its_expectations():
    named = {yaml.safe_load(path.read_text(encoding="utf-8"))["file"] for path in EXPECTED}
    assert named == {path.name for path in Path(__file__).parent.glob("*.[cxj]*")}
    assert len(named) >= 40


@pytest.mark.parametrize("path", EXPECTED, ids=lambda path: path.stem)
def test_the_pitfall_is_found_and_nothing_else_is(path):
    expected = yaml.safe_load(path.read_text(encoding="utf-8"))
    outcome = examine(path.with_name(expected["file"]))
    found = [{"row": row, "field": field, "issue": issue} for row, field, issue in outcome.issues]
    assert sorted(found, key=str) == sorted(expected["issues"], key=str)
    assert (
        dict(zip(("accepted", "quarantined", "duplicate", "skipped"), outcome.counts, strict=True))
        == expected["rows"]
    )
    assert outcome.refusal is None
    if "encoding" in expected:
        assert outcome.checked.encoding == expected["encoding"]
    for issue in found_texts(outcome):
        assert not UNFILLED.search(issue), issue
    rows = {row["row_no"]: row for row in outcome.evidence}
    for row_no, fields in expected.get("kept", {}).items():
        kept = {name: rows[row_no][name] for name in fields}
        assert {name: None if value is None else str(value) for name, value in kept.items()} == fields

"""What units get lies in their own folder, whatever stands in the names of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from conduct_records.reports.pages import put
from conduct_records.settings import Settings


@pytest.mark.parametrize(
    "case_id", ["../../x", "5-1\nx", "\u202e", "例" * 300, "x." * 200, "x." + "例" * 300]
)
def test_a_cases_number_is_part_of_a_name_and_no_more(tmp_path: Path, case_id: str) -> None:
    settings = Settings({"CONDUCT_RECORDS_OUTBOX": str(tmp_path)})
    written = Path(put(settings, "420600", date(2019, 1, 28), f"信用核查报告_{case_id}.html", b"x"))
    assert written.resolve().parent == tmp_path / "420600" / "2019-01-28"
    assert written.name.isprintable() and written.suffix == ".html"
    assert written.read_bytes() == b"x"

"""Architecture decision 7: working days are official where known, and marked where they are not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from conduct_records.contracts.calendar import calendar_rows


def test_official_holidays_and_shifted_working_days_are_known() -> None:
    days = {row[0]: row for row in calendar_rows(date(2019, 1, 28), date(2019, 2, 12))}
    assert days[date(2019, 2, 2)][1:] == (True, 6, "official")  # a Saturday worked before the Spring Festival
    assert days[date(2019, 2, 5)][1:] == (False, 7, "official")
    assert days[date(2019, 2, 11)][1:] == (True, 8, "official")


def test_past_the_last_known_year_weekdays_count_and_say_so() -> None:
    (new_year, saturday) = (calendar_rows(day, day)[0] for day in (date(2027, 1, 1), date(2027, 1, 2)))
    assert new_year[1:] == (True, 1, "fallback")
    assert saturday[1:] == (False, 0, "fallback")


def test_an_override_goes_before_both(tmp_path: Path) -> None:
    override = tmp_path / "calendar_override.csv"
    override.write_text("day,is_working,basis\n2027-01-01,no,国办发明电〔2026〕样例号\n", encoding="utf-8")
    (row,) = calendar_rows(date(2027, 1, 1), date(2027, 1, 1), override)
    assert row[1:] == (False, 0, "override")

"""The day on which a department checks a file is its own: a decision of this morning is not of the future."""

from datetime import UTC, date, datetime, tzinfo

from conduct_records.cli import common


class SevenInTheMorning(datetime):
    """A clock that stands at half past seven in Beijing, when it is still the day before in Greenwich."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:
        return datetime(2019, 1, 28, 23, 30, tzinfo=UTC).astimezone(tz)


def test_the_day_of_a_command_is_that_of_beijing(monkeypatch):
    monkeypatch.setattr(common, "datetime", SevenInTheMorning)
    assert common.now().date() == date(2019, 1, 29)

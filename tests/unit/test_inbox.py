"""The inbox: which files a date has, what was left behind, and what nobody reads."""

import datetime as dt
import os
from pathlib import Path

import pytest

from conduct_records.intake.inbox import sequence_of, unread, waiting
from conduct_records.settings import Settings
from tests.submissions import RESIDENT


def inbox(tmp_path, *names):
    for name in names:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    return Settings({"CONDUCT_RECORDS_INBOX": str(tmp_path)})


def test_the_inbox_of_a_date_and_what_was_left_behind(tmp_path):
    settings_ = inbox(
        tmp_path, "2019-01-28/420100/a.csv", "2019-01-29/HB-AMR/02_b.csv", "2019-01-29/HB-AMR/01_z.csv",
        "2019-01-30/420100/c.csv", "2019-01-29/.hidden", "2019-01-29/420100/~$open.xlsx", "notes/x.csv",
    )  # fmt: skip
    day = dt.date(2019, 1, 29)
    assert [lane.label for lane in waiting(settings_, day)] == ["HB-AMR/01_z.csv", "HB-AMR/02_b.csv"]
    swept = waiting(settings_, day, known=lambda seen: set())
    assert [lane.label for lane in swept] == ["420100/a.csv", "HB-AMR/01_z.csv", "HB-AMR/02_b.csv"]
    assert [lane.data_date for lane in swept] == [dt.date(2019, 1, 28), day, day]
    first = (swept[0].path, swept[0].fingerprint)
    assert len(waiting(settings_, day, known=lambda seen: {first})) == 2


def test_what_no_night_looks_at_is_named_and_stops_nobody(tmp_path, monkeypatch):
    settings_ = inbox(
        tmp_path, "2019-01-28/HB-AMR/a.csv", "2019-02-30/HB-AMR/b.csv", "20190128/HB-AMR/c.csv",
        "2019-01-28/d.csv", "2019-01-28/样例市/e.csv", "2019-01-28/420100/附件/f.csv", "g.csv",
        "2019-01-28/420600/h.csv", "2019-01-27/420600/i.csv", "2019-02-04/HB-AMR/j.csv",
        "2091-01-28/HB-AMR/k.csv", "2019-01-28/HB-AMR/.l.csv", "2019-01-28/HB-AMR/~$m.xlsx",
    )  # fmt: skip
    refused = {tmp_path / "2019-01-28/420600", tmp_path / "2019-01-27"}
    listed = Path.iterdir

    def iterdir(folder):
        if folder in refused:
            raise PermissionError(13, "Permission denied", str(folder))
        return listed(folder)

    monkeypatch.setattr(Path, "iterdir", iterdir)
    day = dt.date(2019, 1, 28)
    assert [lane.label for lane in waiting(settings_, day, known=lambda seen: set())] == ["HB-AMR/a.csv"]
    assert {each.place: each.reason.split(":")[0] for each in unread(settings_, day)} == {
        **dict.fromkeys(["20190128", "2019-02-30", "g.csv", "2019-01-28/d.csv"], "is not read"),
        **dict.fromkeys(["2019-01-28/样例市", "2019-01-28/420100/附件"], "is not read"),
        **dict.fromkeys(["2019-01-27", "2019-01-28/420600"], "cannot be read"),
        "2091-01-28": "is not read before its data date",
    }
    refused.add(tmp_path)
    assert [each.place for each in unread(settings_, day)] == [""]


def test_a_changed_file_is_another_sighting(tmp_path):
    settings_ = inbox(tmp_path, "2019-01-28/420100/a.csv")
    [before] = waiting(settings_, dt.date(2019, 1, 28))
    os.utime(before.path, (1, 1))
    [after] = waiting(settings_, dt.date(2019, 1, 28))
    assert before.fingerprint != after.fingerprint


def test_no_inbox_is_no_file(tmp_path):
    assert waiting(Settings({"CONDUCT_RECORDS_INBOX": str(tmp_path / "none")}), dt.date(2019, 1, 28)) == []


@pytest.mark.parametrize(
    ("name", "sequence"),
    [
        ("a.csv", 0),
        ("02_a.csv", 2),
        ("a_3.csv", 3),
        ("a(4).csv", 4),
        ("处罚（5）.xlsx", 5),
        ("2018年.csv", 0),
    ],
)
def test_sequence_comes_from_the_name_alone(name, sequence):
    assert sequence_of(name) == sequence


def test_a_link_leads_nowhere(tmp_path):
    """Through the inbox of one unit nobody reads what another sent, or what lies elsewhere."""
    settings_ = inbox(tmp_path, "2019-01-28/HB-AMR/a.csv", "2019-01-28/420100/b.csv")
    (tmp_path / "2019-01-28/420100/link.csv").symlink_to(tmp_path / "2019-01-28/HB-AMR/a.csv")
    day = dt.date(2019, 1, 28)
    assert [lane.label for lane in waiting(settings_, day)] == ["420100/b.csv", "HB-AMR/a.csv"]
    assert [(each.place, each.reason) for each in unread(settings_, day)] == [
        ("2019-01-28/420100/link.csv", "is not read: it is a link")
    ]


def test_a_name_that_may_not_be_kept_costs_its_own_file_alone(tmp_path):
    """Airflow, landing and the log keep names: of a person's id they may not, of bytes they cannot."""
    gbk = os.fsdecode("处罚.csv".encode("gbk"))
    names = ["a.csv", f"罚{RESIDENT}.csv", gbk]
    settings_ = inbox(tmp_path, *(f"2019-01-28/420100/{name}" for name in names))
    day = dt.date(2019, 1, 28)
    assert [lane.file_name for lane in waiting(settings_, day)] == ["a.csv"]
    unseen = {each.place: each.reason for each in unread(settings_, day)}
    assert {place.rpartition("/")[2] for place in unseen} == {
        f"罚{'*' * 18}.csv", "\\udcb4\\udca6\\udcb7\\udca3.csv",
    }  # fmt: skip
    assert all("give it another" in reason for reason in unseen.values())


def test_a_name_forges_no_line_of_a_log_and_no_name_of_a_lane(tmp_path, caplog):
    settings_ = inbox(tmp_path, "2019-01-28/420100/a\nERROR forged.csv", "2019-01-28/x\nERROR forged/b.csv")
    [lane] = waiting(settings_, dt.date(2019, 1, 28))
    assert lane.label == "420100/a\\nERROR forged.csv"
    assert "x\\nERROR forged is not read" in caplog.text
    long = inbox(tmp_path / "long", f"2019-01-28/420100/{'a' * 251}.csv")
    assert [len(lane.label) for lane in waiting(long, dt.date(2019, 1, 28))] == [250]  # a column of Airflow's

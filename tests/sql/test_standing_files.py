"""Which reading of a submission counts: new contract versions (B7), replacing and corrected files (B8)."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from psycopg import sql

from conduct_records.contracts import book as contract_book
from conduct_records.intake.inbox import Lane
from conduct_records.reports.correction_list import PARTS, write_correction_lists
from conduct_records.settings import SCHEMAS, Settings
from conduct_records.validation import chunks
from conduct_records.validation.checked import NotConserved
from conduct_records.warehouse import ingest as ingestion
from conduct_records.warehouse import load
from conduct_records.warehouse import replay as replaying
from conduct_records.warehouse.ingest import ingest
from conduct_records.warehouse.replay import replay
from tests.sql.story import HE, YUN, Story
from tests.submissions import DAY, FOOD, RESIDENT, as_csv, penalty, table

NOW = datetime(2019, 1, 29, 2, tzinfo=UTC)
LISTED = {
    "企业名称": YUN["party_name"],
    "统一社会信用代码": "91420100MA4KY0016L",
    "列入日期": "2018-07-10",
    "列入原因": "未按规定公示年度报告",
    "列入机关": "武汉市市场监督管理局",
}


@pytest.fixture
def story(warehouse, tmp_path):
    story = Story(warehouse)
    story.settings = Settings(
        {
            "WAREHOUSE_URL": warehouse,
            "PERSON_TOKEN_KEY": "k" * 40,
            "CONDUCT_RECORDS_STATE": str(tmp_path / "state"),
        }
    )
    return story


@pytest.fixture
def changed(tmp_path, monkeypatch):
    """Change a declaration file, for whoever reads contracts from then on."""
    schemas = tmp_path / "schemas"
    shutil.copytree(SCHEMAS, schemas)

    def change(name, old, new):
        path = schemas / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
        for module in (ingestion, replaying):
            contract_book.load_contracts.cache_clear()
            monkeypatch.setattr(module, "load_contracts", lambda: contract_book.load_contracts(schemas))

    return change


def submit(story, path, *rows, on=DAY, unit="420600", at=NOW):
    path.write_bytes(as_csv(table(*rows)))
    return ingest(Lane(str(path), unit, on, path.name, 0, path.name), at, story.settings)


def evidence(story, kind, columns="row_no"):
    query = sql.SQL("select {} from evidence.{} join core.standing_file using (file_id) order by 1").format(
        sql.SQL(columns), sql.Identifier(kind)
    )
    return story.rows(query)


def test_a_new_contract_version_reads_the_same_bytes_anew_and_supersedes(story, tmp_path, changed):
    rows = penalty(处罚类别="通报"), penalty(行政处罚决定书文号="样例罚〔2018〕2号")
    first = submit(story, tmp_path / "x.csv", *rows)
    assert (first.counts["accepted"], first.counts["quarantined"]) == (1, 1)
    story.build()
    assert replay(NOW, story.settings) == []
    changed("codes/penalty_category.csv", "罚款,罚金;", "罚款,罚金;通报;")
    [again] = replay(NOW + timedelta(days=1), story.settings)
    assert (again.state, again.counts["accepted"]) == ("accepted", 2)
    assert again.file_id != first.file_id
    assert evidence(story, "penalty_decision") == [(2,), (3,)]
    assert story.one("select count(*) from evidence.penalty_decision") == 3  # the old reading is history
    assert story.rows("select row_no, replayed_at is not null from quarantine.row") == [(2, True)]
    incremental = story.build()
    assert story.one("select count(*) from core.record") == 2
    assert story.rows("select distinct file_id from core.claim") == [(again.file_id,)]
    assert story.build(full=True).digest == incremental.digest
    assert replay(NOW, story.settings) == []


def test_another_kinds_contract_reads_nothing_anew(story, tmp_path, changed):
    submit(story, tmp_path / "x.csv", penalty())
    changed("submissions/objection.yaml", "version: 1.1.0", "version: 1.1.1")
    assert replay(NOW, story.settings) == []


def test_a_broken_contract_takes_no_record_away(story, tmp_path, changed):
    submit(story, tmp_path / "x.csv", penalty())
    changed("submissions/penalty_decision.yaml", "kind: DataContract", "kind: DataContrakt")
    assert replay(NOW + timedelta(days=1), story.settings) == []
    assert submit(story, tmp_path / "x.csv", penalty(), at=NOW + timedelta(days=1)).state == "refused"
    assert evidence(story, "penalty_decision") == [(2,)]


def test_a_refused_file_is_read_again_once_its_template_is_known(story, tmp_path, changed):
    row = {("文书编号" if name == "行政处罚决定书文号" else name): value for name, value in penalty().items()}
    assert submit(story, tmp_path / "x.csv", row).state == "refused"
    known = "document_no: [行政处罚决定书文号,"
    changed("submissions/penalty_decision.yaml", known, f"{known} 文书编号,")
    assert [one.state for one in replay(NOW, story.settings)] == ["accepted"]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_file_of_scope_replace_takes_the_place_of_the_earlier_ones(story, tmp_path, order):
    gone = LISTED | {"企业名称": HE["party_name"], "统一社会信用代码": "91420600MA4KY00249"}
    files = [((LISTED, gone), DAY), ((LISTED,), DAY + timedelta(days=1))]
    for number in order:
        rows, on = files[number]
        submit(story, tmp_path / f"{number}.csv", *rows, on=on, unit="HB-AMR")
        story.build()
    assert evidence(story, "abnormal_operation", "party_name") == [(YUN["party_name"],)]
    assert story.rows("select party_name from core.claim") == [(YUN["party_name"],)]
    digest = story.build().digest
    assert story.build(full=True).digest == digest
    assert story.one("select count(*) from core.subject") == 1


def test_another_units_list_stays(story, tmp_path):
    submit(story, tmp_path / "1.csv", LISTED, unit="HB-AMR")
    submit(story, tmp_path / "2.csv", LISTED, unit="420100", on=DAY + timedelta(days=1))
    assert len(evidence(story, "abnormal_operation")) == 2


def test_the_same_bytes_are_recognised_and_the_receipt_says_so(story, tmp_path):
    first = submit(story, tmp_path / "x.csv", penalty())
    again = submit(story, tmp_path / "y.csv", penalty())
    assert (again.state, again.file_id, again.counts) == ("known", first.file_id, first.counts)
    [note] = [Path(path) for path in again.receipts if path.endswith(".txt")]
    assert "本次不作变更" in note.read_text(encoding="utf-8")
    assert story.one("select count(*) from landing.file") == 1


def test_a_corrected_file_stands_and_the_old_rows_stay_in_history(story, tmp_path):
    submit(story, tmp_path / "x.csv", penalty())
    submit(story, tmp_path / "y.csv", penalty(违法事实="更正后的事实"), on=DAY + timedelta(days=1))
    story.build()
    assert story.rows("select fact from core.record") == [("更正后的事实",)]
    assert story.one("select count(*) from evidence.penalty_decision") == 2
    assert story.one("select count(*) from core.claim") == 2


def corrections(story, on=DAY):
    """What the list of one unit says, by part: (row, issue)."""
    files = write_correction_lists(story.settings, on)
    [path] = [Path(file) for file in files if file.endswith(".json") and "/420600/" in file]
    body = json.loads(path.read_text(encoding="utf-8"))
    book = openpyxl.load_workbook(path.with_suffix(".xlsx"))
    assert book.worksheets[0].max_row == 3 + len(body["rows"])
    return {part: [(row["row_no"], row["issue_code"]) for row in body[part]] for part in PARTS}


def test_a_unit_sees_what_it_still_has_to_correct_across_its_files(story, tmp_path):
    bad = penalty(行政处罚决定书文号="样例罚〔2018〕2号", 处罚决定日期="昨天")
    worse = penalty(行政处罚决定书文号="样例罚〔2018〕3号", 行政相对人代码_1="91420600MA4KY00248")
    submit(story, tmp_path / "x.csv", penalty(), bad, worse)
    submit(story, tmp_path / "y.csv", {"甲": "1", "乙": "2"})
    story.build()
    assert corrections(story) == {
        "rows": [(3, "date_format"), (4, "uscc_check")],
        "files": [(None, "unknown_template")],
        "findings": [],
    }
    submit(story, tmp_path / "z.csv", worse | {"行政相对人代码_1(统一社会信用代码)": FOOD})
    assert corrections(story)["rows"] == [(3, "date_format")]
    submit(story, tmp_path / "y.csv", bad | {"处罚决定日期": "2018-07-02"}, on=DAY + timedelta(days=1))
    assert corrections(story)["rows"] == [(3, "date_format")]  # as of the day before
    done = corrections(story, DAY + timedelta(days=1))
    assert done == {"rows": [], "files": [], "findings": []}


def test_a_refused_file_that_comes_again_in_another_format_is_done_with(story, tmp_path):
    """B6: the receipt of a PDF asks for a workbook: the same name, another ending."""
    path = tmp_path / "双公示2018.7.pdf"
    path.write_bytes(b"%PDF-1.4")
    lane = Lane(str(path), "420600", DAY, path.name, 0, path.name)
    assert ingest(lane, NOW, story.settings).state == "refused"
    assert corrections(story)["files"] == [(None, "unsupported_format")]
    submit(story, tmp_path / "双公示2018.8.csv", penalty())
    assert corrections(story)["files"] == [(None, "unsupported_format")]
    submit(story, tmp_path / "双公示2018.7.csv", penalty(违法事实="另一事实"))
    assert corrections(story)["files"] == []


def test_a_correction_list_shows_no_id_and_no_token(story, tmp_path):
    row = penalty(违法事实=f"由样例寅（{RESIDENT}）销售", 处罚决定日期=f"{RESIDENT}")
    submit(story, tmp_path / "x.csv", row)
    story.build()
    [path] = [file for file in write_correction_lists(story.settings, DAY) if file.endswith(".json")]
    text = Path(path).read_text(encoding="utf-8")
    assert "********" in text
    assert RESIDENT[:-1] not in text and "pid" not in text


@pytest.mark.parametrize(("module", "part"), [(chunks, "evidence_of"), (load, "_written")])
def test_a_file_of_which_a_row_is_lost_on_the_way_leaves_nothing(story, tmp_path, monkeypatch, module, part):
    """I1: whether the check or the load loses it, the file is read again by whoever mended the fault."""
    whole = getattr(module, part)
    monkeypatch.setattr(module, part, lambda *given: whole(*given).slice(1))
    with pytest.raises(NotConserved):
        submit(story, tmp_path / "x.csv", penalty(), penalty(行政处罚决定书文号="样例罚〔2018〕2号"))
    assert story.rows(
        "select (select count(*) from landing.file), count(*) from evidence.penalty_decision"
    ) == [(0, 0)]
    assert not list((tmp_path / "state" / "outbox").rglob("*.json"))


@pytest.mark.parametrize("other", ["a link", "another file"])
def test_a_file_that_is_exchanged_after_the_look_is_not_read_as_its_units(
    story, tmp_path, monkeypatch, other
):
    """A unit makes what it sent a link to what another sent, or writes on: nothing of it is kept."""
    path, theirs = tmp_path / "x.csv", tmp_path / "theirs.csv"
    theirs.write_bytes(as_csv(table(penalty(行政处罚决定书文号="样例罚〔2018〕9号"))))
    checks = ingestion.check

    def exchange_once_it_was_hashed(*given, **more):
        found = checks(*given, **more)
        path.unlink()
        path.symlink_to(theirs) if other == "a link" else shutil.copy(theirs, path)
        return found

    monkeypatch.setattr(ingestion, "check", exchange_once_it_was_hashed)
    with pytest.raises(ingestion.Exchanged):
        submit(story, path, penalty())
    assert story.rows("select count(*) from landing.file") == [(0,)]
    assert not list((tmp_path / "state" / "outbox").rglob("*.json"))
    monkeypatch.setattr(ingestion, "check", checks)
    if other == "a link":
        with pytest.raises(ingestion.Exchanged, match="link"):
            ingest(Lane(str(path), "420600", DAY, path.name, 0, path.name), NOW, story.settings)

"""The check of a file: each issue on its row, nothing lost, nothing that names a person, GX in agreement."""

import io
import json
from datetime import date

import pyarrow as pa
import pytest
import xlsxwriter
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conduct_records.validation.arrays import matches
from conduct_records.validation.suite import RuleColumns, rule_columns, run_suite
from conduct_records.validation.vault import MAYBE_ID, TOKEN, Tokeniser
from tests.submissions import (
    BOOK,
    DAY,
    FOOD,
    RESIDENT,
    SAMPLES,
    as_csv,
    examine,
    examine_bytes,
    examine_rows,
    penalty,
    table,
)
from tests.unit.test_checkdigits import with_uscc_check

ERRORS = SAMPLES / "inbox" / "2019-01-29" / "420600" / "行政处罚决定.csv"
WIDE = {ord("0") + digit: ord("０") + digit for digit in range(10)}
STORY = yaml.safe_load((SAMPLES / "story.yaml").read_text(encoding="utf-8").replace("\t", " "))
SHOWN = [row["shows"] for row in next(f for f in STORY["files"] if "numbered" in f)["rows"]]


def test_each_row_of_the_errors_file_has_its_one_issue():
    outcome = examine(ERRORS)
    found = [(row, code) for row, _, code in outcome.issues if row]
    assert found == [(row, code) for row, code in enumerate(SHOWN, 2) if code != "none"]
    assert outcome.counts == (11, 21, 1, 1)


def test_errors_quarantine_and_the_rest_pass():
    outcome = examine(ERRORS)
    quarantined = {row["row_no"] for row in outcome.quarantine}
    errors = {
        n for n, code in enumerate(SHOWN, 2) if code != "none" and BOOK.issues[code].severity == "error"
    }
    assert quarantined == errors
    assert {row["row_no"] for row in outcome.evidence} == set(range(2, 35)) - errors - {
        SHOWN.index("duplicate_row") + 2
    }


def test_quarantine_keeps_the_row_under_its_own_headers_with_its_issues():
    [row] = [row for row in examine(ERRORS).quarantine if row["row_no"] == 13]
    assert row["issue_codes"] == ["amount_unit"]
    assert json.loads(row["row_values"])["罚款金额(万元)"] == "2000"


def test_original_values_stand_beside_normalised_ones(tmp_path):
    outcome = examine_rows(
        tmp_path, penalty(行政处罚决定书文号="样例罚【2018】1号", 处罚决定日期="2018年7月2日")
    )
    [row] = outcome.evidence
    assert row["document_no"] == "样例罚〔2018〕1号"
    assert row["decided_on"] == date(2018, 7, 2)
    original = json.loads(row["original"])
    assert original["document_no"] == "样例罚【2018】1号"
    assert original["decided_on"] == "2018年7月2日"
    assert original["fine_yuan"] == "0.2"
    assert original["penalty_category_codes"] == "罚款"
    assert "party_name" not in original


def test_one_field_alone_may_differ_from_what_was_submitted(tmp_path):
    rows = [
        penalty(罚款金额="", 处罚类别="warning", 处罚内容="警告", 行政处罚决定书文号=f"样例罚〔2018〕{n}号")
        | {"行政相对人类别": "legal_person", "处罚决定日期": day}
        for n, day in enumerate(["2018年7月2日", "2018-07-02"])
    ]
    first, second = examine_rows(tmp_path, *rows).evidence
    assert json.loads(first["original"]) == {"decided_on": "2018年7月2日"}
    assert json.loads(second["original"]) == {}


def test_ids_become_tokens_everywhere(tmp_path):
    rows = [
        penalty(
            行政相对人名称="样例寅",
            行政相对人类别="自然人",
            **{"行政相对人代码_1": "", "自然人证件类型": "身份证"},
            自然人证件号码=RESIDENT,
        ),
        penalty(行政处罚决定书文号="样例罚〔2018〕2号", 违法事实=f"由样例寅（{RESIDENT.lower()}）销售"),
        penalty(行政处罚决定书文号="样例罚〔2018〕3号", **{"行政相对人代码_1": RESIDENT}),
        penalty(行政处罚决定书文号="样例罚〔2018〕4号") | {},
    ]
    for row in rows:
        row["经办人身份证"] = RESIDENT[:-1]
        row["附记"] = f"另见{RESIDENT}"
    tokeniser = Tokeniser("7", b"k" * 32)
    outcome = examine_rows(tmp_path, *rows, tokeniser=tokeniser)
    everything = json.dumps(
        [outcome.evidence, outcome.quarantine, [c.issues.to_pylist() for c in outcome.chunks]],
        default=str,
        ensure_ascii=False,
    )
    everything += str([column.to_pylist() for chunk in outcome.chunks for column in chunk.rows])
    assert RESIDENT[:-1] not in everything
    token = outcome.evidence[0]["party_person_token"]
    assert TOKEN.fullmatch(token) and token.startswith("pid7-")
    assert tokeniser.entries[token].value == RESIDENT
    assert token in outcome.evidence[1]["violation_facts"]
    told = [issue for row, field, issue in outcome.issues if (row, field) == (4, "party_code")]
    assert told == ["code_in_wrong_column"]  # of the token that stands for it nothing is told
    assert {"resident_id", "other"} == {entry.scheme for entry in tokeniser.entries.values()}


def test_the_same_key_gives_the_same_token():
    one, other = Tokeniser("1", b"k" * 32), Tokeniser("1", b"k" * 32)
    assert one.token(RESIDENT) == other.token(" " + RESIDENT.lower())
    assert one.token(RESIDENT) != Tokeniser("1", b"j" * 32).token(RESIDENT)
    assert one.token(one.token(RESIDENT)) == one.token(RESIDENT)


@pytest.mark.parametrize(
    "typed",
    [
        RESIDENT,
        RESIDENT.lower(),
        RESIDENT.translate(WIDE),
        f"{RESIDENT[:6]} {RESIDENT[6:14]}\u3000{RESIDENT[14:]}",
    ],
    ids=["plain", "lower case", "full width", "parted"],
)
def test_an_id_in_a_text_goes_to_the_vault_however_it_is_typed(typed):
    tokeniser = Tokeniser.ephemeral()
    column = pa.array([f"身份证{typed}，已停业", "证号420606 1985 0101 22 不全"])
    cleaned, whole, inside = tokeniser.scrub(column, matches(column, MAYBE_ID))
    assert cleaned.to_pylist() == [f"身份证{tokeniser.token(RESIDENT)}，已停业", column[1].as_py()]
    assert (whole.to_pylist(), inside.to_pylist()) == ([False, False], [True, False])
    assert [entry.value for entry in tokeniser.entries.values()] == [RESIDENT]


def test_a_unified_code_that_looks_like_an_id_stays():
    codes = [with_uscc_check(f"12420120010101{number:03d}") for number in range(40)]
    digits = [code for code in codes if code.isdigit()]
    assert digits
    tokeniser = Tokeniser.ephemeral()
    assert [tokeniser.clean(code) for code in digits] == digits
    assert tokeniser.entries == {}


def test_keys_are_unique_across_chunks(tmp_path, monkeypatch):
    monkeypatch.setattr("conduct_records.intake.jsonlines._CHUNK_ROWS", 2)
    rows = [penalty(行政处罚决定书文号=f"样例罚〔2018〕{n}号") for n in (1, 2, 3, 1, 2, 4)]
    rows[4]["违法事实"] = "另有内容"
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    outcome = examine_bytes(tmp_path, lines.encode(), "x.jsonl")
    assert len(outcome.chunks) > 2
    assert outcome.issues == [(4, None, "duplicate_row"), (5, None, "duplicate_key")]
    assert outcome.counts == (4, 1, 1, 0)


def test_a_row_in_quarantine_takes_no_key(tmp_path):
    outcome = examine_rows(tmp_path, penalty(处罚决定日期="昨天"), penalty())
    assert outcome.issues == [(2, "decided_on", "date_format")]
    assert outcome.counts == (1, 1, 0, 0)


def test_the_file_id_follows_unit_kind_date_and_bytes(tmp_path):
    first = examine_rows(tmp_path, penalty()).checked.file_id
    assert len(first) == 32
    assert examine_rows(tmp_path, penalty()).checked.file_id == first
    assert examine_rows(tmp_path, penalty(), unit="420100").checked.file_id != first
    assert examine_rows(tmp_path, penalty(), day=date(2019, 1, 30)).checked.file_id != first


def test_exchanged_date_and_agency_are_a_shifted_row(tmp_path):
    row = penalty(处罚决定日期="襄阳市市场监督管理局")
    row["处罚机关"] = "2018-07-02"
    outcome = examine_rows(tmp_path, row)
    assert (2, None, "shifted_row") in outcome.issues
    assert outcome.evidence == []


@pytest.mark.parametrize(
    "file", sorted(SAMPLES.rglob("inbox/*/*/*.*")), ids=lambda path: path.parent.name + "/" + path.name
)
def test_rows_are_conserved_in_every_sample(file):
    outcome = examine(file, unit=file.parent.name, day=date.fromisoformat(file.parent.parent.name))
    totals = outcome.checked.totals
    assert totals.rows == sum(outcome.counts)
    assert outcome.refusal or totals.accepted == len(outcome.evidence) > 0


cells = st.one_of(
    st.sampled_from(
        ["", "/", "2018-7-2", FOOD, RESIDENT, "罚款", "9.1E+17", "a\nb", '"', ",", "表格说明", "长期"]
    ),
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12),
)


@given(st.lists(st.dictionaries(st.sampled_from(list(penalty())), cells, max_size=6), min_size=1, max_size=6))
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_content_of_cells_is_accounted_for(tmp_path, changes):
    rows = [penalty() | change for change in changes]
    outcome = examine_bytes(tmp_path, as_csv(table(*rows)))
    if outcome.refusal is None:
        assert outcome.checked.totals.rows >= len(rows)
    for row in outcome.evidence:
        json.loads(row["original"]), json.loads(row["extra"])


def test_gx_agrees_with_the_rule_columns(tmp_path):
    outcome = examine(ERRORS)
    columns = RuleColumns()
    failing: dict[str, int] = {}
    for chunk in outcome.chunks:
        columns.add(chunk)
        for name in chunk.passed.column_names:
            failing[name] = failing.get(name, 0) + chunk.passed[name].to_pylist().count(False)
    columns.save(tmp_path / "columns")
    result = run_suite("penalty_decision_2018", rule_columns([tmp_path / "columns"]))
    assert result.failing == failing
    assert result.success is False
    assert result.row_count == 32


def test_gx_is_content_with_a_clean_file(tmp_path):
    columns = RuleColumns()
    for chunk in examine_rows(tmp_path, penalty()).chunks:
        columns.add(chunk)
    columns.save(tmp_path / "columns")
    assert run_suite("penalty_decision_2018", rule_columns([tmp_path / "columns"])).success is True


def test_acceptance_does_not_depend_on_the_order_of_files(tmp_path):
    files = sorted(SAMPLES.rglob("inbox/2019-01-2*/*/*.*"))

    def taken(order):
        return {
            file: [*(o := examine(file, unit=file.parent.name, day=DAY)).issues, len(o.evidence)]
            for file in order
        }

    assert taken(files) == taken(reversed(files))


@pytest.mark.parametrize("notes", ["a--b", "---b", "abcd", "----"])
@pytest.mark.parametrize("marks", ["--x-", "----"])
def test_rows_with_and_without_values_in_unknown_columns_keep_theirs(tmp_path, notes, marks):
    rows = [
        penalty(行政处罚决定书文号=f"样例{n}号") | {"录入人": note.strip("-"), "核对": mark.strip("-")}
        for n, (note, mark) in enumerate(zip(notes, marks, strict=True))
    ]
    found = [json.loads(row["extra"]) for row in examine_rows(tmp_path, *rows).evidence]
    expected = [{"录入人": note, "核对": mark} for note, mark in zip(notes, marks, strict=True)]
    assert found == [{name: text for name, text in one.items() if text != "-"} for one in expected]


@pytest.mark.parametrize(
    ("content", "stated"),
    [
        ("处5000元罚款", 5000),
        ("没收违法所得800元，处5,000元的罚款", 5000),
        ("没收违法所得800元罚款5000元", 5000),
        ("罚款人民币贰仟元整", 2000),
        ("处以罚款人民币壹万伍仟元整（¥15000.00）", 15000),
        ("处十二万元罚款", 120_000),
        ("并处人民币叁佰万零伍拾圆罚款", 3_000_050),
        ("罚款2千元", 2000),
        ("依照处一万元以上十万元以下罚款的规定，责令改正", None),
        ("对甲处5000元罚款，对乙处3000元罚款", None),
    ],
)
def test_an_amount_is_read_however_a_decision_states_it(tmp_path, content, stated):
    wrong = examine_rows(tmp_path, penalty(处罚内容=content, 罚款金额=str(stated or 5000)))
    right = examine_rows(tmp_path, penalty(处罚内容=content, 罚款金额=str((stated or 5000) / 10_000)))
    assert (wrong.codes, right.codes) == (["amount_unit"] if stated else [], [])


def test_a_person_is_the_same_with_and_without_the_mark_of_text(tmp_path):
    person = {"行政相对人类别": "自然人", "行政相对人代码_1": "", "行政相对人名称": "样例丙"}
    row = penalty(**person, 自然人证件类型="身份证", 自然人证件号码=RESIDENT)
    marked = penalty(
        **person, 自然人证件类型="身份证", 自然人证件号码="'" + RESIDENT, 行政处罚决定书文号="样例2号"
    )
    first, second = examine_rows(tmp_path, row, marked).evidence
    assert first["party_person_token"] == second["party_person_token"]


def test_a_finding_names_its_own_column(tmp_path):
    outcome = examine_rows(tmp_path, penalty(处罚机关统一社会信用代码="11420600YL2000024M"))
    [message] = outcome.chunks[0].issues["message"].to_pylist()
    assert message.startswith("处罚机关统一社会信用代码“11420600YL2000024M”")


def test_no_id_stands_in_what_a_file_calls_its_sheets_and_columns(tmp_path):
    """A header or the name of a sheet is kept and told, so a person's id in one is masked."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        header, row = table(penalty())
        sheet = book.add_worksheet(f"样例{RESIDENT}")
        sheet.write_row(0, 0, [*header, f"附注{RESIDENT}"])
        sheet.write_row(1, 0, [*row, "1"])
        for name in "隐", "旁":
            book.add_worksheet(f"{name}{RESIDENT}").write(0, 0, "x")
        book.get_worksheet_by_name(f"隐{RESIDENT}").hide()
    outcome = examine_bytes(tmp_path, content.getvalue(), "x.xlsx")
    told = str([outcome.checked.file_issues.to_pylist(), outcome.evidence, outcome.checked.sheet])
    assert {"hidden_sheet", "other_sheet", "unknown_column"} <= set(outcome.codes)
    assert told.count(f"{RESIDENT[:3]}*************{RESIDENT[-2:]}") >= 5
    assert RESIDENT not in told

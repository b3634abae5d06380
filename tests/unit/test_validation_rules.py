"""Each rule that no pitfall shows: the row it is broken in, the field it is told on, what becomes of it."""

import csv
import json
import re
import shutil
from datetime import date
from pathlib import Path

import pytest
import yaml

from conduct_records.contracts.book import load_contracts
from conduct_records.settings import SCHEMAS
from tests.submissions import BOOK, SAMPLES, as_csv, examine_bytes, examine_rows, penalty, table

PLAN = "more/2019-02-03/420600/失信案例核查计划.csv"


@pytest.mark.parametrize(
    ("change", "field", "issue"),
    [
        ({"行政相对人名称": "样" * 201}, "party_name", "too_long"),
        ({"罚款金额": "-0.2", "处罚内容": "罚款"}, "fine_yuan", "number_range"),
        ({"处罚内容": "罚款3000元"}, "fine_yuan", "amount_disagrees"),
        ({"行政相对人代码_3": "D2143569X"}, "party_org_code", "code_disagreement"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_broken_rule_is_told_on_its_field_and_its_severity_decides(tmp_path, change, field, issue):
    outcome = examine_rows(tmp_path, penalty(**change))
    assert outcome.issues == [(2, field, issue)]
    is_error = BOOK.issues[issue].severity == "error"
    assert outcome.counts == (int(not is_error), int(is_error), 0, 0)


def test_a_complex_case_has_no_institution(tmp_path):
    outcome = examine_rows(tmp_path, sample(PLAN) | {"案情类型": "complex"}, day=date(2019, 2, 3))
    assert outcome.issues == [(2, "service_institution_name", "absent_when")]
    assert outcome.counts == (0, 1, 0, 0)


def sample(name: str, encoding: str = "utf-8-sig") -> dict[str, str]:
    """The first row of a sample, by its headers."""
    (path,) = SAMPLES.rglob(name)
    return next(csv.DictReader(path.read_text(encoding=encoding).splitlines()))


@pytest.mark.parametrize(
    ("ruling", "correction", "agrees"),
    [
        ("异议成立", "维持", False),
        ("部分成立", "维持", False),
        ("异议不成立", "撤下", False),
        ("异议不成立", "维持", True),
    ],
)
def test_a_ruling_that_contradicts_what_it_orders_goes_back(tmp_path, ruling, correction, agrees):
    """G1: an objection that is upheld corrects or withdraws; one that is not leaves the record."""
    told = sample("信用信息异议处理结果.csv", "gb18030") | {"处理结论": ruling, "处理方式": correction}
    outcome = examine_rows(tmp_path, told, day=date(2019, 2, 1))
    assert outcome.issues == ([] if agrees else [(2, "correction_code", "codes_disagree")])


def test_a_ruling_finds_its_objection_whichever_brackets_its_number_has(tmp_path):
    """G1: the objection's clerk and the ruling's are seldom one."""
    told = [
        sample("信用信息异议处理结果.csv", "gb18030") | {"异议编号": number}
        for number in ("样异[2019]1号", "样异（2019）1号")
    ]
    outcomes = [examine_rows(tmp_path, row, day=date(2019, 2, 1)) for row in told]
    assert {row["objection_no"] for outcome in outcomes for row in outcome.evidence} == {"样异〔2019〕1号"}


def test_one_document_may_remove_an_enterprise_from_two_lists(tmp_path):
    """F1: it stays listed for what its decision does not name."""
    removal = sample("严重失信主体名单决定.csv") | {"认定文书文号": "样例移1", "列入移出": "移出"}
    rows = [removal | {"列入文书文号": number} for number in ("样例列1", "样例列2")]
    assert examine_rows(tmp_path, *rows, day=date(2019, 2, 3)).counts == (2, 0, 0, 0)


def test_a_region_that_is_no_code_is_a_warning(tmp_path):
    row = {
        "行政相对人名称": "襄阳样例食品有限公司",
        "行政处罚决定书文号": "样例罚〔2017〕1号",
        "处罚名称": "样例",
        "处罚类别1": "警告",
        "处罚事由": "样例",
        "处罚依据": "样例",
        "处罚结果": "警告",
        "处罚决定日期": "2017-05-07",
        "处罚机关": "襄阳市工商局",
        "当前状态": "0",
        "地方编码": "襄阳",
    }
    outcome = examine_rows(tmp_path, row)
    assert outcome.issues == [(2, "region_code", "region_format")]
    assert outcome.counts == (1, 0, 0, 0)


@pytest.mark.parametrize("line", ['{"a": 1, "a": 2}', '["a"]', '{"a": '])
def test_a_line_that_is_no_object_is_quarantined_alone(tmp_path, line):
    good = json.dumps(penalty(), ensure_ascii=False)
    outcome = examine_bytes(tmp_path, f"{good}\n{line}\n".encode(), "x.jsonl")
    assert outcome.issues == [(2, None, "bad_line")]
    assert outcome.counts == (1, 1, 0, 0)


def test_headers_that_fit_two_kinds_refuse_and_a_stated_kind_decides(tmp_path):
    shutil.copytree(SCHEMAS, tmp_path / "schemas")
    one = yaml.safe_load((SCHEMAS / "submissions" / "penalty_decision.yaml").read_text(encoding="utf-8"))
    other = one | {"id": "penalty_copy"}
    path = tmp_path / "schemas" / "submissions" / "penalty_copy.yaml"
    path.write_text(yaml.safe_dump(other, allow_unicode=True), encoding="utf-8")
    book = load_contracts(tmp_path / "schemas")
    content = as_csv(table(penalty()))
    assert examine_bytes(tmp_path, content, book=book).refusal == "ambiguous_template"
    assert examine_bytes(tmp_path, content, book=book, kind="penalty_copy").counts == (1, 0, 0, 0)


def test_every_issue_of_the_catalogue_is_shown_by_a_test():
    """A code that no test names may never be raised, or be raised of anything."""
    tests = Path(__file__).parents[1]
    found = "\n".join(
        path.read_text(encoding="utf-8") for ending in ("py", "yaml") for path in tests.rglob(f"*.{ending}")
    )
    story = (SAMPLES / "story.yaml").read_text(encoding="utf-8")
    assert [code for code in BOOK.issues if not re.search(rf"\b{code}\b", found + story)] == []

"""Declarations: what they may say, and that a broken one disables only its kind."""

import csv
import json
import shutil
from datetime import date
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft201909Validator
from pydantic import ValidationError

from conduct_records.contracts.book import load_contracts
from conduct_records.contracts.codes import read_code_list
from conduct_records.contracts.model import Contract
from conduct_records.intake.headers import canonical
from conduct_records.settings import SCHEMAS
from tests.submissions import BOOK, SAMPLES, examine

STANDARD = json.loads((Path(__file__).parents[1] / "odcs" / "odcs-json-schema-v3.1.0.json").read_text())


@pytest.fixture
def schemas(tmp_path):
    shutil.copytree(SCHEMAS, tmp_path / "schemas")
    return tmp_path / "schemas"


def declared(kind="objection"):
    return yaml.safe_load((SCHEMAS / "submissions" / f"{kind}.yaml").read_text(encoding="utf-8"))


def test_every_contract_of_the_project_is_sound():
    assert BOOK.broken == {}
    assert {"penalty_decision", "registry_extract", "objection_ruling"} <= set(BOOK.contracts)


@pytest.mark.parametrize("path", sorted((SCHEMAS / "submissions").glob("*.yaml")), ids=lambda path: path.stem)
def test_every_contract_follows_the_open_data_contract_standard(path):
    Draft201909Validator(STANDARD).validate(yaml.safe_load(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("kind", sorted(BOOK.contracts))
def test_headers_of_a_template_are_told_apart(kind):
    contract = BOOK.contracts[kind]
    for template in contract.use.templates:
        owners = {}
        for name in template.columns:
            for header in template.columns[name] or (contract.fields[name].label,):
                plain = canonical(header, BOOK.vocabulary.header_marks)
                assert owners.setdefault(plain, name) == name, header


def test_an_unknown_key_is_an_error():
    content = declared() | {"owner": "somebody"}
    with pytest.raises(ValidationError, match="owner"):
        Contract.model_validate(content)


def test_a_date_format_that_nobody_declared_disables_its_kind(schemas):
    content = declared()
    dated = next(one for one in content["schema"][0]["properties"] if one["logicalType"] == "date")
    dated.setdefault("customProperties", []).append({"property": "dateFormats", "value": ["dash", "roman"]})
    (schemas / "submissions" / "objection.yaml").write_text(yaml.safe_dump(content, allow_unicode=True))
    book = load_contracts(schemas)
    assert book.broken == {"objection": f"{dated['name']}: no date format roman"}


def test_a_rule_whose_words_nobody_declared_disables_its_kind(schemas):
    content = declared()
    rules = next(p for p in content["schema"][0]["customProperties"] if p["property"] == "rules")
    rules["value"].append({"rule": "never_says", "field": rules["value"][0]["field"], "issue": "unheard"})
    (schemas / "submissions" / "objection.yaml").write_text(yaml.safe_dump(content, allow_unicode=True))
    assert load_contracts(schemas).broken == {"objection": "never_says: no words for unheard"}


def test_a_rule_about_no_field_is_an_error():
    content = declared()
    rules = next(p for p in content["schema"][0]["customProperties"] if p["property"] == "rules")
    rules["value"].append({"rule": "not_future", "field": "nowhere"})
    with pytest.raises(ValidationError, match="nowhere"):
        Contract.model_validate(content)


def test_a_broken_contract_disables_only_its_kind(schemas):
    (schemas / "submissions" / "objection.yaml").write_text("id: [", encoding="utf-8")
    book = load_contracts(schemas)
    assert set(book.broken) == {"objection"}
    assert set(book.contracts) == set(BOOK.contracts) - {"objection"}


def test_files_of_a_broken_kind_are_not_called_strangers_and_the_others_go_on(schemas):
    (schemas / "submissions" / "objection.yaml").write_text("id: [", encoding="utf-8")
    book = load_contracts(schemas)
    outcome = examine(SAMPLES / "inbox" / "2019-01-31" / "HB-DRC" / "信用信息异议申请.jsonl", book=book)
    [told] = outcome.checked.file_issues.to_pylist()
    assert (told["issue_code"], told["responsibility"]) == ("broken_contract", "centre")
    assert "objection" in told["message"]
    other = examine(SAMPLES / "inbox" / "2019-02-01" / "420500" / "信用承诺.csv", book=book)
    assert (other.refusal, len(other.evidence)) == (None, 1)


def test_a_code_list_that_does_not_exist_breaks_its_kind(schemas):
    path = schemas / "submissions" / "objection.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("list: objection_scope", "list: none"), encoding="utf-8"
    )
    assert "none" in load_contracts(schemas).broken["objection"]


def test_the_version_follows_the_declarations(schemas):
    assert load_contracts(schemas).version == BOOK.version
    path = schemas / "codes" / "verdict.csv"
    path.write_text(path.read_text(encoding="utf-8") + "unclear,不清,4\n", encoding="utf-8")
    load_contracts.cache_clear()
    assert load_contracts(schemas).version != BOOK.version


def test_one_text_means_one_code(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("code,label,aliases\na,甲,1\nb,乙,1\n", encoding="utf-8")
    with pytest.raises(ValueError, match="two codes"):
        read_code_list(path)


def test_every_issue_that_contracts_name_is_in_the_catalogue():
    for contract in BOOK.contracts.values():
        assert {rule.issue for rule in contract.use.rules} <= set(BOOK.issues)


def entitlements():
    path = SCHEMAS / "codes" / "entitlement.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return [tuple(row.values()) for row in csv.DictReader(file)]


def test_who_may_submit_what_names_known_holders_and_every_kind():
    rows = entitlements()
    assert len(set(rows)) == len(rows)
    assert {holder for holder, *_ in rows} == set(BOOK.holders)
    assert {kind for _, kind, *_ in rows} == set(BOOK.contracts)
    periods = [(begin or "0001-01-01", end or "9999-12-31") for *_, begin, end in rows]
    assert all(date.fromisoformat(begin) <= date.fromisoformat(end) for begin, end in periods)


def test_a_citys_conclusion_goes_through_its_provincial_department():
    """What makes a record beyond its own penalties comes from a department of the province (B1)."""
    provincial = {kind for holder, kind, *_ in entitlements() if not holder.startswith("42")}
    of_cities = {kind for holder, kind, *_ in entitlements() if holder.startswith("42")}
    assert {"recognition", "list_decision", "registry_extract"} <= provincial - of_cities
    assert all(region == holder for holder, _, region, *_ in entitlements() if holder.startswith("42"))

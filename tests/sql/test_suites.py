"""Great Expectations in the run: the rule columns of what came in, the suite's result and its pages."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg
import pytest

from conduct_records.intake.inbox import Lane
from conduct_records.settings import Settings
from conduct_records.validation.suite import SuiteResult
from conduct_records.warehouse.ingest import ingest
from conduct_records.warehouse.suites import run_suites
from tests.databases import Databases
from tests.submissions import SAMPLES

DAYS = [date(2019, 1, 28), date(2019, 1, 29)]
NOW = datetime(2019, 1, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def settings(
    databases: Databases, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Settings]:
    """Two dates of the sample inbox, ingested."""
    state = str(tmp_path_factory.mktemp("suites"))
    with databases.lent(template, "suites") as url:
        settings = Settings(
            {"WAREHOUSE_URL": url, "PERSON_TOKEN_KEY": "k" * 40, "CONDUCT_RECORDS_STATE": state}
        )
        for day in DAYS:
            for path in sorted((SAMPLES / "inbox" / day.isoformat()).glob("*/*.*")):
                ingest(Lane(str(path), path.parent.name, day, path.name, 0, path.name), NOW, settings)
        yield settings


@pytest.fixture(scope="module")
def results(settings: Settings) -> list[SuiteResult]:
    """What the suites found; their pages lie in `docs`."""
    return run_suites(DAYS, NOW, settings)


@pytest.fixture
def docs(settings: Settings) -> Path:
    return settings.state / "data_docs" / "submissions"


def test_the_suite_of_each_kind_says_what_the_rules_say(
    settings: Settings, results: list[SuiteResult]
) -> None:
    with psycopg.connect(settings.warehouse_url) as connection:
        found = connection.execute(
            "select data_date, counts ->> 'suite', (counts ->> 'row_count')::int, counts -> 'failing'"
            " from ops.run where flow = 'submission_suite' order by 1, 2"
        ).fetchall()
        issues = dict(
            connection.execute(
                "select coalesce(field, '') || '__' || issue_code, count(*) from ops.issue as i"
                " inner join landing.file as f using (file_id)"
                " where f.data_date = %s and f.kind = 'penalty_decision' and row_no is not null group by 1",
                [DAYS[1]],
            ).fetchall()
        )
    suites = [(day, suite) for day, suite, *_ in found]
    assert {(DAYS[0], "penalty_decision_2018"), (DAYS[0], "registry_extract_2018")} < set(suites)
    assert len(set(suites)) == len(suites)
    assert [rows for _, _, rows, _ in found] == [one.row_count for one in results]
    assert found[suites.index((DAYS[0], "registry_extract_2018"))][3] == {}
    failing = found[suites.index((DAYS[1], "penalty_decision_2018"))][3]
    assert len(failing) > 20
    assert failing == {rule: issues[rule] for rule in failing}


def test_a_second_run_of_the_suites_replaces_the_first(
    settings: Settings, results: list[SuiteResult], docs: Path
) -> None:
    assert run_suites(DAYS, NOW, settings) == results
    pages = list((docs / "2019-01-28" / results[0].suite / "validations").rglob("*.html"))
    assert len(pages) == 1


def test_data_docs_fetch_nothing_from_elsewhere(results: list[SuiteResult], docs: Path) -> None:
    index = (docs / "index.html").read_text(encoding="utf-8")
    for page in re.findall(r'href="([^"]+)"', index):
        text = (docs / page).read_text(encoding="utf-8")
        assert not re.findall(r"<(?:script|link|img)[^>]*https:[^>]*>", text)
        assert "<style>" in text
    assert index.count("<td>2019-01-2") == len(results) > 2

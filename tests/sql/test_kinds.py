"""Each kind: its table holds what its contract declares, and its rows reach the fold."""

from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest

from conduct_records.intake.inbox import Lane
from conduct_records.records.build import build
from conduct_records.settings import Settings
from conduct_records.warehouse.ingest import ingest
from tests.submissions import BOOK, SAMPLES

ACTS = {
    "repair_training": ["training"],
    "supervision_action": ["supervision"],
    "joint_punishment": ["punishment"],
    "reorganisation_shield": ["shielding"],
    "list_decision": ["listing"],
    "administrative_licence": ["licence"],
    "abnormal_operation": ["abnormality"],
    "intellectual_property": ["intellectual_property"],
    "qualification": ["qualification"],
}

TYPES = {"string": "text", "date": "date", "number": "numeric", "integer": "integer", "boolean": "boolean"}
COMMON = {
    "file_id": "text",
    "row_no": "bigint",
    "data_date": "date",
    "business_key": "text",
    "original": "jsonb",
    "extra": "jsonb",
    "known_at": "timestamp with time zone",
}
COLUMNS = """
    select table_name, array_agg((column_name || ' ' || data_type)::text order by ordinal_position)
    from information_schema.columns where table_schema = 'evidence' group by table_name
"""


@pytest.fixture(scope="module")
def tables(databases, template):
    """Each table and view of the schema with its columns."""
    with databases.lent(template, "kinds") as url, psycopg.connect(url) as connection:
        return dict(connection.execute(COLUMNS).fetchall())


@pytest.mark.parametrize("kind", sorted(BOOK.contracts))
def test_the_table_holds_what_the_contract_declares(tables, kind):
    fields = {name: TYPES[field.type] for name, field in BOOK.contracts[kind].fields.items()}
    assert tables[kind] == [f"{name} {type_}" for name, type_ in (COMMON | fields).items()]


def test_every_kind_has_the_same_view_for_the_fold(tables):
    assert len({tuple(tables[f"{kind}_claim"]) for kind in BOOK.contracts}) == 1


def test_a_sample_of_each_kind_reaches_evidence_and_the_fold(warehouse, tmp_path):
    """The kinds beside the story, over the story's register and decisions: what each does (B1, D5)."""
    given = {
        "WAREHOUSE_URL": warehouse,
        "PERSON_TOKEN_KEY": "k" * 40,
        "CONDUCT_RECORDS_STATE": str(tmp_path),
    }
    settings, now = Settings(given), datetime(2019, 2, 4, tzinfo=UTC)
    files = [*sorted(SAMPLES.glob("inbox/2019-01-28/*/*.*")), *sorted(SAMPLES.glob("more/*/*/*.*"))]
    for path in files:
        on = date.fromisoformat(path.parent.parent.name)
        done = ingest(Lane(str(path), path.parent.name, on, path.name, 0, path.name), now, settings)
        assert done.is_clean, path
    first = build(date(2019, 2, 3), now, settings)
    with psycopg.connect(warehouse) as connection:
        acts = dict(connection.execute("select kind, array_agg(distinct act) from core.claim group by 1"))
        [(institutions,)] = connection.execute("select count(*) from evidence.service_institution").fetchall()
        shielded = connection.execute(
            "select document_no, state_document_no from core.record where state = 'shielded'"
        ).fetchall()
        entitled = connection.execute(
            "select count(*) from ops.issue where issue_code = 'authority_not_entitled'"
        ).fetchone()
    assert {kind: acts[kind] for kind in ACTS} == ACTS
    assert institutions == 2
    assert shielded == [("样例鄂市监罚〔2018〕2号", "样例〔2019〕鄂破1号")]
    assert entitled == (0,)
    assert build(date(2019, 2, 3), now + timedelta(minutes=1), settings, full=True).digest == first.digest

"""Each kind: its table holds what its contract declares, and its rows reach the fold."""

import psycopg
import pytest

from tests.submissions import BOOK

TYPES = {"string": "text", "date": "date", "number": "numeric", "integer": "integer", "boolean": "boolean"}
BEFORE = {"file_id": "text", "row_no": "bigint", "data_date": "date", "business_key": "text"}
AFTER = {"original": "jsonb", "extra": "jsonb", "known_at": "timestamp with time zone"}
COLUMNS = """
    select column_name, data_type from information_schema.columns
    where table_schema = 'evidence' and table_name = %s order by ordinal_position
"""


@pytest.fixture(scope="module")
def connection(server, template):
    with psycopg.connect(server.url(template)) as connected:
        yield connected


@pytest.mark.parametrize("kind", sorted(BOOK.contracts))
def test_the_table_holds_what_the_contract_declares(connection, kind):
    fields = {name: TYPES[field.type] for name, field in BOOK.contracts[kind].fields.items()}
    assert dict(connection.execute(COLUMNS, [kind]).fetchall()) == BEFORE | fields | AFTER


def test_every_kind_has_the_same_view_for_the_fold(connection):
    shapes = {tuple(connection.execute(COLUMNS, [f"{kind}_claim"]).fetchall()) for kind in BOOK.contracts}
    assert len(shapes) == 1

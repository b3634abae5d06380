"""The dictionary, its page and the statements of the marts say the same."""

from __future__ import annotations

from conduct_records.contracts.dictionary import mart_tables, page
from conduct_records.settings import ROOT, SQL


def test_the_page_is_made_from_the_dictionary() -> None:
    assert (ROOT / "docs" / "dictionary.md").read_text(encoding="utf-8") == page(), "run `make dictionary`"


def test_every_table_that_is_published_has_its_statement_and_bounds() -> None:
    statements = {path.stem for path in (SQL / "marts").glob("*.sql")} - {"publish", "version", "cover"}
    stated = {name for name, table in mart_tables().items() if table.scope and not table.of}
    assert statements == stated
    for name, table in mart_tables().items():
        assert (table.scope is None) == (table.rows is None), name


def test_a_rollup_sums_columns_that_its_table_has() -> None:
    tables = mart_tables()
    for table in tables.values():
        if table.of:
            assert {each.name for each in table.columns} <= {each.name for each in tables[table.of].columns}


def test_keys_are_columns_and_rates_are_no_sums() -> None:
    for table in mart_tables().values():
        names = [each.name for each in table.columns]
        assert set(table.key) <= set(names)
        assert len(names) == len(set(names))
        assert not {name for name in table.measures if name.endswith("_rate")}

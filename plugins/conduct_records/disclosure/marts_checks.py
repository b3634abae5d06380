"""What must hold before readers see a new version of the marts: a Great Expectations checkpoint over SQL.

It reads what the publishing transaction has written and not committed, so GX is given that very connection.
GX costs seconds to import: only the functions here import it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from conduct_records.contracts.dictionary import mart_bounds, mart_tables
from conduct_records.validation.data_docs import gx_context, write_docs
from conduct_records.warehouse.connection import Connection
from conduct_records.warehouse.statements import statement

SUITE = "marts"
ROWS = "max(f.row_count) filter (where f.table_name = {name})"


class BoundViolated(RuntimeError):
    """A check on the new version failed: readers keep the last good one."""


class HeldConnection:
    """The publisher's connection as SQLAlchemy may use it: it can't commit, roll back or close it."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def commit(self) -> None:
        """Leave the transaction to the publisher."""

    rollback = close = commit


def check_marts(connection: Connection, docs: Path | None) -> list[str]:
    """Check the version that this transaction has built; returns what only warns.

    Data Docs go to `docs`, none where it is None. Bounds come from include/schemas/marts.yaml: fewer
    rows than a table's minimum abort, more than its maximum warn.

    Source: requirement I1; architecture decision 11.

    Raises:
        BoundViolated: the message names each violated check.
    """
    failed = _failed(connection, docs)
    critical = [said for severity, said in failed if severity == "critical"]
    if critical:
        raise BoundViolated("; ".join(critical))
    return [said for _, said in failed]


def _query(connection: Connection) -> str:
    """One row: the number of rows of each table, then what checks/marts.sql counts."""
    counts = [
        sql.SQL("coalesce(" + ROWS + ", 0) as {column}").format(
            name=sql.Literal(name), column=sql.Identifier(name)
        )
        for name, table in mart_tables().items()
        if table.rows
    ]
    query = sql.SQL("select {counts}, c.* from marts.freshness as f, ({checks}) as c group by {all}").format(
        counts=sql.SQL(", ").join(counts),
        checks=sql.SQL(statement("checks/marts")),
        all=sql.SQL(", ").join(sql.Identifier("c", name) for name in mart_bounds()),
    )
    return query.as_string(connection)


def _failed(connection: Connection, docs: Path | None) -> list[tuple[str, str]]:
    """(severity, what was found) for each violated bound."""
    context = gx_context(docs)
    result = _checkpoint(context, connection).run()
    if docs is not None:
        write_docs(context, docs)
    failed = []
    for one in next(iter(result.run_results.values())).results:
        config = one.expectation_config
        if one.exception_info.get("raised_exception"):
            raise RuntimeError(f"GX could not check {config.kwargs.get('column')}")
        if not one.success:
            (value,) = one.result["partial_unexpected_list"]
            failed.append(_judged(config.kwargs, str(config.severity.value), value))
    return failed


def _judged(bound: dict[str, Any], severity: str, value: int) -> tuple[str, str]:
    """Fewer than the minimum is critical, more than the maximum is as severe as declared."""
    if bound.get("min_value") is not None and value < bound["min_value"]:
        return "critical", f"{bound['column']}: {value}, wanted at least {bound['min_value']:g}"
    return severity, f"{bound['column']}: {value}, wanted at most {bound['max_value']:g}"


def _checkpoint(context: Any, connection: Connection) -> Any:
    import great_expectations as gx
    from sqlalchemy.pool import StaticPool

    held = HeldConnection(connection)
    source = context.data_sources.add_postgres(
        name=SUITE,
        connection_string="postgresql+psycopg://held@localhost/marts",  # never dialled
        create_temp_table=False,
        kwargs={"creator": lambda: held, "poolclass": StaticPool, "use_native_hstore": False},
    )
    batch = source.add_query_asset(SUITE, query=_query(connection)).add_batch_definition_whole_table(SUITE)
    suite = context.suites.add(_suite(gx))
    definition = gx.ValidationDefinition(name=SUITE, data=batch, suite=suite)
    context.validation_definitions.add(definition)
    return context.checkpoints.add(gx.Checkpoint(name=SUITE, validation_definitions=[definition]))


def _suite(gx: Any) -> Any:
    suite = gx.ExpectationSuite(name=SUITE)
    between = gx.expectations.ExpectColumnValuesToBeBetween
    for name, table in mart_tables().items():
        if table.rows:
            bounds = {"min_value": table.rows["min"], "max_value": table.rows["max"]}
            suite.add_expectation(between(column=name, **bounds, severity="warning"))
    for name, bound in mart_bounds().items():
        suite.add_expectation(between(column=name, max_value=bound["max"], severity=bound["severity"]))
    return suite

"""Brings one mart table to its source, and the table that sums it up by the difference alone."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from psycopg import sql

from conduct_records.contracts.dictionary import MartTable, mart_tables
from conduct_records.warehouse.connection import Connection
from conduct_records.warehouse.statements import statement


@dataclass(frozen=True)
class Change:
    """Rows written and removed (an updated row is both), and what they add to count and checksum."""

    added: int = 0
    removed: int = 0
    checksum: Decimal = Decimal(0)
    rows: int = 0

    @property
    def is_change(self) -> bool:
        """Whether anything was written."""
        return bool(self.added or self.removed or self.rows or self.checksum)


def write(connection: Connection, table: MartTable, values: dict[str, Any]) -> Change:
    """Remove what the source no longer says, then add what is missing.

    `values` holds the binds of the source statement. Cost follows the rows that the source covers.
    """
    connection.execute(_composed(table, "stage"), values)
    removed, minus = _written(connection, _composed(table, "remove", sign=-1))
    added, plus = _written(connection, _composed(table, "add"))
    connection.execute(_composed(table, "clear"))
    return Change(added, -removed, plus + minus, added + removed)


def recount(connection: Connection, table: MartTable) -> Change:
    """Count a rollup anew after its facts changed it, without the groups that became empty."""
    name, measure = sql.Identifier("marts", table.name), sql.Identifier(table.measures[0])
    connection.execute(sql.SQL(statement("marts/publish#emptied")).format(table=name, measure=measure))
    found = connection.execute(sql.SQL(statement("marts/publish#recount")).format(table=name)).fetchone()
    held = connection.execute(statement("marts/version#held"), {"table_name": table.name}).fetchone()
    rows, checksum = found or (0, Decimal(0))
    old_rows, old_checksum = held or (0, Decimal(0))
    return Change(max(rows - old_rows, 0), max(old_rows - rows, 0), checksum - old_checksum, rows - old_rows)


def _written(connection: Connection, query: sql.Composed) -> tuple[int, Decimal]:
    row = connection.execute(query).fetchone()
    return (int(row[0]), Decimal(row[1])) if row else (0, Decimal(0))


def _composed(table: MartTable, section: str, sign: int = 1) -> sql.Composed:
    same = [sql.SQL("w.{0} = t.{0}").format(sql.Identifier(key)) for key in table.key]
    return sql.SQL(statement(f"marts/publish#{section}")).format(
        source=sql.SQL(statement(f"marts/{table.name}")),
        table=sql.Identifier("marts", table.name),
        next=sql.Identifier("marts_next", table.name),
        columns=sql.SQL(", ").join(sql.Identifier(each.name) for each in table.columns),
        key=sql.SQL(", ").join(sql.Identifier(key) for key in table.key),
        same_key=sql.SQL(" and ").join(same),
        within=sql.SQL("true" if table.is_whole else statement(f"marts/publish#within_{table.scope}")),
        keep=sql.SQL("").join(_keep(each, sign) for each in mart_tables().values() if each.of == table.name),
        months=_months(table),
    )


def _months(table: MartTable) -> sql.Composable:
    """What notes the months in which rows of `table` changed; empty where no month counts them."""
    if not table.months:
        return sql.SQL("")
    dates = sql.SQL(", ").join(sql.Identifier("c", each) for each in table.months)
    return sql.SQL(statement("marts/publish#months")).format(dates=dates)


def _keep(total: MartTable, sign: int) -> sql.Composed:
    """What adds the change of a table to one that sums it up."""
    add = sql.SQL("{0} = held.{0} + excluded.{0}")
    value = sql.SQL("coalesce(sum({0}), 0)" if sign > 0 else "coalesce(-sum({0}), 0)")
    measures = [sql.Identifier(each) for each in total.measures]
    return sql.SQL(statement("marts/publish#keep")).format(
        name=sql.Identifier(f"kept_{total.name}"),
        total=sql.Identifier("marts", total.name),
        keys=sql.SQL(", ").join(sql.Identifier(each) for each in total.key),
        measures=sql.SQL(", ").join(measures),
        sums=sql.SQL(", ").join(value.format(each) for each in measures),
        added=sql.SQL(", ").join(add.format(each) for each in measures),
    )

"""Spreads the warehouse over the workers of a Citus coordinator; elsewhere there is nothing to do."""

from __future__ import annotations

from conduct_records.warehouse.connection import Connection
from conduct_records.warehouse.statements import statement

# Shard by shard: this very transaction may have made the table. A plain server makes nothing of it.
ONE_BY_ONE = "set local citus.multi_shard_modify_mode to 'sequential'"


def distribute(connection: Connection) -> list[str]:
    """Spread what is not spread yet; returns the names of the tables. Source: requirement J2; decision 2.

    Which table is spread by what, and why the rest is not, stands in include/sql/distribute.sql.
    """
    if not is_coordinator(connection):
        return []
    for (alter,) in connection.execute(statement("distribute#roles"), {}).fetchall():
        connection.execute(alter)
    connection.execute(statement("distribute#reference"))
    wanted = connection.execute(statement("distribute#spread"), {}).fetchall()
    for table, column, colocate_with in wanted:
        values = {"table_name": table, "column_name": column, "colocate_with": colocate_with}
        connection.execute(statement("distribute#one"), values)
    return [table for table, *_ in wanted]


def distribute_functions(connection: Connection) -> None:
    """Bring the functions, views' included, to the workers, and there the rights behind the gate's views."""
    if is_coordinator(connection):
        connection.execute(statement("distribute#functions"))
        connection.execute(statement("distribute#behind_the_gate"))


def is_coordinator(connection: Connection) -> bool:
    """Whether this database is one of a Citus coordinator."""
    return connection.execute(statement("distribute#is_coordinator")).fetchone() == (True,)

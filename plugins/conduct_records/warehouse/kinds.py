"""What the warehouse has for each submission kind: its evidence table, and the views over evidence."""

from __future__ import annotations

from typing import Any

from psycopg import sql

from conduct_records.contracts.book import load_contracts
from conduct_records.contracts.model import Contract
from conduct_records.settings import SQL
from conduct_records.warehouse.connection import Connection
from conduct_records.warehouse.statements import statement

TYPES = {
    "string": "text",
    "date": "date",
    "number": "numeric(18, 2)",
    "integer": "integer",
    "boolean": "boolean",
}


def define_tables(connection: Connection) -> None:
    """The evidence table of each kind; one that stands gets the fields that its contract has gained."""
    contracts = load_contracts().contracts
    for kind in contracts:
        connection.execute(_filled("create", table=_table(kind)))
    known: dict[str, list[str]] = dict(connection.execute(statement("evidence_table#columns")).fetchall())
    for kind, contract in contracts.items():
        _add_fields(connection, contract, known[kind])
        _describe(connection, contract)


def define_views(connection: Connection) -> None:
    """evidence.<kind>_claim, what the fold takes of each kind, and evidence.accepted_row over all kinds.

    A kind without a file in evidence/ is about no subject.
    """
    kinds = list(load_contracts().contracts)
    for kind in kinds:
        own = f"evidence/{kind}"
        claim = statement(own) if (SQL / f"{own}.sql").exists() else "select"
        view = sql.Identifier("evidence", f"{kind}_claim")
        text = sql.SQL(statement("claim_view"))
        connection.execute(text.format(view=view, table=_table(kind), claim=sql.SQL(claim)))
    one = sql.SQL(statement("accepted_row#kind"))
    every = [one.format(kind=sql.Literal(kind), table=_table(kind)) for kind in kinds]
    text = sql.SQL(statement("accepted_row#view"))
    connection.execute(text.format(kinds=sql.SQL("union all ").join(every)))


def _add_fields(connection: Connection, contract: Contract, known: list[str]) -> None:
    new = [
        _filled("field", field=sql.Identifier(field.name), type=sql.SQL(TYPES[field.type]))
        for field in contract.fields.values()
        if field.name not in known
    ]
    if new:
        fields = sql.SQL(", ").join(new)
        connection.execute(_filled("add", table=_table(contract.id), fields=fields))


def _describe(connection: Connection, contract: Contract) -> None:
    purpose = sql.Literal(f"{contract.object.label}: {contract.description['purpose']}")
    texts = [_filled("purpose", table=_table(contract.id), label=purpose)]
    for field in contract.fields.values():
        place = sql.Identifier("evidence", contract.id, field.name)
        texts.append(_filled("label", field=place, label=sql.Literal(field.label)))
    connection.execute(sql.SQL("").join(texts))


def _table(kind: str) -> sql.Identifier:
    return sql.Identifier("evidence", kind)


def _filled(section: str, **parts: Any) -> sql.Composed:
    return sql.SQL(statement(f"evidence_table#{section}")).format(**parts)

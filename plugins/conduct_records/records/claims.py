"""Evidence under its subject: new files are claimed, then claims move to where registers or people say."""

from __future__ import annotations

from typing import Any

from psycopg import sql

from conduct_records.records.change import write_changed
from conduct_records.records.matching import propose_matches
from conduct_records.warehouse.connection import Connection
from conduct_records.warehouse.statements import statement

Values = dict[str, Any]
MOVES = ("move#find", "move#copy", "touched#moved", "move#drop", "move#forget")
DOUBTS = (
    *("rival#clear", "rival#find", "rival#touch"),
    *("unplaced#clear", "unplaced#find", "unplaced#touch"),
)


def claim_evidence(connection: Connection, values: Values) -> None:
    """Claim every file that stands and is not claimed yet, let go of those that stand no more.

    `values` holds run_id, known_at, valid_on and last_valid_on. Touches their subjects.
    Source: requirements B7, B8, D2.
    """
    gone = superseded_files(connection)
    connection.execute(statement("core/touched#forget"))
    for step in ("touch", "drop", "settle", "forget"):
        connection.execute(statement(f"core/superseded#{step}"), values | gone)
    kinds = waiting_kinds(connection)
    count_grown(connection, [f"evidence.{kind}" for kind in kinds])
    for kind in kinds:
        view = sql.Identifier("evidence", f"{kind}_claim")
        connection.execute(sql.SQL(statement("core/claim")).format(view=view), values | {"kind": kind})
    count_grown(connection, ["core.claim"])
    connection.execute(statement("core/touched#claimed"), values)
    connection.execute(statement("core/touched#recognised"), values)
    connection.execute(statement("core/touched#due"), values)
    connection.execute(statement("core/touched#rekeyed"), values)
    connection.execute(statement("core/waiting_file#mark"), values)
    connection.execute(statement("core/touched#count"))


def superseded_files(connection: Connection) -> Values:
    """Which files are claimed and stand no more, as the statements of core/superseded take them."""
    rows = connection.execute(statement("core/superseded#files")).fetchall()
    return {"file_ids": [file_id for (file_id,) in rows]}


def waiting_kinds(connection: Connection) -> list[str]:
    """Kinds of which files stand that no build has claimed."""
    return [kind for (kind,) in connection.execute(statement("core/waiting_file#kinds")).fetchall()]


def count_grown(connection: Connection, tables: list[str]) -> None:
    """Have the planner count the rows of these tables where a build made them much longer."""
    connection.execute(statement("core/touched#count_grown"), {"tables": tables})


def settle_subjects(connection: Connection, values: Values) -> None:
    """Name the touched subjects, move claims to where they belong, propose what only people may decide.

    Doubts go by the names that subjects bear after the move. Source: requirement D2, invariant I9.
    """
    _name_subjects(connection, values | {"only_moved": False, "reason": None})
    for step in MOVES:
        connection.execute(statement(f"core/{step}"), values)
    _name_subjects(connection, values | {"only_moved": True, "reason": "moved"})
    for step in DOUBTS:
        connection.execute(statement(f"core/{step}"), values | {"reason": None})
    for step in ("rival#find", "touched#count", "digest#take_out"):
        connection.execute(statement(f"core/{step}"), values | {"reason": "doubted"})
    propose_matches(connection, values)


def _name_subjects(connection: Connection, values: Values) -> None:
    connection.execute(statement("core/digest#take_out"), values)
    for step in ("identify", "name", "renamed"):
        connection.execute(statement(f"core/subject#{step}"), values)
    for table in ("subject", "subject_identifier"):
        write_changed(connection, table, values)

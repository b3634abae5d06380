"""Makes a built warehouse many times as large, table by table, for bench/build.py.

What is copied is what a day reads and writes: derived rows under other subjects and documents, with the keys
and hashes that the fold gives their evidence. Tables are filled without indexes, two at a time.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from conduct_records.warehouse.statements import sections

STATEMENTS = sections(Path(__file__).with_name("build.sql").read_text(encoding="utf-8"))
LANES = (
    ("core.claim", "core.standing_claim"),
    (
        "core.record",
        "core.record_version",
        "ops.issue",
        "core.subject",
        "core.subject_identifier",
        "core.name_index",
    ),
)
"""Tables by connection, in order: a version is copied from its record."""


def multiply(url: str, copies: int) -> None:
    """Add `copies` copies of each derived row; none where `copies` is 0."""
    if not copies:
        return
    values = {"copies": copies}
    _run(url, [("copy_map", values), ("copy_files", values)])
    with ThreadPoolExecutor(len(LANES)) as lanes:
        list(lanes.map(lambda tables: _fill(url, tables, values), LANES))
    _run(url, [("copy_digest", values)])
    with _connect(url) as connection:
        for table in ("copied", "copied_subject"):
            connection.execute(sql.SQL(STATEMENTS["forget"]).format(kept=sql.Identifier("bench", table)))


def _fill(url: str, tables: tuple[str, ...], values: dict[str, Any]) -> None:
    """A table emptied and filled in one transaction writes no log where wal_level is minimal."""
    for table in tables:
        schema, name = table.split(".")
        names = {"table": sql.Identifier(schema, name), "kept": sql.Identifier("bench", name)}
        with _connect(url) as connection, connection.transaction():
            indexes = connection.execute(STATEMENTS["indexes"], {"table": table}).fetchall()
            for drop_it, _ in indexes:
                connection.execute(drop_it)
            connection.execute(sql.SQL(STATEMENTS["empty"]).format(**names))
            connection.execute(STATEMENTS[f"copy_{name}"], values)
            for _, make_it in indexes:
                connection.execute(make_it)
            connection.execute(sql.SQL(STATEMENTS["forget"]).format(**names))


def _run(url: str, steps: list[tuple[str, dict[str, Any]]]) -> None:
    with _connect(url) as connection:
        for name, values in steps:
            connection.execute(STATEMENTS[name], values)
            connection.execute("analyze bench.copied_subject")
            connection.execute("analyze bench.copied")


def _connect(url: str) -> psycopg.Connection[Any]:
    options = "-c work_mem=256MB -c maintenance_work_mem=512MB"
    return psycopg.connect(url, autocommit=True, options=options, cursor_factory=psycopg.ClientCursor)

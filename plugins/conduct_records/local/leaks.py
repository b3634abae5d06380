"""Searches all that a run leaves outside vault and inbox for what must not be there (E1, I4)."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg
import yaml
from psycopg import sql

from conduct_records.checkdigits import is_resident_id
from conduct_records.settings import ROOT

INPUTS_AND_SECRETS = ("inbox", "postgres", "secrets")
KNOWS_NAMES = ("evidence", "quarantine", "core", "ops")  # inside the centre a penalty has a party
Values = Mapping[bytes, str]  # what must not be found, to what it is
MORE: Mapping[str, Values] = {}
RESIDENT_ID = re.compile(rb"(?<![0-9A-Za-z])[1-9]\d{5}(?:19|20)\d{9}[\dXx](?![0-9A-Za-z])")
MOBILE = re.compile(rb"(?<![0-9A-Za-z.])1[3-9]\d{9}(?![0-9A-Za-z])")
TABLES = """
select schemaname, tablename from pg_tables
where schemaname not in ('pg_catalog', 'information_schema', 'vault') order by 1, 2
"""


@dataclass(frozen=True, order=True)
class Leak:
    """One kind of personal value in one place; the value itself is not repeated."""

    place: str
    what: str


def search(state: Path, databases: Mapping[str, str]) -> list[Leak]:
    """All leaks in a state folder and its databases, by their addresses: ids and telephones anywhere; names
    in what leaves the centre or tells how a run went. A unit's own receipts may hold its own rows."""
    ids, names = sample_values()
    ids |= vault_values(databases["warehouse"])
    found = set(in_files(state, ids | names, without=INPUTS_AND_SECRETS, but={"outbox": ids}))
    for name, address in databases.items():
        found |= set(in_tables(address, name, ids | names, but=dict.fromkeys(KNOWS_NAMES, ids)))
    return sorted(found)


def vault_values(address: str) -> dict[bytes, str]:
    """Every id that the vault of this warehouse holds, to what it is."""
    with psycopg.connect(address) as connection:
        rows = connection.execute("select value from vault.person_identifier").fetchall()
    return {value.encode(): "resident id" for (value,) in rows}


def sample_values() -> tuple[dict[bytes, str], dict[bytes, str]]:
    """The ids and the names of the natural persons in the samples' story."""
    persons = yaml.safe_load((ROOT / "samples" / "story.yaml").read_text(encoding="utf-8"))["persons"]
    ids = {str(value).encode(): "resident id" for value in persons["ids"]}
    return ids, {value.encode(): "person's name" for value in persons["names"]}


def in_tables(address: str, name: str, values: Values, *, but: Mapping[str, Values] = MORE) -> Iterator[Leak]:
    """Leaks in one database, `name` for its place, without the vault; `but`: other values for a schema."""
    with psycopg.connect(address) as connection:
        for schema, table in connection.execute(TABLES).fetchall():
            query = sql.SQL("select t::text from {} as t").format(sql.Identifier(schema, table))
            text = b"\n".join(str(row[0]).encode() for row in connection.execute(query))
            yield from _found(f"{name}: {schema}.{table}", text, but.get(schema, values))


def in_files(
    folder: Path, values: Values, *, without: Collection[str] = (), but: Mapping[str, Values] = MORE
) -> Iterator[Leak]:
    """Leaks in files and file names below `folder`.

    `without`: entries of it that are left out; `but`: other values for an entry.
    """
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        entry = inside.parts[0]
        if path.is_file() and not path.is_symlink() and entry not in without:
            text = str(inside).encode() + b"\n" + content(path)
            yield from _found(str(inside), text, but.get(entry, values))


def content(path: Path) -> bytes:
    """The bytes of a file; of a workbook or another archive, those of its parts."""
    if not zipfile.is_zipfile(path):
        return path.read_bytes()
    with zipfile.ZipFile(path) as book:
        return b"\n".join(book.read(name) for name in book.namelist())


def _found(place: str, text: bytes, values: Values) -> Iterator[Leak]:
    kinds = {what for value, what in values.items() if any(form in text for form in _forms(value))}
    kinds |= {"resident id" for found in RESIDENT_ID.findall(text) if is_resident_id(found.decode().upper())}
    kinds |= {"mobile number" for _ in MOBILE.findall(text)}
    yield from (Leak(place, what) for what in sorted(kinds))


def _forms(value: bytes) -> tuple[bytes, ...]:
    """A value as it is, as JSON escapes it, and as PostgreSQL shows it inside bytes."""
    return value, json.dumps(value.decode())[1:-1].encode(), value.hex().encode()

"""The leak search finds a planted value wherever it hides, and only that."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from pathlib import Path

import psycopg
import pytest

from conduct_records.local.leaks import in_files, in_tables

NAME, ID, PHONE = "样例寅", "421126190001010015", "13871000000"
VALUES = {NAME.encode(): "person's name"}


@pytest.mark.parametrize("text", [NAME, json.dumps({"a": NAME})])
def test_a_name_is_found_plain_and_escaped(text: str, tmp_path: Path) -> None:
    (tmp_path / "task.log").write_text(f"x {text} y", encoding="utf-8")
    assert [(leak.place, leak.what) for leak in in_files(tmp_path, VALUES)] == [("task.log", "person's name")]


@pytest.mark.parametrize(("text", "what"), [(ID, "resident id"), (PHONE, "mobile number")])
def test_ids_and_telephones_are_known_by_their_form(text: str, what: str, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(f'{{"v":"{text}"}}')
    assert [leak.what for leak in in_files(tmp_path, {})] == [what]


@pytest.mark.parametrize(
    "text", ["421126190001010016", "sha256:0421126190001010015ab", "1571.13871000000", "91420100MA4KY0016L"]
)
def test_what_only_looks_like_one_is_none(text: str, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(text)
    assert list(in_files(tmp_path, {})) == []


def test_workbooks_stores_and_file_names_are_looked_into(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "book.xlsx", "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/sharedStrings.xml", f"<t>{NAME}</t>")
    with sqlite3.connect(tmp_path / "store.sqlite") as store:
        store.execute("create table t as select ? as name", [NAME])
    (tmp_path / f"{NAME}.txt").touch()
    assert {leak.place for leak in in_files(tmp_path, VALUES)} == {"book.xlsx", "store.sqlite", f"{NAME}.txt"}
    assert list(in_files(tmp_path, VALUES, without=("book.xlsx", "store.sqlite", f"{NAME}.txt"))) == []


def test_tables_are_looked_into_but_not_the_vault(warehouse: str) -> None:
    with psycopg.connect(warehouse) as connection:
        connection.execute("create table vault.planted as select %s::text as v", [NAME])
        connection.execute("create table core.planted as select %s::jsonb as v", [json.dumps([NAME])])
        connection.execute("create table ops.planted as select convert_to(%s, 'UTF8') as v", [NAME])
    found = {leak.place for leak in in_tables(warehouse, "w", VALUES)}
    assert found == {"w: core.planted", "w: ops.planted"}
    assert {leak.place for leak in in_tables(warehouse, "w", VALUES, but={"core": {}})} == {"w: ops.planted"}

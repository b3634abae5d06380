"""What pages for people share: templates, texts, numbered evidence, files in the units' outbox."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from psycopg.rows import dict_row

from conduct_records import storage
from conduct_records.settings import TEMPLATES, Settings
from conduct_records.storage import location, plain_name
from conduct_records.warehouse.connection import Connection
from conduct_records.warehouse.statements import statement

FOLDER = TEMPLATES / "reports"
LONGEST_NAME, LONGEST_SUFFIX = 75, 8  # letters; a file system takes 255 bytes
Row = dict[str, Any]


class Evidence:
    """The evidence that a page cites, numbered in the order of first use; looked up once, at the end."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._cited: dict[tuple[str, int], int] = {}

    def number(self, row: Row) -> int:
        """The number of the file and row that a fact comes from."""
        return self._cited.setdefault((row["file_id"], row["row_no"]), len(self._cited) + 1)

    def listed(self) -> list[Row]:
        """Source, file, row and data date of all that was cited, by number."""
        found = {(each["file_id"], each["row_no"]): each for each in self._look_up(list(self._cited))}
        return [found[cited] for cited in self._cited]

    def said(self, row: Row) -> Row:
        """Source, file, row and data date of one fact."""
        (found,) = self._look_up([(row["file_id"], row["row_no"])])
        return found

    def _look_up(self, cited: list[tuple[str, int]]) -> list[Row]:
        given = {"file_ids": [file_id for file_id, _ in cited], "row_nos": [row_no for _, row_no in cited]}
        return fetch(self._connection, "reports/evidence", given)


def fetch(connection: Connection, name: str, values: Row) -> list[Row]:
    """The rows of a statement by column name."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(statement(name), values).fetchall()


def texts() -> Row:
    """The words of the pages."""
    words: Row = yaml.safe_load((FOLDER / "texts.yaml").read_text(encoding="utf-8"))
    return words


def page(template: str, **values: Any) -> str:
    """One page as HTML; a name that the template knows and nobody gave is an error."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = (FOLDER / "print.css").read_text(encoding="utf-8")
    return environment.get_template(template).render(texts=texts(), style=style, **values)


def put(settings: Settings, unit_code: str, day: date, name: str, content: bytes) -> str:
    """Put a file into the unit's outbox whole or not at all; one that holds the same bytes is left alone.

    A part of `name` may come from outside, as a case's number does: it never leads to another folder.
    """
    target = location(settings.outbox) / unit_code / day.isoformat() / _safe(name)
    if target.exists() and target.read_bytes() == content:
        return str(target)
    storage.put(target, BytesIO(content))
    return str(target)


def _safe(name: str) -> str:
    """A name that stays in its folder and is short enough for one of Chinese letters."""
    plain = Path(plain_name(name))
    return plain.stem[:LONGEST_NAME] + plain.suffix[:LONGEST_SUFFIX]

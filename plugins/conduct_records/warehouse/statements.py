"""SQL is read from files under include/sql, whole or by section."""

from __future__ import annotations

import re
from functools import cache
from typing import LiteralString

from conduct_records.settings import SQL

SECTION = re.compile(r"^-- section: (\w+)$", re.MULTILINE)


@cache
def statement(name: str) -> LiteralString:
    """The text of include/sql/<name>.sql, or of one section of it when the name ends in `#section`.

    The text comes from the project's own files, never from data, hence the literal type.

    Raises:
        FileNotFoundError: there is no such file.
        KeyError: the file has no such section.
    """
    path, _, section = name.partition("#")
    text = (SQL / f"{path}.sql").read_text(encoding="utf-8")
    return sections(text)[section] if section else text


def sections(text: str) -> dict[str, str]:
    """Split a file at its `-- section: <name>` lines; what stands before the first is its header."""
    parts = SECTION.split(text)
    return dict(zip(parts[1::2], parts[2::2], strict=True))

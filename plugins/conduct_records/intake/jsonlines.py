"""JSON lines: one object a line, its keys are the headers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from conduct_records.intake.decode import Encoding, whole
from conduct_records.intake.limits import LIMITS, Limits
from conduct_records.intake.refusal import Refused
from conduct_records.intake.sheets import BrokenRow, Cells, Finding, RawChunk, check_width

_CHUNK_ROWS = 20_000


class JsonLinesSheet:
    """One file of JSON lines. Its keys are gathered in a first pass, so that none is lost."""

    def __init__(self, path: Path, encoding: Encoding, limits: Limits = LIMITS) -> None:
        """Gather the keys.

        Raises:
            Refused: no line is an object, too_many_columns, cell_too_long.
        """
        self.name = path.name
        self.encoding: str | None = encoding
        self.findings: list[Finding] = []
        self._path = path
        self._limits = limits
        keys: dict[str, None] = {}
        for _, row in self._lines():
            if isinstance(row, dict):
                keys |= dict.fromkeys(row)
                check_width(len(keys), limits)
        if not keys:
            raise Refused("unreadable", "JSON")
        self._keys = list(keys)
        self.head: list[Cells] = [list(self._keys)]

    def chunks(self, after: int, width: int) -> Iterator[RawChunk]:
        """All lines; the header is not a line of the file, so `after` is 1 and lines count from 1 as well."""
        rows: list[dict[str, str | None]] = []
        numbers: list[int] = []
        broken: list[BrokenRow] = []
        for number, row in self._lines():
            if isinstance(row, dict):
                rows.append(row)
                numbers.append(number)
            else:
                broken.append(row)
            if len(rows) == _CHUNK_ROWS:
                yield self._chunk(rows, numbers, broken)
                rows, numbers, broken = [], [], []
        yield self._chunk(rows, numbers, broken)

    def _chunk(
        self, rows: list[dict[str, str | None]], numbers: list[int], broken: list[BrokenRow]
    ) -> RawChunk:
        columns = [pa.array([row.get(key) for row in rows], pa.string()) for key in self._keys]
        return RawChunk(columns, pa.array(np.array(numbers, np.int64)), broken)

    def _lines(self) -> Iterator[tuple[int, dict[str, str | None] | BrokenRow]]:
        codec = "utf-8-sig" if self.encoding == "utf-8" else self.encoding
        with self._path.open(encoding=codec, newline="\n") as file:
            number = 0
            while line := file.readline(self._limits.cell_characters * 4):
                number += 1
                if len(line) >= self._limits.cell_characters * 4:
                    raise Refused("cell_too_long", str(number))
                if text := line.strip().removeprefix("\ufeff"):
                    yield number, _parsed(text, number)


def _parsed(text: str, number: int) -> dict[str, str | None] | BrokenRow:
    try:
        pairs = json.loads(text, object_pairs_hook=list, parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        return BrokenRow(number, [text], "bad_line", "JSON")
    if not _is_object(text, pairs):
        return BrokenRow(number, [text], "bad_line", type(pairs).__name__)
    row = {whole(key): _text(value) for key, value in pairs}
    return row if len(row) == len(pairs) else BrokenRow(number, [text], "bad_line", "key")


def _is_object(text: str, pairs: Any) -> bool:
    return text.startswith("{") and isinstance(pairs, list)


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return whole(value) if value else None
    if isinstance(value, bool):
        return str(value).lower()
    return whole(json.dumps(value, ensure_ascii=False))

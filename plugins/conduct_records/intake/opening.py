"""From a file of a known format to its tables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from conduct_records.intake.decode import detect_encoding
from conduct_records.intake.delimited import DelimitedSheet
from conduct_records.intake.jsonlines import JsonLinesSheet
from conduct_records.intake.sheets import Sheet
from conduct_records.intake.sniff import Format
from conduct_records.intake.workbook import open_workbook


def open_sheets(path: Path, format_: Format) -> list[Sheet]:
    """The visible tables of a file, in order.

    Raises:
        Refused: the content can't be read.
    """
    if format_ in {"xlsx", "xls"}:
        return list(open_workbook(path))
    encoding = detect_encoding(path)
    make: Callable[..., Sheet] = JsonLinesSheet if format_ == "jsonl" else DelimitedSheet
    return [make(path, encoding)]

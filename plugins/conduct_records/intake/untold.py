"""What calamine does not tell: cells that show an error, formulas that nobody computed, hidden rows.

It reads such cells as empty: a value would be lost without a word (B10). A row that a filter hides is read
like any other, though its clerk does not see it. Of an old workbook (XLS) none of this can be told.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from conduct_records.intake.extent import column_of

_BOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_BLOCK = 1 << 20
_LONGEST_ROW = 8 << 20
_NOT_COMPUTED = "#CALC!"  # as spreadsheets say of what they could not compute
_SHEET = re.compile(rb'<(?:\w+:)?sheet [^>]*\b\w+:id="([^"]+)"')
_RELATION = re.compile(rb"<(?:\w+:)?Relationship [^>]*>")
# up to the next cell at most: a part without ends costs no more than another
_CELL = re.compile(rb"<(?:\w+:)?c ([^>]*[^/>])>([^<]*(?:<(?!/?(?:\w+:)?c[\s>/])[^<]*)*)</(?:\w+:)?c>")
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_VALUE = re.compile(rb"<(?:\w+:)?v[^>]*>([^<]+)<")
_HIDDEN = re.compile(rb'<(?:\w+:)?row (?=[^>]*\bhidden="(?:1|true)")[^>]*?\br="(\d{1,7})"[^>]*(?<!/)>')
_HOLDS = re.compile(rb"<(?:\w+:)?(?:v|is)>")
_ENDS = (b"</f></c>", b"</f><v/>", b"</f><v />", b"</f><v></v>", b"/></c>", b"/><v/>", b"/><v></v>")


@dataclass(frozen=True)
class Untold:
    """`cells`: row from 1 to column from 0 to what it shows; `hidden`: rows with content that nobody sees."""

    cells: dict[int, dict[int, str]] = field(default_factory=dict)
    hidden: list[int] = field(default_factory=list)


def untold(path: Path, place: int) -> Untold:
    """What is to be known of the sheet in this place of a workbook."""
    found = Untold()
    if not zipfile.is_zipfile(path):
        return found
    with zipfile.ZipFile(path) as archive:
        if (part := _part(archive, place)) in archive.namelist():
            with archive.open(part) as sheet:
                for rows in _blocks(sheet):
                    found.hidden.extend(_hidden(rows))
                    for row, column, text in _cells(rows):
                        found.cells.setdefault(row, {})[column] = text
    return found


def _part(archive: zipfile.ZipFile, place: int) -> str:
    """The member that holds the sheet; empty where the workbook is not built as spreadsheets build theirs."""
    if not {_BOOK, _RELATIONS} <= set(archive.namelist()):
        return ""
    keys = dict(enumerate(_SHEET.findall(archive.read(_BOOK))))
    relations = _RELATION.findall(archive.read(_RELATIONS))
    targets = {_attribute(one, "Id"): _attribute(one, "Target") for one in relations}
    return posixpath.join("/xl", targets.get(keys.get(place, b"").decode(), ""))[1:]


def _attribute(element: bytes, name: str) -> str:
    match = re.search(rf'\b{name}="([^"]*)"', element.decode())
    return match[1] if match else ""


def _blocks(sheet: IO[bytes]) -> Iterator[bytes]:
    """The sheet in parts that end with a row."""
    left = b""
    while block := sheet.read(_BLOCK):
        whole, end, left = (left + block).rpartition(b"</row>")
        yield whole + end
        left = left if len(left) < _LONGEST_ROW else b""


def _hidden(rows: bytes) -> Iterator[int]:
    """The hidden rows that hold a value."""
    for match in _HIDDEN.finditer(rows) if b" hidden=" in rows else ():
        if _HOLDS.search(rows, match.end(), rows.find(b"</row>", match.end())):
            yield int(match[1])


def _cells(rows: bytes) -> Iterator[tuple[int, int, str]]:
    """Such cells; only where a part bears a sign of one is it looked at cell by cell."""
    if not (b't="e"' in rows or (b"<f" in rows and any(one in rows for one in _ENDS))):
        return
    for match in _CELL.finditer(rows):
        attributes, body = match.groups()
        value, spot = _VALUE.search(body), _PLACE.search(attributes)
        if not spot:
            continue
        if b't="e"' in attributes:
            yield int(spot[2]), column_of(spot[1]) - 1, value[1].decode() if value else _NOT_COMPUTED
        elif b"<f" in body and not value and b't="str"' not in attributes:
            yield int(spot[2]), column_of(spot[1]) - 1, _NOT_COMPUTED

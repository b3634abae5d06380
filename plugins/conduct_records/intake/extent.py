"""How far a sheet reaches: readers make room for every cell up to the furthest, however few there are."""

from __future__ import annotations

import re
import zipfile

from conduct_records.intake.limits import Limits
from conduct_records.intake.refusal import Refused

_SEEN_WHOLE = 8 << 20  # bytes; reading more of a part only to measure it would cost as much as reading it
_DIMENSION = re.compile(rb'dimension [^>]*ref="(?:[A-Z]{1,3}\d+:)?([A-Z]{1,3})(\d+)"')
_CELL = re.compile(rb'<[^<>]*\br="([A-Z]{1,3})?(\d{1,7})"')


def check_extent(archive: zipfile.ZipFile, member: zipfile.ZipInfo, head: bytes, limits: Limits) -> None:
    """Refuse a sheet that reaches too far, by what it states and, where it is small, by its cells.

    A large sheet that states less than it holds is left to the guard against readings that end a process.

    Raises:
        Refused: too_many_columns, too_large.
    """
    if b"worksheet" not in head:
        return
    content = archive.read(member) if member.file_size <= _SEEN_WHOLE else b""
    places = [*_DIMENSION.findall(head), *_CELL.findall(content)]
    width = max((column_of(letters) for letters, _ in places), default=0)
    rows = max((int(row) for _, row in places), default=0)
    if width > limits.columns:
        raise Refused("too_many_columns", f"{width} > {limits.columns}")
    if width * rows > limits.cells:
        raise Refused("too_large", f"{rows} x {width} > {limits.cells}")


def column_of(letters: bytes) -> int:
    """A column's place: A is 1, Z 26, AA 27."""
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place

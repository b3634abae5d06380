"""Where submissions lie: inbox/<data date>/<unit or department code>/<file> (architecture decision 12)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from conduct_records.settings import Settings
from conduct_records.storage import location

Known = Callable[[list[tuple[str, str]]], set[tuple[str, str]]]
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}$")
_UNIT = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,31}$")
_SEQUENCE = re.compile(r"(?:^(\d{1,4})[_\- .]|[_\-(\uff08](\d{1,4})[)\uff09]?$)")


@dataclass(frozen=True)
class Lane:
    """One file to take. (`path`, `fingerprint`) is its sighting; `sequence` comes from its name alone."""

    path: str
    unit_code: str
    data_date: date
    file_name: str
    sequence: int
    label: str
    fingerprint: str = ""


def waiting(settings: Settings, data_date: date, known: Known | None = None) -> list[Lane]:
    """The files of a date, and any earlier file that landing does not know, in a stable order.

    `known` tells which (path, fingerprint) landing has seen; without it only the date's own folder is read.
    Files are never moved or changed. Names that cannot be a file's are left to the check, which refuses them.
    """
    root = location(settings.inbox)
    if not root.exists():
        return []
    lanes = [lane for day in _days(root, data_date, known is not None) for lane in _lanes(root / day, day)]
    if known is not None:
        seen = known([(lane.path, lane.fingerprint) for lane in lanes])
        lanes = [lane for lane in lanes if (lane.path, lane.fingerprint) not in seen]
    return sorted(lanes, key=lambda lane: (lane.data_date, lane.unit_code, lane.sequence, lane.file_name))


def sequence_of(file_name: str) -> int:
    """The number that a name begins or ends with (`02_x.csv`, `x_2.csv`, `x(2).csv`), else 0.

    From the name alone: a file that arrives later never changes another one's place.
    """
    match = _SEQUENCE.search(Path(file_name).stem)
    return int(match[1] or match[2]) if match else 0


def _days(root: Any, data_date: date, sweep: bool) -> Iterator[str]:
    today = data_date.isoformat()
    for folder in sorted(root.iterdir(), key=lambda entry: entry.name):
        if _DAY.match(folder.name) and (folder.name == today or (sweep and folder.name < today)):
            yield folder.name


def _lanes(folder: Any, day: str) -> Iterator[Lane]:
    for unit in folder.iterdir():
        if not (_UNIT.match(unit.name) and unit.is_dir()):
            continue
        for file in unit.iterdir():
            if file.is_file() and not file.name.startswith((".", "~$")):
                yield _lane(file, unit.name, date.fromisoformat(day))


def _lane(file: Any, unit_code: str, day: date) -> Lane:
    facts = file.stat()
    fingerprint = f"{facts.st_size}-{facts.st_mtime:.3f}"
    label = f"{unit_code}/{file.name}"
    return Lane(str(file), unit_code, day, file.name, sequence_of(file.name), label, fingerprint)

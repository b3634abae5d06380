"""Where submissions lie: inbox/<data date>/<unit or department code>/<file> (architecture decision 12)."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from conduct_records.checkdigits import is_resident_id
from conduct_records.settings import Settings
from conduct_records.storage import location

Known = Callable[[list[tuple[str, str]]], set[tuple[str, str]]]
log = logging.getLogger(__name__)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}$")
_UNIT = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,31}$")
AHEAD = timedelta(7)  # a folder of a later date than that is a slip of the pen
_LABEL = 250  # letters: more of a name than this Airflow cannot keep
_LONG_NUMBER = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
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


@dataclass(frozen=True)
class Unread:
    """A place in the inbox that no night takes, by its name within the inbox, and why."""

    place: str
    reason: str


def waiting(settings: Settings, data_date: date, known: Known | None = None) -> list[Lane]:
    """The files of a date, and any earlier file that landing does not know, in a stable order.

    `known` tells which (path, fingerprint) landing has seen; without it only the date's own folder is read.
    Files are never moved or changed. Names that cannot be a file's are left to the check, which refuses them.
    What cannot be read costs itself alone.
    """
    root = location(settings.inbox)
    if not root.exists():
        return []
    found = list(_look(root, lambda day: day == data_date or (known is not None and day < data_date)))
    for each in found:
        if isinstance(each, Unread):
            log.warning("inbox %s %s", each.place, each.reason)
    lanes = [each for each in found if isinstance(each, Lane)]
    if known is not None:
        seen = known([(lane.path, lane.fingerprint) for lane in lanes])
        lanes = [lane for lane in lanes if (lane.path, lane.fingerprint) not in seen]
    return sorted(lanes, key=lambda lane: (lane.data_date, lane.unit_code, lane.sequence, lane.file_name))


def unread(settings: Settings, data_date: date) -> list[Unread]:
    """What lies in the inbox where no night looks, or cannot be read; for the watch."""
    try:
        root = location(settings.inbox)
        if not root.exists():
            return [Unread("", "is not there: see CONDUCT_RECORDS_INBOX")]
        found = list(_look(root, lambda _: True))
    except OSError as error:
        return [_broken("", error)]
    far = data_date + AHEAD
    ahead = {each.data_date for each in found if isinstance(each, Lane) and each.data_date > far}
    late = [Unread(day.isoformat(), "is not read before its data date") for day in sorted(ahead)]
    return [each for each in found if isinstance(each, Unread)] + late


def sequence_of(file_name: str) -> int:
    """The number that a name begins or ends with (`02_x.csv`, `x_2.csv`, `x(2).csv`), else 0.

    From the name alone: a file that arrives later never changes another one's place.
    """
    match = _SEQUENCE.search(Path(file_name).stem)
    return int(match[1] or match[2]) if match else 0


def _look(root: Any, is_wanted: Callable[[date], bool]) -> Iterator[Lane | Unread]:
    """Each file of the dates that are wanted, and each place where something else lies."""
    for folder in _inside(root):
        if (day := _date(folder.name)) is None:
            yield Unread(
                _shown(folder.name), "is not read: a folder here is named by its data date, YYYY-MM-DD"
            )
        elif is_wanted(day):
            yield from _each(folder, folder.name, partial(_of_unit, day))


def _of_unit(day: date, unit: Any, place: str) -> Iterator[Lane | Unread]:
    if _UNIT.match(unit.name) and unit.is_dir():
        yield from _each(unit, place, partial(_of_file, day, unit.name))
    else:
        yield Unread(place, "is not read: files lie in a folder that is named by their unit's code")


def _of_file(day: date, unit_code: str, file: Any, place: str) -> Iterator[Lane | Unread]:
    if is_link(file):  # it may lead to what another unit sent, or out of the inbox
        yield Unread(place, "is not read: it is a link")
    elif not file.is_file():
        yield Unread(place, "is not read: it is no file")
    elif not _is_text(file.name):
        yield Unread(place, "is not read: its name is no UTF-8 (GBK, most likely): give it another")
    elif _without_ids(file.name) != file.name:
        yield Unread(place, "is not read: its name holds a person's id, and names are kept: give it another")
    else:
        yield _lane(file, unit_code, day)


def is_link(file: Any) -> bool:
    """Whether it is a symbolic link; a bucket has none."""
    return isinstance(file, Path) and file.is_symlink()


def _each(
    folder: Any, place: str, take: Callable[[Any, str], Iterator[Lane | Unread]]
) -> Iterator[Lane | Unread]:
    """What `take` makes of each entry; one that cannot be read stops no other."""
    try:
        entries = _inside(folder)
    except OSError as error:
        yield _broken(place, error)
        return
    for entry in entries:
        name = f"{place}/{_shown(entry.name)}"
        try:
            yield from take(entry, name)
        except OSError as error:
            yield _broken(name, error)


def _inside(folder: Any) -> list[Any]:
    """All but what programs hide while they write or have it open."""
    entries = (entry for entry in folder.iterdir() if entry.name and not entry.name.startswith((".", "~$")))
    return sorted(entries, key=lambda entry: str(entry.name))


def _is_text(name: str) -> bool:
    """Whether a name is text: of one in another encoding Python keeps the bytes, which no database takes."""
    return name == name.encode("utf-8", "replace").decode()


def _without_ids(name: str) -> str:
    return _LONG_NUMBER.sub(lambda found: "*" * 18 if is_resident_id(found[0].upper()) else found[0], name)


def _shown(name: str) -> str:
    """A name as logs and alerts show it: on one line, in the order of its letters, without a person's id."""
    return repr(_without_ids(name))[1:-1]


def _broken(place: str, error: OSError) -> Unread:
    return Unread(place, f"cannot be read: {type(error).__name__}")


def _date(name: str) -> date | None:
    try:
        return date.fromisoformat(name) if _DAY.match(name) else None
    except ValueError:  # 2019-02-30
        return None


def _lane(file: Any, unit_code: str, day: date) -> Lane:
    facts = file.stat()
    fingerprint = f"{facts.st_size}-{facts.st_mtime:.3f}"
    label = f"{unit_code}/{_shown(file.name)}"[:_LABEL]
    return Lane(str(file), unit_code, day, file.name, sequence_of(file.name), label, fingerprint)

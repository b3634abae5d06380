"""One of the two whole copies of the column: that which readers do not see is changed, then they swap.

The copies share their files by hard links, so a file is never written into: another one takes its place.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from conduct_records.failpoints import reach

STAMP = "stamp.json"
JOURNAL = "journal.json"
NEW = "being-written"
NO_LINKS = (errno.EPERM, errno.EXDEV, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK)


@dataclass
class Side:
    """One copy. `touched` are the paths that changed, in the order in which they did."""

    root: Path
    touched: dict[str, None] = field(default_factory=dict)
    journal: dict[str, list[str]] = field(default_factory=dict)
    is_new: bool = False

    def stamp(self) -> dict[str, Any]:
        """What the copy holds: version, look and shard lengths; empty where it is no whole copy."""
        text = self.read(STAMP)
        found: dict[str, Any] = json.loads(text) if text else {}
        return found

    def begin(self, journal: dict[str, list[str]]) -> dict[str, list[str]]:
        """Say which keys go into which files before that is done; returns it with what a killed process said.

        A file whose content nothing else tells can then be mended by the next process.
        """
        held: dict[str, list[str]] = json.loads(self.read(JOURNAL) or "{}")
        for path, keys in held.items():
            journal[path] = sorted({*journal.get(path, ()), *keys})
        self.journal = journal
        self.write(JOURNAL, json.dumps(journal))
        return journal

    def seal(self, stamp: dict[str, Any]) -> None:
        """Say what the copy now holds; the last file of every change."""
        self.remove(JOURNAL)
        self.is_new = False
        self.write(STAMP, json.dumps(stamp, sort_keys=True))
        reach("after seal")

    def empty(self) -> None:
        """Begin anew. The seal goes first: a copy that is half removed is none."""
        (self.root / STAMP).unlink(missing_ok=True)
        if self.root.exists():
            shutil.rmtree(self.root)
        self.root.mkdir(parents=True)
        self.is_new = True

    def read(self, path: str) -> str | None:
        """The text of a file; None where there is none."""
        try:
            return (self.root / path).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None

    def write(self, path: str, text: str) -> None:
        """Put a file in place of the one that other copies may share: whole or not at all."""
        reach("before page")
        self.touched[path] = None
        name = os.path.join(self.root, path)  # noqa: PTH118 - a million times, and Path costs as much as the file
        if self.is_new:
            return _create(name, text)
        new = os.path.join(self.root, NEW)  # noqa: PTH118
        with contextlib.suppress(FileNotFoundError):
            os.unlink(new)  # noqa: PTH108
        _create(new, text)
        try:
            os.replace(new, name)  # noqa: PTH105
        except FileNotFoundError:
            os.makedirs(os.path.dirname(name), exist_ok=True)  # noqa: PTH103, PTH120
            os.replace(new, name)  # noqa: PTH105

    def remove(self, path: str) -> None:
        """Take a file away, and its folder where nothing is left in it."""
        self.touched[path] = None
        (self.root / path).unlink(missing_ok=True)

    def remove_all(self, path: str) -> None:
        """Take a folder away with what is in it."""
        for each in sorted((self.root / path).rglob("*")):
            if each.is_file():
                self.remove(each.relative_to(self.root).as_posix())
        shutil.rmtree(self.root / path, ignore_errors=True)

    def follow(self, other: Side) -> None:
        """Become what `other` is: take over what it touched, in its order, its seal last."""
        self.begin(dict(other.journal))
        for path in other.touched:
            if path not in (STAMP, JOURNAL):
                self._take(other, path)
        self.remove(JOURNAL)
        self._take(other, STAMP)

    def copy(self, other: Side) -> None:
        """Become what `other` is, from nothing."""
        self.empty()
        shutil.copytree(
            other.root,
            self.root,
            copy_function=_link,
            dirs_exist_ok=True,
            ignore=shutil.ignore_patterns(STAMP, NEW),
        )
        self._take(other, STAMP)

    def _take(self, other: Side, path: str) -> None:
        reach("before link")
        target, source, new = self.root / path, other.root / path, self.root / NEW
        if not source.exists():
            return target.unlink(missing_ok=True)
        new.unlink(missing_ok=True)
        _link(source, new)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(new, target)  # noqa: PTH105
        new.unlink(missing_ok=True)  # it stays where both are names of one file


def _create(name: str, text: str) -> None:
    data = text.encode()
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    try:
        handle = os.open(name, flags, 0o644)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(name), exist_ok=True)  # noqa: PTH103, PTH120
        handle = os.open(name, flags, 0o644)
    try:
        if os.write(handle, data) != len(data):
            raise OSError(errno.ENOSPC, "a short write")
    finally:
        os.close(handle)


def _link(source: str | Path, target: str | Path) -> None:
    """A second name for a file; a copy where the file system has no hard links."""
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        shutil.copyfile(source, target)

"""Reads every published file back: which keys stand where, whether the data files are what the log says."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from conduct_records.disclosure.changes import MODULUS, line
from conduct_records.disclosure.items import kinds

KEY = re.compile(rb"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")


@dataclass
class Found:
    """What one reading found. `strange`: a key that is not allowed, and the first file that holds it."""

    allowed: frozenset[bytes]
    files: int = 0
    strange: dict[str, str] = field(default_factory=dict)
    pages: set[bytes] = field(default_factory=set)
    digest: int = 0

    def read(self, folder: Path, seen: set[tuple[int, int]]) -> None:
        """Read every file below a folder once; copies that share a file share the reading."""
        for path, status in _files(folder):
            self.files += 1
            self._look(path.name, path.name.encode())
            if (status.st_dev, status.st_ino) not in seen:
                seen.add((status.st_dev, status.st_ino))
                self._look(str(path), _stated(path, folder))

    def read_current(self, folder: Path) -> None:
        """Which pages readers see, and the digest over the data files that they see."""
        for kind in kinds().values():
            if kind.page:
                self.pages |= {bytes.fromhex(path.stem) for path in (folder / kind.stem).rglob("*.html")}
            for path in [folder / f"data/{kind.stem}.json", *(folder / "data" / kind.stem).rglob("*.json")]:
                if path.exists():
                    for item in json.loads(path.read_bytes())["items"]:
                        self.digest += line(kind.name, item[f"{kind.name}_key"], item["content_hash"])
        self.digest %= MODULUS

    def _look(self, place: str, text: bytes) -> None:
        for key in KEY.findall(text):
            if bytes.fromhex(key.decode()) not in self.allowed:
                self.strange.setdefault(key.decode(), place)


def _files(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    for place, _, names in os.walk(folder):
        for name in names:
            path = Path(place, name)
            yield path, path.stat()


def _stated(path: Path, folder: Path) -> bytes:
    """The text of a file; of a delta without its list of withdrawals, where an ended key must stand."""
    text = path.read_bytes()
    if "deltas" in path.relative_to(folder).parts:
        text = json.dumps(json.loads(text)["upserts"]).encode()
    return text

"""Lines for many files, kept on disk until all are there: memory does not grow with the number of files."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from zlib import crc32

BUCKETS = 256
PREFIX = "spill-"


class Spill:
    """Add lines to paths in any order, then read them by path. A line is fields without tab or line feed."""

    def __init__(self, parent: Path) -> None:
        self._folder = TemporaryDirectory(prefix=PREFIX, dir=parent)
        self._buckets: dict[int, TextIOWrapper] = {}

    @staticmethod
    def sweep(parent: Path) -> None:
        """Remove what killed processes left."""
        for left in parent.glob(f"{PREFIX}*"):
            shutil.rmtree(left, ignore_errors=True)

    def __enter__(self) -> Spill:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for bucket in self._buckets.values():
            bucket.close()
        self._folder.cleanup()

    def add(self, path: str, *fields: str) -> None:
        """Keep one line for the file at `path`."""
        number = crc32(path.encode()) % BUCKETS
        bucket = self._buckets.get(number)
        if bucket is None:
            bucket = (Path(self._folder.name) / str(number)).open("w+", encoding="utf-8", buffering=1 << 16)
            self._buckets[number] = bucket
        bucket.write("\t".join((path, *fields)) + "\n")

    def groups(self) -> Iterator[tuple[str, list[list[str]]]]:
        """Each path with the fields of its lines, in the order in which they were added."""
        for bucket in self._buckets.values():
            bucket.seek(0)
            found: dict[str, list[list[str]]] = {}
            for line in bucket:
                path, *fields = line.rstrip("\n").split("\t")
                found.setdefault(path, []).append(fields)
            yield from found.items()

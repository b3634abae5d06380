"""Lines for many files, kept on disk until all are there: memory does not grow with the number of files."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any
from zlib import crc32

BUCKETS = 256
PREFIX = "spill-"


class Spill:
    """Add (path, value) in any order, then read them by path. Values are JSON."""

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

    def add(self, path: str, value: Any) -> None:
        """Keep one value for the file at `path`."""
        number = crc32(path.encode()) % BUCKETS
        bucket = self._buckets.get(number)
        if bucket is None:
            bucket = (Path(self._folder.name) / str(number)).open("w+", encoding="utf-8", buffering=1 << 16)
            self._buckets[number] = bucket
        bucket.write(f"{path}\t{json.dumps(value, ensure_ascii=False)}\n")

    def groups(self) -> Iterator[tuple[str, list[Any]]]:
        """Each path with its values, in the order in which they were added."""
        for bucket in self._buckets.values():
            bucket.seek(0)
            found: dict[str, list[Any]] = {}
            for line in bucket:
                path, _, value = line.partition("\t")
                found.setdefault(path, []).append(json.loads(value))
            yield from found.items()

"""Folders and buckets: where an address leads, and how a file gets there whole or not at all."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from conduct_records.failpoints import reach


def location(address: str) -> Any:
    """A folder as a pathlib path, a bucket URL through Airflow's object storage (same methods)."""
    if "://" not in address:
        return Path(address)
    from airflow.sdk import ObjectStoragePath

    return ObjectStoragePath(address)


def plain_name(text: str) -> str:
    """A text as a part of a file's name: on one line, in the order of its letters, and in its own folder."""
    return "".join("_" if letter in '/\\:*?"<>|' or not letter.isprintable() else letter for letter in text)


def put(target: Any, source: BinaryIO) -> None:
    """Write a file that readers see whole or not at all; a bucket shows an object when it is whole."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if not isinstance(target, Path):
        with target.open("wb") as sink:
            shutil.copyfileobj(source, sink)
        return
    with _alone_in(target.parent):
        part = target.with_name(f".{target.name}.part")
        with part.open("wb") as sink:
            shutil.copyfileobj(source, sink)
        reach("before file")
        part.replace(target)
    reach("after file")


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Two runs of the same task write the same part of a file: one waits. What dies lets go of the lock."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)

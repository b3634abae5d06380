"""A file is written whole or not at all, by whoever writes it at the same time."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from conduct_records.storage import put


def test_two_that_write_one_file_at_once_leave_one_of_both_whole(tmp_path: Path) -> None:
    contents = [bytes([65 + number]) * 3_000_000 for number in range(8)]
    target = tmp_path / "outbox" / "receipt.json"
    with ThreadPoolExecutor(len(contents)) as writers:
        list(writers.map(lambda content: put(target, io.BytesIO(content)), contents))
    assert target.read_bytes() in contents
    assert [path.name for path in target.parent.iterdir()] == [target.name]

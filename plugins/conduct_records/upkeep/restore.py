"""Puts a backup into an empty warehouse, plain or spread over workers, and proves that it is the same."""

from __future__ import annotations

import copy
import subprocess
import tarfile
from contextlib import suppress
from pathlib import Path

from psycopg import sql

from conduct_records.records.digest import digest
from conduct_records.settings import Settings
from conduct_records.upkeep.backup import count_rows, local_folders
from conduct_records.upkeep.manifest import DATA, FILES, Manifest, UnfitBackup
from conduct_records.warehouse.connection import for_programs, head, owner
from conduct_records.warehouse.migrate import migrate
from conduct_records.warehouse.statements import statement

# pg_restore 17 and newer say this, and servers older than 17 do not know it.
NEWER = b"SET transaction_timeout = 0;\n"


def restore(folder: Path, settings: Settings, programs: Path) -> Manifest:
    """Make the schema, load every row in one transaction, compare digest and counts, unpack the folders.

    A backup of one machine goes into a Citus coordinator as well: that is how a warehouse grows. Files that
    are there already are left as they are. `programs` is the folder of pg_restore and psql.

    Raises:
        UnfitBackup: the backup is damaged, of another schema version or key, or the warehouse is not empty.
    """
    manifest = Manifest.read(folder, settings)
    if manifest.schema_version != head():
        found = manifest.schema_version
        raise UnfitBackup(
            f"the backup has schema {found}, this program {head()}: restore with one of {found}"
        )
    _refuse_used(settings)
    migrate(settings.warehouse_url)
    _empty(settings)
    _load(folder / DATA, settings, programs)
    with owner(settings) as connection:
        if count_rows(connection) != manifest.rows or digest(connection) != manifest.digest:
            raise UnfitBackup("the restored rows differ from the backup's: do not use this warehouse")
    migrate(
        settings.warehouse_url
    )  # the declarations of this program, where they are newer than the backup's
    _unpack(folder / FILES, settings)
    return manifest


def _refuse_used(settings: Settings) -> None:
    with owner(settings) as connection:
        for name in connection.execute(statement("checks/schema#inputs")).fetchall():
            some = sql.SQL("select 1 from {} limit 1").format(sql.Identifier(*name))
            if connection.execute(some).fetchone():
                raise UnfitBackup(f"{'.'.join(name)} holds rows: restore into a new database")


def _empty(settings: Settings) -> None:
    """What the migration put into the tables comes from the backup instead."""
    with owner(settings) as connection:
        names = connection.execute(statement("checks/schema#tables")).fetchall()
        tables = sql.SQL(", ").join(sql.Identifier(*name) for name in names)
        connection.execute(sql.SQL("truncate {}").format(tables))


def _load(data: Path, settings: Settings, programs: Path) -> None:
    read = [str(programs / "pg_restore"), "--data-only", "--no-owner", "--file=-", str(data)]
    write = [
        str(programs / "psql"),
        "-X",
        "-q",
        "-o",
        "/dev/null",
        "--set=ON_ERROR_STOP=1",
        "--single-transaction",
    ]
    with (
        subprocess.Popen(read, stdout=subprocess.PIPE) as reader,
        subprocess.Popen(
            write, stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=for_programs(settings)
        ) as writer,
    ):
        assert reader.stdout and writer.stdin and writer.stderr  # noqa: S101 (they are pipes, as asked for)
        with suppress(BrokenPipeError):  # psql has ended: its message says why
            writer.stdin.writelines(line for line in reader.stdout if line != NEWER)
            writer.stdin.close()
        said = writer.stderr.read().decode(errors="replace").strip()
    if reader.returncode or writer.returncode:
        # The first line names the fault; further ones can hold a row's values.
        raise UnfitBackup(f"the rows did not go in: {(said or 'pg_restore failed').splitlines()[0]}")


def _unpack(archive: Path, settings: Settings) -> None:
    folders = local_folders(settings)
    with tarfile.open(archive) as packed:
        packed.extraction_filter = getattr(tarfile, "data_filter", None)  # Python before 3.11.4 has none
        for member in packed:
            top, _, rest = member.name.partition("/")
            target = folders.get(top)
            if (
                target is not None
                and rest
                and not (target / rest).exists()
                and not (target / rest).is_symlink()
            ):
                target.mkdir(parents=True, exist_ok=True)
                inner = copy.copy(member)
                inner.name = rest
                packed.extract(inner, target)

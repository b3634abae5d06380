"""`conduct-records COMMAND`. Exit 0 done, 1 the data has issues, 2 wrong use."""

from __future__ import annotations

import argparse
import os
import sys

from conduct_records.cli import desk, evidence, people, records, upkeep
from conduct_records.cli.common import WrongUse
from conduct_records.settings import SettingMissing


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    given = _parser().parse_args(arguments)
    try:
        return int(given.act(given))
    except BrokenPipeError:  # whoever reads our output, `head` for one, has enough
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115 - for the interpreter's last flush
        return 0
    except Exception as error:
        if (told := _told(error)) is None:
            raise
        print(f"error: {told}", file=sys.stderr)
        return 2


def _told(error: Exception) -> str | None:
    """What to say of wrong use, what the system refuses, a warehouse that is away; else None.

    Imported here: a desk that only checks files waits for none of it.
    """
    import psycopg

    from conduct_records.local.programs import ServerFault
    from conduct_records.upkeep.manifest import UnfitBackup
    from conduct_records.warehouse.connection import SchemaUnfit

    known = (SettingMissing, OSError, WrongUse, SchemaUnfit, UnfitBackup, ServerFault)
    if isinstance(error, psycopg.OperationalError):
        return f"warehouse: {str(error).splitlines()[0]}"
    return str(error) if isinstance(error, known) else None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="conduct-records", description=__doc__)
    add = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for group in (desk, evidence, records, people, upkeep):
        group.add_to(add)
    return parser

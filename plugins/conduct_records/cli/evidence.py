"""Files outside the inbox, and files that are read again."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from conduct_records.cli.common import WrongUse, now, show
from conduct_records.local.warehouse import warehouse


def add_to(add: Any) -> None:
    """The commands and what each is given."""
    command = add.add_parser("ingest", help="check a file and load what passes")
    command.add_argument("file", type=Path)
    command.add_argument("--unit", required=True, help="code of the reporting unit or department")
    command.add_argument("--date", required=True, type=date.fromisoformat, help="data date, YYYY-MM-DD")
    command.set_defaults(act=ingest)

    command = add.add_parser("replay", help="read again the files whose contract has changed since")
    command.add_argument("--unit", help="only files of this reporting unit or department")
    command.add_argument("--kind", help="only files of this submission kind")
    command.set_defaults(act=replay)


def ingest(given: Namespace) -> int:
    """Load one file outside the inbox."""
    from conduct_records.intake.inbox import Lane
    from conduct_records.warehouse.ingest import ingest as ingest_file

    if not given.file.is_file():
        raise FileNotFoundError(f"{given.file}: no such file")
    if given.date > now().date():
        raise WrongUse(f"--date {given.date} is still to come")
    with warehouse() as settings:
        path = str(given.file.resolve())
        label = f"{given.unit}/{given.file.name}"
        lane = Lane(path, given.unit, given.date, given.file.name, 0, label)
        done = ingest_file(lane, now(), settings)
    show(asdict(done))
    return 0 if done.is_clean else 1


def replay(given: Namespace) -> int:
    """Read again what a changed contract may read otherwise, refused rows and files among it."""
    from conduct_records.warehouse.replay import replay as read_again

    with warehouse() as settings:
        done = read_again(now(), settings, given.unit, given.kind)
    show([asdict(one) for one in done])
    return 0 if all(one.is_clean for one in done) else 1

"""`conduct-records COMMAND`. Exit 0 done, 1 the data has issues, 2 wrong use."""

from __future__ import annotations

import argparse
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from conduct_records.cli import commands
from conduct_records.settings import SettingMissing


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    given = _parser().parse_args(arguments)
    try:
        return int(given.act(given))
    except Exception as error:
        if (told := _told(error)) is None:
            raise
        print(f"error: {told}", file=sys.stderr)
        return 2


def _moment(text: str) -> datetime:
    """A time with its zone; one without is Beijing time, the last of a day if only the day is given."""
    moment = datetime.fromisoformat(text if "T" in text or " " in text else f"{text}T23:59:59")
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo("Asia/Shanghai"))


def _told(error: Exception) -> str | None:
    """What to say of wrong use and of a warehouse that does not answer; None for anything else.

    Imported here: a desk that only checks files waits for none of it.
    """
    import psycopg

    from conduct_records.local.server import ServerFault
    from conduct_records.upkeep.manifest import UnfitBackup
    from conduct_records.warehouse.connection import SchemaUnfit

    known = (SettingMissing, FileNotFoundError, commands.WrongUse, SchemaUnfit, UnfitBackup, ServerFault)
    if isinstance(error, psycopg.OperationalError):
        return f"warehouse: {str(error).splitlines()[0]}"
    return str(error) if isinstance(error, known) else None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="conduct-records", description=__doc__)
    add = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    check = add.add_parser("check", help="check a file and write its receipt; needs no warehouse")
    check.add_argument("file", type=Path)
    check.add_argument("--kind", help="submission kind, where the headers alone do not tell")
    check.add_argument("--unit", help="code of the reporting unit or department, for the receipt")
    check.add_argument("--date", type=date.fromisoformat, help="data date, YYYY-MM-DD; today if not given")
    check.add_argument("--receipt", type=Path, metavar="DIR", help="folder for the receipt")
    check.add_argument("--json", action="store_true", help="print the machine-readable receipt")
    check.set_defaults(act=commands.check)

    form = add.add_parser("form", help="write the blank form of a kind as a workbook; needs no warehouse")
    form.add_argument("kind", help="submission kind, for example penalty_decision")
    form.add_argument("file", type=Path, help="the workbook to write")
    form.add_argument("--template", help="code of the template; the first of the kind if not given")
    form.set_defaults(act=commands.form)

    ingest = add.add_parser("ingest", help="check a file and load what passes")
    ingest.add_argument("file", type=Path)
    ingest.add_argument("--unit", required=True, help="code of the reporting unit or department")
    ingest.add_argument("--date", required=True, type=date.fromisoformat, help="data date, YYYY-MM-DD")
    ingest.set_defaults(act=commands.ingest)

    replay = add.add_parser("replay", help="read again the files whose contract has changed since")
    replay.add_argument("--unit", help="only files of this reporting unit or department")
    replay.add_argument("--kind", help="only files of this submission kind")
    replay.set_defaults(act=commands.replay)

    build = add.add_parser("build", help="fold new evidence into records")
    build.add_argument("--full", action="store_true", help="fold all evidence again")
    build.set_defaults(act=commands.build)

    for name, act, text in (
        ("digest", commands.digest, "print the digest over all records and lists"),
        ("rebuild", commands.rebuild, "throw away what is derived, fold again, print the digest"),
        ("migrate", commands.migrate, "bring the warehouse to the newest schema"),
        (
            "rotate",
            commands.rotate,
            "link every person in the vault to the new token key; older ones still set",
        ),
    ):
        add.add_parser(name, help=text).set_defaults(act=act)

    explain = add.add_parser("explain", help="the chain behind one record or list entry, as JSON")
    explain.add_argument("key", metavar="RECORD_KEY", nargs="?", help="every record if not given, with --on")
    explain.add_argument("--on", type=date.fromisoformat, metavar="DATE", help="what held, and was published")
    explain.add_argument("--known", type=_moment, metavar="TIME", help="by what was known then, as ISO 8601")
    explain.set_defaults(act=commands.explain)

    _add_review(add)
    backup = add.add_parser("backup", help="back the warehouse and its folders up, without the secrets")
    backup.set_defaults(act=commands.backup)
    restore = add.add_parser("restore", help="put a backup into an empty warehouse and compare the digest")
    restore.set_defaults(act=commands.restore)
    for command in (backup, restore):
        command.add_argument("folder", type=Path, metavar="DIR")

    diagnose = add.add_parser("diagnose", help="how a feed stands: last runs, gaps, what is pending")
    diagnose.add_argument("feed", metavar="FEED", choices=commands.FEEDS)
    diagnose.set_defaults(act=commands.diagnose)

    simulator = add.add_parser("simulator", help="run the sharing platform of the samples")
    simulator.add_argument("--port", type=int, default=8090)
    simulator.set_defaults(act=commands.simulator)
    return parser


def _add_review(add: Any) -> None:
    """What people decide: names that are one enterprise, appearances that are one event."""
    review = add.add_parser("review", help="names and pairs of cases that wait for people, as JSON")
    review.set_defaults(act=commands.review)
    link = add.add_parser("link", help="record what a person decided about two appearances of cases")
    link.add_argument("one", metavar="LIST/CASE_ID")
    link.add_argument("other", metavar="LIST/CASE_ID")
    link.add_argument("judgement", choices=["same", "different", "withdraw"])
    link.add_argument("--by", required=True, help="who decided")
    link.set_defaults(act=commands.link)
    decide = add.add_parser("decide", help="record what a person decided about a name")
    decide.add_argument("candidate", metavar="CANDIDATE_KEY")
    decide.add_argument("subject", metavar="SUBJECT_KEY")
    decide.add_argument("judgement", choices=["same", "different", "unsure", "withdraw"])
    decide.add_argument("--by", required=True, help="who decided")
    decide.set_defaults(act=commands.decide)
    rekey = add.add_parser("rekey", help="record that one subject goes on under another's key")
    rekey.add_argument("old", metavar="OLD_SUBJECT_KEY")
    rekey.add_argument("new", metavar="NEW_SUBJECT_KEY")
    rekey.add_argument("--reason", required=True, help="why, for example: credit code changed")
    rekey.set_defaults(act=commands.rekey)

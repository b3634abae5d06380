"""Records: folded, counted, explained."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from conduct_records.cli.common import WrongUse, now, show
from conduct_records.local.warehouse import warehouse
from conduct_records.settings import BEIJING


def add_to(add: Any) -> None:
    """The commands and what each is given."""
    command = add.add_parser("build", help="fold new evidence into records")
    command.add_argument("--full", action="store_true", help="fold all evidence again")
    command.set_defaults(act=build)

    for name, act, text in (
        ("digest", digest, "print the digest over all records and lists"),
        ("rebuild", rebuild, "throw away what is derived, fold again, print the digest"),
    ):
        add.add_parser(name, help=text).set_defaults(act=act)

    command = add.add_parser("explain", help="the chain behind one record or list entry, as JSON")
    command.add_argument("key", metavar="RECORD_KEY", nargs="?", help="every record if not given, with --on")
    command.add_argument("--on", type=date.fromisoformat, metavar="DATE", help="what held, and was published")
    command.add_argument(
        "--known", type=as_moment, metavar="TIME", help="by what was known then, as ISO 8601"
    )
    command.set_defaults(act=explain)


def build(given: Namespace) -> int:
    """Fold what came since the last build."""
    from conduct_records.records.build import build as build_records

    with warehouse() as settings:
        moment = now()
        show(asdict(build_records(moment.date(), moment, settings, full=given.full)))
    return 0


def digest(_: Namespace) -> int:
    """Print the digest of what stands."""
    from conduct_records.records.digest import digest as compute
    from conduct_records.warehouse.connection import connect

    with warehouse() as settings, connect(settings, "records_builder") as connection:
        print(compute(connection))
    return 0


def rebuild(_: Namespace) -> int:
    """Fold all evidence again, as of the same date."""
    from conduct_records.records.build import rebuild as rebuild_records

    with warehouse() as settings:
        print(rebuild_records(now(), settings).digest)
    return 0


def explain(given: Namespace) -> int:
    """Print the chain behind a key, or with a day what held and what was published then."""
    from conduct_records.records.explain import explain as chain
    from conduct_records.records.explain import history

    if given.key is None and given.on is None:
        raise WrongUse("give a key, or a day with --on")
    try:
        with warehouse() as settings:
            known = history(settings, given.on, given.known, given.key) if given.on else {}
            show(known if given.key is None else chain(given.key, settings) | known)
    except KeyError:
        raise WrongUse(f"no record or list entry has the key {given.key}") from None
    return 0


def as_moment(text: str) -> datetime:
    """A time with its zone; one without is Beijing time, the last of a day if only the day is given."""
    given = datetime.fromisoformat(text if "T" in text or " " in text else f"{text}T23:59:59")
    return given if given.tzinfo else given.replace(tzinfo=BEIJING)

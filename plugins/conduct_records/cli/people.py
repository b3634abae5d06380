"""What people decide: names that are one enterprise, appearances that are one event."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from conduct_records.cli.common import WrongUse, now, show
from conduct_records.local.warehouse import warehouse


def add_to(add: Any) -> None:
    """The commands and what each is given."""
    command = add.add_parser("review", help="names and pairs of cases that wait for people, as JSON")
    command.set_defaults(act=review)
    command = add.add_parser("link", help="record what a person decided about two appearances of cases")
    command.add_argument("one", metavar="LIST/CASE_ID")
    command.add_argument("other", metavar="LIST/CASE_ID")
    command.add_argument("judgement", choices=["same", "different", "withdraw"])
    command.add_argument("--by", required=True, help="who decided")
    command.set_defaults(act=link)
    command = add.add_parser("decide", help="record what a person decided about a name")
    command.add_argument("candidate", metavar="CANDIDATE_KEY")
    command.add_argument("subject", metavar="SUBJECT_KEY")
    command.add_argument("judgement", choices=["same", "different", "unsure", "withdraw"])
    command.add_argument("--by", required=True, help="who decided")
    command.set_defaults(act=decide)
    command = add.add_parser("rekey", help="record that one subject goes on under another's key")
    command.add_argument("old", metavar="OLD_SUBJECT_KEY")
    command.add_argument("new", metavar="NEW_SUBJECT_KEY")
    command.add_argument("--reason", required=True, help="why, for example: credit code changed")
    command.set_defaults(act=rekey)


def review(_: Namespace) -> int:
    """Print the names and the pairs of appearances that wait for a person's decision."""
    from conduct_records.records.cases_decisions import link_queue
    from conduct_records.records.matching import queue
    from conduct_records.warehouse.connection import connect

    with warehouse() as settings, connect(settings, "records_builder") as connection:
        names = ("candidate_key", "subject_key", "score", "features")
        waiting = [dict(zip(names, row, strict=True)) for row in queue(connection)]
        show({"names": waiting, "cases": link_queue(connection)})
    return 0


def link(given: Namespace) -> int:
    """Record a person's decision about two appearances; the next build acts on it."""
    from conduct_records.records.cases_decisions import LinkDecision, decide_link
    from conduct_records.warehouse.connection import connect

    if "/" not in given.one or "/" not in given.other or given.one == given.other:
        raise WrongUse("name two appearances, each as LIST/CASE_ID, e.g. typical/5-1 top100/88")
    with warehouse() as settings, connect(settings, "records_builder") as connection:
        decide_link(connection, LinkDecision(given.one, given.other, given.judgement, given.by, now()))
    return 0


def decide(given: Namespace) -> int:
    """Record a person's decision; the next build acts on it."""
    from conduct_records.records.matching import Decision, withdraw
    from conduct_records.records.matching import decide as record
    from conduct_records.warehouse.connection import connect

    with warehouse() as settings, connect(settings, "records_builder") as connection:
        try:
            if given.judgement == "withdraw":
                withdraw(connection, given.candidate, given.subject, now())
            else:
                pair = given.candidate, given.subject
                record(connection, Decision(*pair, given.judgement, given.by, now()))
        except KeyError as error:
            raise WrongUse(str(error.args[0])) from None
    return 0


def rekey(given: Namespace) -> int:
    """Record that a subject goes on under another key; the next build moves what is held on it."""
    from conduct_records.records.rekey import record_rekey
    from conduct_records.warehouse.connection import connect

    try:
        with warehouse() as settings, connect(settings, "records_builder") as connection:
            record_rekey(connection, given.old, given.new, given.reason, now())
    except (KeyError, ValueError) as error:
        raise WrongUse(str(error)) from error
    return 0

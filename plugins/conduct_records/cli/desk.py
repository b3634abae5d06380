"""What a department does at its own desk: no warehouse is needed."""

from __future__ import annotations

from argparse import Namespace
from datetime import date
from pathlib import Path
from typing import Any

from conduct_records.cli.common import WrongUse, now, show


def add_to(add: Any) -> None:
    """The commands and what each is given."""
    command = add.add_parser("check", help="check a file before it is sent; needs no warehouse")
    command.add_argument("file", type=Path)
    command.add_argument("--kind", help="submission kind, where the headers alone do not tell")
    command.add_argument("--unit", help="code of the reporting unit or department")
    command.add_argument("--date", type=date.fromisoformat, help="data date, YYYY-MM-DD; today if not given")
    command.add_argument("--receipt", type=Path, metavar="DIR", help="folder for what was found")
    command.add_argument("--json", action="store_true", help="print it for machines")
    command.set_defaults(act=check)

    command = add.add_parser("form", help="write the blank form of a kind as a workbook; needs no warehouse")
    command.add_argument("kind", help="submission kind, for example penalty_decision")
    command.add_argument("file", type=Path, help="the workbook to write")
    command.add_argument("--template", help="code of the template; the first of the kind if not given")
    command.set_defaults(act=form)


def check(given: Namespace) -> int:
    """Check one file at a department's own desk."""
    from conduct_records.contracts.book import load_contracts
    from conduct_records.receipts.desk import check_path, first_lines
    from conduct_records.receipts.summary import summary_lines
    from conduct_records.receipts.texts import receipt_texts

    try:
        found = check_path(
            given.file,
            kind=given.kind,
            unit=given.unit,
            data_date=given.date or now().date(),
            receipt_dir=given.receipt,
        )
    except ValueError as error:
        raise WrongUse(str(error)) from error
    book, texts = load_contracts(), receipt_texts(is_trial=True)
    lines = dict(summary_lines(found.checked, book, texts))
    if given.json:
        show({"summary": lines, "issues": found.issues})
    else:
        print("\n".join(f"{label}: {value}" for label, value in lines.items()))
        print(*first_lines(found, book, texts), sep="\n")
    return 1 if found.has_issues else 0


def form(given: Namespace) -> int:
    """Write a blank form for a department to fill in."""
    from conduct_records.contracts.book import load_contracts
    from conduct_records.receipts.form import write_form

    try:
        print(write_form(given.kind, given.template, load_contracts(), str(given.file)))
    except ValueError as error:
        raise WrongUse(str(error)) from error
    return 0

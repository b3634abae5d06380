"""Great Expectations in the run: the rule columns of a date's files, validated by kind, told in Data Docs."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, select_autoescape
from psycopg.types.json import Jsonb

from conduct_records.contracts.book import load_contracts
from conduct_records.settings import TEMPLATES, Settings
from conduct_records.storage import put
from conduct_records.validation.checked import Checked
from conduct_records.validation.suite import RuleColumns, SuiteResult, rule_columns, run_suite
from conduct_records.warehouse.connection import connect
from conduct_records.warehouse.statements import statement


def keep_rule_columns(columns: RuleColumns, checked: Checked, settings: Settings) -> None:
    """Keep the rule columns of one file for the suite that runs once its date's files are in."""
    folder = _columns(settings, checked.data_date) / f"{checked.kind}_{checked.template}"
    columns.save(folder / f"{checked.file_id}.arrow")


def run_suites(dates: Iterable[date], known_at: datetime, settings: Settings) -> list[SuiteResult]:
    """Run the suite of each kind and template that the dates' files have, and write their Data Docs.

    A failing suite is no fault of the run: its rows are in quarantine. Source: requirement B4, decision 9.
    """
    results = []
    docs = settings.data_docs and settings.data_docs / "submissions"
    with connect(settings, "records_loader") as connection:
        for day, folder in _folders(settings, dates):
            result = _run(folder, docs and docs / day.isoformat() / folder.name)
            values = {"suite": result.suite, "data_date": day, "known_at": known_at}
            connection.execute(statement("landing/suite#note"), values | {"counts": Jsonb(_counts(result))})
            results.append(result)
        told = connection.execute(statement("landing/suite#told")).fetchall()
    if docs:
        _write_index(told, docs)
    return results


def _run(folder: Path, docs: Path | None) -> SuiteResult:
    columns = rule_columns(sorted(folder.glob("*.arrow")))
    if docs is not None:
        shutil.rmtree(docs, ignore_errors=True)
    return run_suite(folder.name, columns, docs)


def _counts(result: SuiteResult) -> dict[str, Any]:
    failing = {rule: count for rule, count in result.failing.items() if count}
    return asdict(result) | {"rule_count": len(result.failing), "failing": failing}


def _write_index(told: list[tuple[Any, ...]], folder: Path) -> None:
    labels = load_contracts().labels
    lines = [
        counts
        | {
            "data_date": day.isoformat(),
            "label": labels.get(counts["suite"].rpartition("_")[0], counts["suite"]),
            "page": _page(folder, day, counts["suite"]),
        }
        for day, counts in told
    ]
    pages = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=select_autoescape(["j2"]))
    page = pages.get_template("data_docs.html.j2").render(lines=lines)
    put(folder / "index.html", BytesIO(page.encode()))


def _page(folder: Path, day: date, suite: str) -> str | None:
    """The page of a suite's result, or that which lists its parts; None where its Data Docs are gone."""
    own = folder / day.isoformat() / suite
    found = list((own / "validations").rglob("*.html"))
    page = found[0] if len(found) == 1 else own / "index.html"
    return page.relative_to(folder).as_posix() if page.exists() else None


def _folders(settings: Settings, dates: Iterable[date]) -> list[tuple[date, Path]]:
    return [
        (day, path) for day in dates for path in sorted(_columns(settings, day).glob("*")) if path.is_dir()
    ]


def _columns(settings: Settings, data_date: date) -> Path:
    return settings.state / "rule_columns" / data_date.isoformat()

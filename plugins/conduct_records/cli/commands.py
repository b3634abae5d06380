"""What each command does: the same library functions that the DAGs call."""

from __future__ import annotations

import json
import subprocess
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from conduct_records.settings import ROOT, Settings

FEEDS = ("pushed_cases", "evaluations", "submissions", "records", "platform", "portal", "marts")


class WrongUse(ValueError):
    """The command cannot be carried out as given; the message says what to give."""


def check(given: Namespace) -> int:
    """Check one file at a department's own desk."""
    from conduct_records.contracts.book import load_contracts
    from conduct_records.receipts.desk import check_path
    from conduct_records.receipts.summary import summary_lines
    from conduct_records.receipts.texts import receipt_texts

    try:
        found = check_path(
            given.file,
            kind=given.kind,
            unit=given.unit,
            data_date=given.date or _now().date(),
            receipt_dir=given.receipt,
        )
    except ValueError as error:
        raise WrongUse(str(error)) from error
    lines = dict(summary_lines(found.checked, load_contracts(), receipt_texts()))
    if given.json:
        _show({"summary": lines, "issues": found.issues})
    else:
        print("\n".join(f"{label}: {value}" for label, value in lines.items()))
        print("\n".join(f"  {code}: {count}" for code, count in sorted(found.issues.items())))
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


def ingest(given: Namespace) -> int:
    """Load one file outside the inbox."""
    from conduct_records.intake.inbox import Lane
    from conduct_records.warehouse.ingest import ingest as ingest_file

    if not given.file.is_file():
        raise FileNotFoundError(f"{given.file}: no such file")
    with _settings() as settings:
        path = str(given.file.resolve())
        label = f"{given.unit}/{given.file.name}"
        lane = Lane(path, given.unit, given.date, given.file.name, 0, label)
        done = ingest_file(lane, _now(), settings)
    _show(asdict(done))
    return 0 if done.is_clean else 1


def replay(given: Namespace) -> int:
    """Read again what a changed contract may read otherwise, refused rows and files among it."""
    from conduct_records.warehouse.replay import replay as read_again

    with _settings() as settings:
        done = read_again(_now(), settings, given.unit, given.kind)
    _show([asdict(one) for one in done])
    return 0 if all(one.is_clean for one in done) else 1


def build(given: Namespace) -> int:
    """Fold what came since the last build."""
    from conduct_records.records.build import build as build_records

    with _settings() as settings:
        now = _now()
        _show(asdict(build_records(now.date(), now, settings, full=given.full)))
    return 0


def digest(_: Namespace) -> int:
    """Print the digest of what stands."""
    from conduct_records.records.digest import digest as compute
    from conduct_records.warehouse.connection import connect

    with _settings() as settings, connect(settings, "records_builder") as connection:
        print(compute(connection))
    return 0


def rebuild(_: Namespace) -> int:
    """Fold all evidence again, as of the same date."""
    from conduct_records.records.build import rebuild as rebuild_records

    with _settings() as settings:
        print(rebuild_records(_now(), settings).digest)
    return 0


def migrate(_: Namespace) -> int:
    """Bring the schema, the views and the reference data up to date."""
    from conduct_records.warehouse.migrate import migrate as bring_up

    with _settings() as settings:
        bring_up(settings.warehouse_url)
    return 0


def rotate(_: Namespace) -> int:
    """Link every person in the vault to the present token key."""
    from conduct_records.warehouse.persons import link_persons

    with _settings() as settings:
        print(link_persons(settings, _now()))
    return 0


def rekey(given: Namespace) -> int:
    """Record that a subject goes on under another key; the next build moves what is held on it."""
    from conduct_records.records.rekey import record_rekey
    from conduct_records.warehouse.connection import connect

    try:
        with _settings() as settings, connect(settings, "records_builder") as connection:
            record_rekey(connection, given.old, given.new, given.reason, _now())
    except (KeyError, ValueError) as error:
        raise WrongUse(str(error)) from error
    return 0


def explain(given: Namespace) -> int:
    """Print the chain behind a key, or with a day what held and what was published then."""
    from conduct_records.records.explain import explain as chain
    from conduct_records.records.explain import history

    if given.key is None and given.on is None:
        raise WrongUse("give a key, or a day with --on")
    try:
        with _settings() as settings:
            known = history(settings, given.on, given.known, given.key) if given.on else {}
            _show(known if given.key is None else chain(given.key, settings) | known)
    except KeyError:
        raise WrongUse(f"no record or list entry has the key {given.key}") from None
    return 0


def review(_: Namespace) -> int:
    """Print the names and the pairs of appearances that wait for a person's decision."""
    from conduct_records.records.cases_decisions import link_queue
    from conduct_records.records.matching import queue
    from conduct_records.warehouse.connection import connect

    with _settings() as settings, connect(settings, "records_builder") as connection:
        names = ("candidate_key", "subject_key", "score", "features")
        waiting = [dict(zip(names, row, strict=True)) for row in queue(connection)]
        _show({"names": waiting, "cases": link_queue(connection)})
    return 0


def link(given: Namespace) -> int:
    """Record a person's decision about two appearances; the next build acts on it."""
    from conduct_records.records.cases_decisions import LinkDecision, decide_link
    from conduct_records.warehouse.connection import connect

    if "/" not in given.one or "/" not in given.other or given.one == given.other:
        raise WrongUse("name two appearances, each as LIST/CASE_ID, e.g. typical/5-1 top100/88")
    with _settings() as settings, connect(settings, "records_builder") as connection:
        decide_link(connection, LinkDecision(given.one, given.other, given.judgement, given.by, _now()))
    return 0


def decide(given: Namespace) -> int:
    """Record a person's decision; the next build acts on it."""
    from conduct_records.records.matching import Decision, withdraw
    from conduct_records.records.matching import decide as record
    from conduct_records.warehouse.connection import connect

    with _settings() as settings, connect(settings, "records_builder") as connection:
        try:
            if given.judgement == "withdraw":
                withdraw(connection, given.candidate, given.subject, _now())
            else:
                pair = given.candidate, given.subject
                record(connection, Decision(*pair, given.judgement, given.by, _now()))
        except KeyError as error:
            raise WrongUse(str(error.args[0])) from None
    return 0


def diagnose(given: Namespace) -> int:
    """Print what the warehouse knows about a feed."""
    from conduct_records.upkeep.diagnose import diagnose as look_at

    with _settings() as settings:
        found = look_at(given.feed, settings)
    _show(asdict(found))
    return 0 if found.is_well else 1


def backup(given: Namespace) -> int:
    """Write a backup into a new folder."""
    from conduct_records.local.server import binaries
    from conduct_records.upkeep.backup import backup as back_up

    with _settings() as settings:
        made = back_up(given.folder, _now(), settings, binaries())
    _show({"schema_version": made.schema_version, "digest": made.digest, "folders": made.folders})
    return 0


def restore(given: Namespace) -> int:
    """Put a backup into an empty warehouse."""
    from conduct_records.local.server import binaries
    from conduct_records.upkeep.restore import restore as put_back

    with _settings() as settings:
        print(put_back(given.folder, settings, binaries()).digest)
    return 0


def simulator(given: Namespace) -> int:
    """Run the sample platform until it is stopped."""
    state = Settings.load().state / "simulator.sqlite"
    data = ROOT / "samples" / "platform"
    command = [sys.executable, "-m", "simulator", "--port", str(given.port)]
    return subprocess.call([*command, "--state", str(state), "--data", str(data)], cwd=ROOT)


@contextmanager
def _settings() -> Iterator[Settings]:
    """The environment's warehouse, or else the embedded one of this checkout, started if need be."""
    settings = Settings.load()
    if settings.environ.get("WAREHOUSE_URL"):
        yield settings
        return
    from conduct_records.local.environment import warehouse_environment
    from conduct_records.local.server import Server

    server = Server(settings.state).start()
    try:
        yield Settings.load(warehouse_environment(server))
    finally:
        server.release()


def _now() -> datetime:
    return datetime.now(UTC)


def _show(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2, default=str))

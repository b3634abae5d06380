"""One file from the inbox to evidence and a receipt: one transaction, recognised when it comes again."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from conduct_records.contracts.book import load_contracts
from conduct_records.intake.ahead import ahead
from conduct_records.intake.inbox import Known, Lane
from conduct_records.intake.refusal import Refused
from conduct_records.receipts.write import Receipt
from conduct_records.settings import Settings
from conduct_records.storage import location
from conduct_records.validation.check import check
from conduct_records.validation.checked import Checked
from conduct_records.validation.results import Chunk
from conduct_records.validation.suite import RuleColumns
from conduct_records.validation.vault import Tokeniser
from conduct_records.warehouse.attempts import attempt, parked
from conduct_records.warehouse.connection import Connection, connect
from conduct_records.warehouse.load import Loader
from conduct_records.warehouse.statements import statement
from conduct_records.warehouse.suites import keep_rule_columns

COUNTS = ("rows", "accepted", "quarantined", "duplicates", "skipped")


@dataclass(frozen=True)
class Ingested:
    """What became of one file. state: accepted, refused, or known (these bytes were taken before)."""

    file_id: str
    state: str
    counts: dict[str, int]
    receipts: tuple[str, ...] = ()

    @property
    def is_clean(self) -> bool:
        """Whether every row passed."""
        return self.state != "refused" and self.counts["quarantined"] == 0


class Exchanged(RuntimeError):
    """The file is not the one that was listed, or was hashed; the message says which."""


def ingest(lane: Lane, known_at: datetime, settings: Settings) -> Ingested:
    """Check, load and answer one file. Data never makes it raise: a file is refused, a row quarantined.

    Source: requirements B4 to B9; architecture decisions 3 and 16.

    Raises:
        Exchanged: another file took its place meanwhile; nothing is kept, and the next try reads that one.
    """
    book = load_contracts()
    tokeniser = Tokeniser(*settings.person_key, settings.older_person_keys)
    with attempt(lane, known_at, settings), _local(lane.path) as path:
        before = _identity(lane.path)
        checked = check(path, lane.file_name, lane.unit_code, lane.data_date, book, tokeniser=tokeniser)
        receipt = Receipt(checked, f"{settings.outbox}/{lane.unit_code}/{lane.data_date}", book)
        with connect(settings, "records_loader") as connection:
            known = _known(connection, lane, checked, known_at)
            if known is None:
                columns = _load(connection, lane, checked, receipt, known_at)
            if _identity(lane.path) != before:
                raise Exchanged("the file changed while it was read")
        if known is not None:
            counts, is_told = known
            return Ingested(checked.file_id, "known", counts, tuple(receipt.known(is_told)))
        keep_rule_columns(columns, checked, settings)
        state = "refused" if checked.refusal else "accepted"
        return Ingested(checked.file_id, state, counts_of(checked), tuple(receipt.write()))


def sightings(settings: Settings) -> Known:
    """Which of some (path, fingerprint) landing has seen or leaves alone, for `intake.inbox.waiting`."""

    def seen(asked: list[tuple[str, str]]) -> set[tuple[str, str]]:
        with connect(settings, "records_loader") as connection:
            known = set(connection.execute(statement("landing/file#sightings")).fetchall())
        return set(asked) & (known | parked(settings))

    return seen


def counts_of(checked: Checked) -> dict[str, int]:
    """Rows by what became of them; a refused file takes none."""
    return {name: 0 if checked.refusal else getattr(checked.totals, name) for name in COUNTS}


def _known(
    connection: Connection, lane: Lane, checked: Checked, known_at: datetime
) -> tuple[dict[str, int], bool] | None:
    """Note where and for which date the file was seen; when it was taken before, its counts and whether that
    was this same arrival, whose task was killed before its receipts or is run again.
    """
    values = {
        "path": lane.path,
        "fingerprint": lane.fingerprint,
        "file_id": checked.file_id,
        "known_at": known_at,
    }
    connection.execute(statement("landing/file#one_at_a_time"), values)
    connection.execute(statement("landing/file#sight"), values)
    row = connection.execute(statement("landing/file#known"), values).fetchone()
    return (dict(zip(COUNTS, row[:-1], strict=True)), bool(row[-1])) if row else None


def _load(
    connection: Connection, lane: Lane, checked: Checked, receipt: Receipt, known_at: datetime
) -> RuleColumns:
    """All chunks or none of them: what turns out unreadable half-way leaves only its refusal."""
    columns = RuleColumns()
    try:
        with connection.transaction():
            loader = Loader(connection, checked, known_at)
            for chunk in ahead(_told(ahead(checked.chunks()), receipt, columns)):
                loader.chunk(chunk)
    except Refused:
        loader = Loader(connection, checked, known_at)  # checked now says why
        columns = RuleColumns()
    loader.issues(checked.file_issues)
    loader.file(lane.path, lane.sequence)
    return columns


def _told(chunks: Iterable[Chunk], receipt: Receipt, columns: RuleColumns) -> Iterator[Chunk]:
    """The chunks, told to the receipts and the suite on their way: while one is loaded the next is told."""
    for chunk in chunks:
        receipt.add(chunk)
        columns.add(chunk)
        yield chunk


def _identity(address: str) -> tuple[int, ...]:
    """What no other file has that is put in this one's place, and it has no more once it was written to.

    The inbox leaves links alone, but since its look a unit may have made one: to what another sent.
    """
    if "://" in address:
        return ()
    facts = os.lstat(address)
    if stat.S_ISLNK(facts.st_mode):
        raise Exchanged("the file has become a link: the inbox takes none")
    return facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns


@contextmanager
def _local(address: str) -> Iterator[Path]:
    """The file on this machine; a bucket's file is copied for as long as it is read."""
    if "://" not in address:
        yield Path(address)
        return
    with tempfile.TemporaryDirectory() as folder, location(address).open("rb") as source:
        copy = Path(folder) / "submission"
        with copy.open("wb") as target:
            shutil.copyfileobj(source, target)
        yield copy

"""Both receipts of one file, collected while its chunks pass by, then put where the submitter finds them."""

from __future__ import annotations

import tempfile
from pathlib import Path

from conduct_records import storage
from conduct_records.contracts.book import ContractBook, load_contracts
from conduct_records.intake.refusal import Refused
from conduct_records.receipts import told
from conduct_records.receipts.apart import WorkbookApart
from conduct_records.receipts.machine import MachineReceipt
from conduct_records.receipts.spool import Spool
from conduct_records.receipts.texts import receipt_texts
from conduct_records.storage import location, plain_name
from conduct_records.validation.checked import Checked
from conduct_records.validation.results import Chunk


class Receipt:
    """The receipts of one file: `add` each chunk, then `write`. Nothing is put anywhere before `write`."""

    def __init__(
        self, checked: Checked, address: str, book: ContractBook | None = None, *, is_trial: bool = False
    ) -> None:
        """`address` is a folder or a bucket URL; `is_trial`: the file was checked, and not sent."""
        self._checked = checked
        self._address = address
        self._book = book or load_contracts()
        self._texts = receipt_texts(is_trial=is_trial)
        self._spool = Spool(checked)
        self._machine = MachineReceipt()
        self._folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self._workbook = Path(self._folder.name) / self._name(".xlsx")
        self._apart: WorkbookApart | None = None

    def add(self, chunk: Chunk) -> None:
        """Take what the receipts tell of one chunk; the rows of a long file go straight to its workbook."""
        self._spool.add(chunk)
        self._machine.add(chunk.issues)
        if self._spool.whole:
            return
        if self._apart is None:
            self._apart = WorkbookApart(self._workbook)
            self._apart.send([told.opening(self._texts), told.header(self._spool, self._texts)])
        self._apart.send(told.rows(self._spool.take(), self._texts))

    def write(self) -> list[str]:
        """Write both receipts once the chunks are used up or the file was refused; returns their paths."""
        if self._checked.refusal is not None:
            self._forget()
        machine = self._workbook.with_name(self._name(".json"))
        with self._folder:
            self._write_workbook()
            self._machine.write(self._checked, self._texts, machine)
            return [put(file, self._address) for file in (self._workbook, machine)]

    def _write_workbook(self) -> None:
        from conduct_records.receipts.workbook import write_workbook

        summary = told.summary(self._spool, self._book, self._texts)
        if self._apart is not None:
            self._apart.send([summary])
            self._apart.finish()
            return
        rows = self._spool.take()
        header = [told.header(self._spool, self._texts)] if rows else []
        parts = [told.opening(self._texts), *header, *told.rows(rows, self._texts), summary]
        write_workbook(parts, str(self._workbook))

    def _forget(self) -> None:
        """A refusal stands for all that was found before it."""
        self._spool = Spool(self._checked)
        self._machine.clear()
        if self._apart is not None:
            self._apart.drop()
            self._apart = None

    def known(self, is_told: bool = False) -> list[str]:
        """For bytes taken before (B8): a note that says so, and the receipts where they are missing.

        `is_told`: it is the same arrival once more, so there is nothing to note.
        """
        paths = [str(location(self._address) / self._name(ending)) for ending in (".xlsx", ".json")]
        if not all(location(path).exists() for path in paths):
            paths = write_chunks(self, self._checked)
        self._folder.cleanup()
        return paths if is_told else [*paths, self._note()]

    def _note(self) -> str:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / self._texts.seen_name.format(stem=_safe(self._checked.file_name))
            issue = self._book.issues["file_seen"]
            lines = [self._checked.file_name, issue.message, self._checked.sha256]
            file.write_text("\n".join(lines) + "\n", encoding="utf-8")
            return put(file, self._address)

    def _name(self, ending: str) -> str:
        return self._texts.file_name.format(stem=_safe(self._checked.file_name)) + ending


def write_chunks(receipt: Receipt, checked: Checked) -> list[str]:
    """Use up the chunks of a checked file and write its receipts; a refusal is told, not raised."""
    try:
        for chunk in checked.chunks():
            receipt.add(chunk)
    except Refused:
        pass  # checked.refusal holds it, and the receipt says it
    return receipt.write()


def put(file: Path, address: str) -> str:
    """Copy a file to a folder or bucket; under its final name it is whole or absent."""
    target = location(address) / file.name
    with file.open("rb") as source:
        storage.put(target, source)
    return str(target)


def _safe(file_name: str) -> str:
    """A file name that a receipt can be called after, whatever the submitter's was."""
    return plain_name(file_name).strip(". ")[:60] or "_"

"""Both receipts of one file, written while its chunks pass by."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from conduct_records.contracts.book import ContractBook
from conduct_records.intake.refusal import Refused
from conduct_records.receipts.machine import MachineReceipt
from conduct_records.receipts.spool import Spool
from conduct_records.receipts.texts import receipt_texts
from conduct_records.validation.check import Checked
from conduct_records.validation.chunks import Chunk


@dataclass(frozen=True)
class ReceiptPaths:
    """Where the two receipts of a file are."""

    workbook: Path
    machine: Path


class ReceiptWriter:
    """A context: `add` each chunk, then `finish`. Left without `finish`, it leaves no file behind."""

    def __init__(self, checked: Checked, book: ContractBook, out_dir: Path) -> None:
        out_dir.mkdir(parents=True, exist_ok=True)
        self._texts = receipt_texts()
        self._checked = checked
        self._book = book
        stem = self._texts.file_name.format(stem=_safe(checked.file_name))
        self.paths = ReceiptPaths(out_dir / f"{stem}.xlsx", out_dir / f"{stem}.json")
        self._spool = Spool(checked)
        self._machine = MachineReceipt(self.paths.machine)

    def __enter__(self) -> ReceiptWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._machine.discard()

    def add(self, chunk: Chunk) -> None:
        """Take what the receipts tell of one chunk."""
        self._spool.add(chunk)
        self._machine.add(chunk.issues)

    def finish(self) -> ReceiptPaths:
        """Write both files; call it when the chunks are used up, or the file was refused."""
        from conduct_records.receipts.workbook import write_workbook

        if self._checked.refusal is not None:
            self._spool.rows.clear()
        write_workbook(self._spool, self._book, self._texts, self.paths.workbook)
        self._machine.close(self._checked, self._book, self._texts)
        return self.paths


def write_receipts(checked: Checked, book: ContractBook, out_dir: Path) -> ReceiptPaths:
    """Use up the chunks of a checked file and write its receipts; a refusal on the way is told, not raised."""
    with ReceiptWriter(checked, book, out_dir) as writer:
        try:
            for chunk in checked.chunks():
                writer.add(chunk)
        except Refused:
            pass  # checked.refusal holds it, and the receipt says it
        return writer.finish()


def _safe(file_name: str) -> str:
    """A file name that a receipt can be called after, whatever the submitter's was."""
    plain = "".join("_" if letter in '/\\:*?"<>|' or ord(letter) < 32 else letter for letter in file_name)
    return plain.strip(". ")[:120] or "_"

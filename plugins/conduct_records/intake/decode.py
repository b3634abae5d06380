"""In which encoding a text file is, by evidence from all of its bytes (B2, B10)."""

from __future__ import annotations

import codecs
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from conduct_records.intake.refusal import Refused

Encoding = Literal["utf-8", "utf-8-sig", "gb18030", "utf-16-le", "utf-16-be"]
REPLACEMENT = "\ufffd"
_BLOCK = 1 << 18  # decoded, it still fits the cache: a larger one takes twice as long
_EARLY = 1 << 20
_SAMPLE = 4 << 20


@dataclass(frozen=True)
class FileFacts:
    """Facts of the bytes alone."""

    sha256: str
    size: int


def file_facts(path: Path) -> FileFacts:
    """Hash and size, read in blocks."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            size += len(block)
    return FileFacts(digest.hexdigest(), size)


def detect_encoding(path: Path) -> Encoding:
    """The encoding in which every byte makes sense: what a mark says, else UTF-8, else GB18030.

    Raises:
        Refused: mixed_encoding, unknown_encoding, nul_bytes.
    """
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        marked: Encoding = "utf-16-le" if head.startswith(codecs.BOM_UTF16_LE) else "utf-16-be"
        return _require(path, marked)
    if _looks_utf16le(head):
        return _require(path, "utf-16-le")
    marked = "utf-8-sig" if head.startswith(codecs.BOM_UTF8) else "utf-8"
    _refuse_nul(path)
    failed_at = _first_failure(path, marked)
    if failed_at is None:
        return marked
    if marked == "utf-8-sig" or _mostly_utf8(path):
        raise Refused("mixed_encoding", f"UTF-8 / {failed_at}")
    if (failed_at := _first_failure(path, "gb18030")) is None:
        return "gb18030"
    raise Refused("mixed_encoding" if failed_at > _EARLY else "unknown_encoding", f"GB18030 / {failed_at}")


def _require(path: Path, encoding: Encoding) -> Encoding:
    failed_at = _first_failure(path, encoding)
    if failed_at is not None:
        raise Refused("mixed_encoding", f"{encoding} / {failed_at}")
    return encoding


def _first_failure(path: Path, encoding: str) -> int | None:
    """The offset of the block in which the bytes stop making sense, None if they all do."""
    decoder = codecs.getincrementaldecoder(encoding)()
    offset = 0
    with path.open("rb") as file:
        try:
            while block := file.read(_BLOCK):
                decoder.decode(block)
                offset += len(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            return offset + error.start
    return None


def whole(text: str) -> str:
    """The text with U+FFFD for what PostgreSQL cannot hold: NUL, and halves of surrogate pairs.

    A workbook and JSON can write both with plain letters. What was damaged is found like any other damage.
    """
    if text.isprintable():
        return text
    return text.replace("\x00", REPLACEMENT).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _refuse_nul(path: Path) -> None:
    offset = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            if (place := block.find(0)) >= 0:
                raise Refused("nul_bytes", str(offset + place))
            offset += len(block)


def _looks_utf16le(head: bytes) -> bool:
    """Separators and line ends of a UTF-16LE table have their NUL behind them, and nothing else has."""
    pairs = [head[i : i + 2] for i in range(0, len(head) - 1, 2)]
    marks = sum(pair in (b",\0", b"\t\0", b"\n\0", b"\r\0") for pair in pairs)
    return marks >= 2 and all(pair != b"\0\0" for pair in pairs)


def _mostly_utf8(path: Path) -> bool:
    """Whether the file is UTF-8 with some other bytes in it, rather than another encoding."""
    with path.open("rb") as file:
        text = file.read(_SAMPLE).decode("utf-8", "replace")
    broken = text.count(REPLACEMENT)
    wide = sum(1 for letter in text if letter >= "\u0800" and letter != REPLACEMENT)
    return wide >= 10 and broken <= 4 * wide  # GB18030 read as UTF-8 hardly ever gives a wide letter

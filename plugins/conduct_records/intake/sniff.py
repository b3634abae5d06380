"""What a file is, told by its content; a name that claims something else is refused (B2, B9)."""

from __future__ import annotations

import mmap
import re
import unicodedata
import zipfile
import zlib
from pathlib import Path
from typing import Literal

from conduct_records.intake.extent import check_extent
from conduct_records.intake.limits import LIMITS, Limits
from conduct_records.intake.refusal import Refused

Format = Literal["csv", "xlsx", "xls", "jsonl"]
_EXTENSIONS = {
    ".csv": "csv", ".txt": "csv", ".tsv": "csv", ".xlsx": "xlsx", ".xlsm": "xlsx", ".xls": "xls",
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl",
}  # fmt: skip
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN = {
    b"%PDF": "PDF", b"\x89PNG": "PNG", b"\xff\xd8\xff": "JPEG", b"Rar!": "RAR", b"7z\xbc\xaf": "7z",
    b"\x1f\x8b": "gzip", b"GIF8": "GIF", b"PAR1": "Parquet", b"\x7fELF": "ELF", b"MZ\x90": "EXE",
}  # fmt: skip
_INVISIBLE = {"Cc", "Cf", "Cs", "Zl", "Zp"}  # among them the marks that turn the order of letters round
_UNSAFE_NAME = re.compile(r"[/\\:*?\"<>|]|^\.\.?$|^\s*$")


def check_name(file_name: str) -> None:
    """Refuse names that could reach outside their folder or hide what they are.

    Raises:
        Refused: unsafe_name.
    """
    is_hiding = not _INVISIBLE.isdisjoint(map(unicodedata.category, file_name))
    if is_hiding or _UNSAFE_NAME.search(file_name) or len(file_name.encode("utf-8", "replace")) > 255:
        raise Refused("unsafe_name", repr(file_name)[1:-1][:80])


def sniff(path: Path, file_name: str, limits: Limits = LIMITS) -> Format:
    """The format of a file.

    Raises:
        Refused: empty_file, too_large, unsupported_format, wrong_extension, or what makes a workbook unsafe.
    """
    size = path.stat().st_size
    if size == 0:
        raise Refused("empty_file")
    if size > limits.file_bytes:
        raise Refused("too_large", f"{size} > {limits.file_bytes}")
    found = _by_content(path)
    claimed = _EXTENSIONS.get(Path(file_name).suffix.lower())
    if claimed and claimed != found:
        raise Refused("wrong_extension", found, Path(file_name).suffix)
    if found in {"xlsx", "xls"} and size > limits.workbook_bytes:
        raise Refused("too_large", f"{size} > {limits.workbook_bytes}")
    if found == "xlsx":
        _check_archive(path, limits)
    return found


def _by_content(path: Path) -> Format:
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(b"PK"):
        return "xlsx"
    if head.startswith(_OLE):
        if _is_encrypted(path):
            raise Refused("encrypted")
        return "xls"
    for magic, name in _FOREIGN.items():
        if head.startswith(magic):
            raise Refused("unsupported_format", name)
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith((b"<", b"\xff\xfe<\x00")):
        raise Refused("unsupported_format", "HTML/XML")
    if text.startswith(b"{"):
        return "jsonl"
    return "csv"


def _is_encrypted(path: Path) -> bool:
    """Whether an OLE file only wraps a workbook that a password locks (MS-OFFCRYPTO)."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return content.find("EncryptedPackage".encode("utf-16-le")) >= 0


def _check_archive(path: Path, limits: Limits) -> None:
    """Look at a workbook's members before anything unpacks them."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _check_members(members, path.stat().st_size, limits)
            if not any(member.filename.startswith("xl/") for member in members):
                raise Refused("unsupported_format", "ZIP")
            for member in members:
                _check_member(archive, member, limits)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        OSError,
        ValueError,
    ) as error:
        raise Refused("unreadable", type(error).__name__) from error


def _check_members(members: list[zipfile.ZipInfo], size: int, limits: Limits) -> None:
    unpacked = sum(member.file_size for member in members)
    if len(members) > limits.members:
        raise Refused("zip_bomb", f"{len(members)} > {limits.members}")
    if unpacked > limits.unpacked_bytes or unpacked > max(size, 1) * limits.ratio:
        raise Refused("zip_bomb", f"{unpacked} / {size}")


def _check_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, limits: Limits) -> None:
    name = member.filename
    if name.startswith(("/", "\\")) or ".." in Path(name.replace("\\", "/")).parts or ":" in name:
        raise Refused("unsafe_name", name[:80])
    if member.flag_bits & 1:
        raise Refused("encrypted")
    if not name.endswith((".xml", ".rels")):
        return
    with archive.open(member) as part:
        head = part.read(8192)
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise Refused("xml_entity")
    check_extent(archive, member, head, limits)

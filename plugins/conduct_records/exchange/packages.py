"""Packages of the file mode: a zip of JSON lines, a manifest with counts and checksums, and its signature.

Modelled on the file mode of GB/T 39443 (a data file beside a description of it, in a front-end folder); the
platform's own layout is not public. docs/sharing.md describes it for the other side.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any, cast

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from conduct_records.exchange.errors import NotUnderstood
from conduct_records.exchange.messages import required

FORMAT = "conduct-records-package/1"
MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
CREATED = (2019, 1, 28, 0, 0, 0)  # equal content gives equal bytes
LARGEST = 1 << 30  # bytes of one package, unpacked
# What a broken zip, a wrong signature, or a manifest of another shape raises.
UNREADABLE = (InvalidSignature, AttributeError, KeyError, OSError, RuntimeError, TypeError, ValueError)

Row = dict[str, Any]


@dataclass(frozen=True)
class Package:
    """What a package said: its manifest, and the rows of each of its files by name."""

    manifest: Mapping[str, Any]
    rows: Mapping[str, list[Row]]


def pack(key: Ed25519PrivateKey, manifest: Mapping[str, Any], rows: Mapping[str, Iterable[Row]]) -> bytes:
    """A package of some files of rows, signed as a whole: the manifest states count and SHA-256 of each."""
    files = {name: "".join(_line(row) for row in part).encode() for name, part in rows.items()}
    stated = [
        {"name": name, "rows": data.count(b"\n"), "bytes": len(data), "sha256": _digest(data)}
        for name, data in files.items()
    ]
    told = json.dumps({"format": FORMAT, **manifest, "files": stated}, sort_keys=True).encode()
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as book:
        for name, data in {MANIFEST: told, SIGNATURE: b64encode(key.sign(told)), **files}.items():
            book.writestr(zipfile.ZipInfo(name, CREATED), data, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def unpack(key: Ed25519PublicKey, content: bytes) -> Package:
    """Read a package; nothing in it is believed before the signature over its manifest holds.

    Raises:
        NotUnderstood: no zip, too large, cut, changed, signed by another, or of files that are not stated.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as book:
            if sum(each.file_size for each in book.infolist()) > LARGEST:
                raise NotUnderstood("a package too large")
            parts = {name: book.read(name) for name in book.namelist()}
        told = parts.pop(MANIFEST)
        key.verify(b64decode(parts.pop(SIGNATURE)), told)
        manifest = json.loads(told)
        return Package(manifest, {each["name"]: _rows(each, parts) for each in _stated(manifest, parts)})
    except (*UNREADABLE, zipfile.BadZipFile) as error:
        raise NotUnderstood(f"a package: {type(error).__name__}") from None


def private_key(text: str) -> Ed25519PrivateKey:
    """A key from 32 bytes in base64.

    Raises:
        ValueError: it is something else.
    """
    return Ed25519PrivateKey.from_private_bytes(b64decode(text, validate=True))


def public_key(text: str) -> Ed25519PublicKey:
    """The other side's key, from 32 bytes in base64.

    Raises:
        ValueError: it is something else.
    """
    return Ed25519PublicKey.from_public_bytes(b64decode(text, validate=True))


def _stated(manifest: Mapping[str, Any], parts: Mapping[str, bytes]) -> list[Row]:
    files = cast("list[Row]", required(manifest, "files", list))
    if manifest.get("format") != FORMAT or {each["name"] for each in files} != parts.keys():
        raise NotUnderstood("a package of another format, or of other files than it states")
    return files


def _rows(stated: Row, parts: Mapping[str, bytes]) -> list[Row]:
    data = parts[stated["name"]]
    if (_digest(data), data.count(b"\n")) != (stated["sha256"], stated["rows"]):
        raise NotUnderstood("a file of a package is not what its manifest states")
    return [json.loads(line) for line in data.splitlines()]


def _line(row: Row) -> str:
    return json.dumps(row, ensure_ascii=False, sort_keys=True, default=str) + "\n"


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()

"""The platform's side of the file mode: takes packages from the exchange folder, answers each with another.

Written against docs/sharing.md and nothing of the sender's, so that two sides read the same description.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from simulator.operations import refusal
from simulator.store import Store

Row = dict[str, Any]


@dataclass
class Collector:
    """What the platform needs to work on a folder: its store, its key and the sender's."""

    folder: Path
    store: Store
    key: Ed25519PrivateKey
    sender: Ed25519PublicKey

    def collect(self) -> int:
        """Answer every package that has no answer, in order, then say what is held; how many there were."""
        names = [
            path.name
            for path in sorted((self.folder / "to_platform").glob("*.zip"))
            if not (self.folder / "from_platform" / path.name).exists()
        ]
        for name in names:
            self._answer(name)
        if names:
            self._state(names[-1])
        return len(names)

    def _answer(self, name: str) -> None:
        try:
            messages = self._messages(self.folder / "to_platform" / name)
        except (InvalidSignature, KeyError, ValueError, zipfile.BadZipFile):
            return self._write(name, {"answers": name, "refused": "unreadable"}, {"receipts.jsonl": []})
        receipts = self.store.take(messages, lambda message: refusal(message, ()))
        self._write(name, {"answers": name}, {"receipts.jsonl": receipts})

    def _messages(self, path: Path) -> list[Row]:
        with zipfile.ZipFile(path) as book:
            manifest = book.read("manifest.json")
            self.sender.verify(b64decode(book.read("manifest.sig")), manifest)
            (stated,) = json.loads(manifest)["files"]
            data = book.read(stated["name"])
        if hashlib.sha256(data).hexdigest() != stated["sha256"]:
            raise ValueError("checksum")
        return [json.loads(line) for line in data.splitlines()]

    def _state(self, last: str) -> None:
        groups = self.store.groups(None)
        items = [
            {
                **{name: each[name] for name in ("kind", "region_code", "class_code")},
                "record_key": key,
                "content_hash": hash_,
            }
            for each in groups
            for key, hash_ in self._held(each)
        ]
        self._write("holdings.zip", {"after": last}, {"groups.jsonl": groups, "items.jsonl": items})

    def _held(self, group: Row) -> Iterable[tuple[str, str]]:
        key, has_more = "", True
        while has_more:
            wanted = (group["kind"], group["region_code"], group["class_code"])
            items, has_more = self.store.holdings(wanted, key)
            yield from ((item["record_key"], item["content_hash"]) for item in items)
            key = items[-1]["record_key"] if items else key

    def _write(self, name: str, manifest: Row, files: dict[str, list[Row]]) -> None:
        parts = {
            path: "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
            for path, rows in files.items()
        }
        stated = [
            {
                "name": path,
                "rows": len(files[path]),
                "bytes": len(data),
                "sha256": hashlib.sha256(data).hexdigest(),
            }
            for path, data in parts.items()
        ]
        told = json.dumps({"format": "conduct-records-package/1", **manifest, "files": stated}).encode()
        target = self.folder / "from_platform" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(target.with_suffix(".part"), "w") as book:
            book.writestr("manifest.json", told)
            book.writestr("manifest.sig", b64encode(self.key.sign(told)))
            for path, data in parts.items():
                book.writestr(path, data)
        target.with_suffix(".part").replace(target)

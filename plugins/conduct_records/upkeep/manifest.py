"""What a backup says of itself, so that a restore can refuse what does not fit before it touches anything."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from conduct_records.settings import Settings

NAME = "manifest.json"
DATA = "warehouse.dump"
FILES = "files.tar"


class UnfitBackup(ValueError):
    """A backup that can't be used here; the message is one line that says why. Nothing has been touched."""


@dataclass(frozen=True)
class Manifest:
    """`made_at` is UTC; `digest` is that of all records; `sha256` has one value for each part.

    `token_key_check` tells whether PERSON_TOKEN_KEY is still the same key, and nothing else about it.
    """

    made_at: str
    schema_version: str
    digest: str
    rows: dict[str, int]
    folders: dict[str, str]
    token_key_version: str
    token_key_check: str
    sha256: dict[str, str]

    def write(self, folder: Path) -> None:
        """Write it last: a backup without it is no backup."""
        (folder / NAME).write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path, settings: Settings) -> Manifest:
        """Read it and check every part and the key.

        Raises:
            UnfitBackup: it is incomplete, damaged, or was made under another key.
        """
        try:
            manifest = cls(**json.loads((folder / NAME).read_text(encoding="utf-8")))
        except FileNotFoundError:
            raise UnfitBackup(f"{folder} has no {NAME}: it holds no whole backup") from None
        for name, expected in manifest.sha256.items():
            if not (folder / name).exists() or sha256_of(folder / name) != expected:
                raise UnfitBackup(f"{folder / name} is missing or damaged")
        version, check = token_key_check(settings)
        if version == manifest.token_key_version and check != manifest.token_key_check:
            raise UnfitBackup("PERSON_TOKEN_KEY is not the key of this backup: people would get other tokens")
        return manifest


def token_key_check(settings: Settings) -> tuple[str, str]:
    """The version of the key for persons' ids, and 16 digits that only this key gives."""
    version, key = settings.person_key
    return version, hmac.new(key, b"conduct-records backup", "sha256").hexdigest()[:16]


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

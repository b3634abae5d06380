"""Secrets of this machine: made once, kept under the state folder, readable by nobody else."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path


def private_folder(path: Path) -> Path:
    """Make `path` a folder that only its owner may enter, and return it."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.chmod(0o700)
    return path


def secret(state: Path, name: str, *, size: int = 32) -> str:
    """The secret `name` of this state folder: `size` random bytes as URL-safe text, made at first use.

    Two processes that ask at once get the same value: the file is linked into place whole, and the
    first one stands.
    """
    path = private_folder(state / "secrets") / name
    if not path.exists():
        draft = path.with_name(f".{name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(size))
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(draft)
        draft.unlink()
    return path.read_text()

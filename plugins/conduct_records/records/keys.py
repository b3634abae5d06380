"""Keys derived from stable values."""

from __future__ import annotations

import hashlib


def key(*parts: str) -> str:
    """32 hexadecimal characters; equal to the SQL function core.key for parts that are not NULL."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]

"""Loopback TCP ports."""

from __future__ import annotations

import contextlib
import socket


def free_port() -> int:
    """A loopback TCP port that nothing listens on at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def is_free(port: int) -> bool:
    """Whether nothing listens on this loopback port."""
    with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
        return True
    return False

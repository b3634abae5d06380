"""The folder that the public web server serves: two whole copies, switched by one rename."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from conduct_records.disclosure.side import Side
from conduct_records.failpoints import reach

CURRENT = "current"
VERSIONS = "versions"
NAMES = ("a", "b")


def sides(portal: Path) -> tuple[Side, Side]:
    """The copy that readers see, and the other one."""
    shown = shown_name(portal) or NAMES[1]
    hidden = NAMES[0] if shown == NAMES[1] else NAMES[1]
    return Side(portal / VERSIONS / shown), Side(portal / VERSIONS / hidden)


def shown_name(portal: Path) -> str | None:
    """Which copy readers see; None before the first publication."""
    link = portal / CURRENT
    return link.readlink().name if link.is_symlink() else None


def shown_stamp(portal: Path) -> dict[str, Any]:
    """What readers see: version, look, shard lengths; empty before the first publication."""
    return sides(portal)[0].stamp() if shown_name(portal) else {}


def switch(portal: Path, side: Side) -> None:
    """Let readers see `side`: they see the old version or the new one, never a part. Source: E3, E6."""
    link = portal / "next"
    link.unlink(missing_ok=True)
    link.symlink_to(Path(VERSIONS) / side.root.name)
    reach("before switch")
    link.replace(portal / CURRENT)
    reach("after switch")

"""The folder that the public web server serves: whole versions, switched by one rename."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path

CURRENT = "current"
MARK = "stamp.json"
CHECKED = "checked.json"  # beside `current`: it moves while versions stand still


def current_version(portal: Path) -> tuple[int, str] | None:
    """Number and stamp of the version that readers see; None before the first."""
    try:
        mark = json.loads((portal / CURRENT / MARK).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return mark["version_no"], mark["stamp"]


def switch(portal: Path, version_no: int, stamp: str, files: Mapping[str, str]) -> None:
    """Write a whole version beside the others, point `current` at it, then remove all others.

    Readers see the old version or the new one, never a part. What was withdrawn is gone with its folder,
    so its address answers as one that never existed. Source: requirements E3, E6.
    """
    name = f"{version_no}-{stamp[:12]}"
    folder = portal / "versions" / name
    shutil.rmtree(folder, ignore_errors=True)  # left half written by a killed process
    for path, content in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(content, encoding="utf-8", newline="")
    mark = {"version_no": version_no, "stamp": stamp}
    (folder / MARK).write_text(json.dumps(mark), encoding="utf-8")
    link = portal / "next"
    link.unlink(missing_ok=True)
    link.symlink_to(Path("versions") / name)
    link.replace(portal / CURRENT)
    for other in (portal / "versions").iterdir():
        if other.name != name:
            shutil.rmtree(other)


def mark_checked(portal: Path, version_no: int, valid_on: date) -> None:
    """Say up to which date the current version is known to hold: no change is not the same as stale (E5)."""
    text = json.dumps({"current": version_no, "valid_on": valid_on.isoformat()})
    place = portal / CHECKED
    if not place.exists() or place.read_text(encoding="utf-8") != text:
        fresh = portal / f"next-{CHECKED}"
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(place)

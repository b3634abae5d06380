"""Reports as files: a draft first, and released byte for byte as it was signed off, or not at all."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

from conduct_records.reports.progress import Period, periods_ending, read_report
from conduct_records.reports.progress_page import page
from conduct_records.reports.progress_workbook import workbook
from conduct_records.settings import Settings
from conduct_records.storage import put

Digests = dict[str, str]
"""File under the reports folder to the SHA-256 of its bytes."""


class DraftChanged(RuntimeError):
    """A draft is not what was signed off: nothing is released."""


def write_drafts(settings: Settings, month: date) -> Digests:
    """Write every report that is due when `month` has ended; returns what there is to sign off.

    Drafts stand at <reports>/draft/<period>/. The same figures give the same bytes. Source: requirement H1.
    """
    return {
        name: sha for period in periods_ending(month) for name, sha in write_draft(settings, period).items()
    }


def write_draft(settings: Settings, period: Period) -> Digests:
    """Write one report as workbook and page."""
    report = read_report(settings, period)
    folder = Path("draft") / period.name
    forms = {".xlsx": workbook(report), ".html": page(report)}
    return {
        str(folder / f"{report.file_name}{ending}"): _put(
            settings.reports / folder / f"{report.file_name}{ending}", content
        )
        for ending, content in forms.items()
    }


def release(settings: Settings, signed: Digests, sign_off: dict[str, Any]) -> list[str]:
    """Put what was signed off where the provincial office reads it; returns the files.

    They stand at <reports>/released/<period>/ with who signed them off. Releasing again changes nothing.

    Raises:
        DraftChanged: a draft was written again with other figures after the sign-off.
    """
    contents = {name: (settings.reports / name).read_bytes() for name in signed}
    changed = [name for name, content in contents.items() if _sha256(content) != signed[name]]
    if changed:
        raise DraftChanged(f"sign off again, these are not what was signed off: {', '.join(changed)}")
    released = {name: Path("released", *Path(name).parts[1:]) for name in signed}
    for name, target in released.items():
        _put(settings.reports / target, contents[name])
    for folder in {target.parent for target in released.values()}:
        said = {
            "files": {str(to): signed[name] for name, to in released.items() if to.parent == folder}
        } | sign_off
        _put(
            settings.reports / folder / "sign-off.json",
            json.dumps(said, ensure_ascii=False, indent=1).encode(),
        )
    return sorted(str(target) for target in released.values())


def _put(target: Path, content: bytes) -> str:
    """Put a file whole or not at all; returns its digest."""
    put(target, BytesIO(content))
    return _sha256(content)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()

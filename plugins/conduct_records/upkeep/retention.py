"""Removes what has been kept long enough, by include/schemas/retention.yaml."""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta
from pathlib import Path

import yaml

from conduct_records.exchange.folder import Folder
from conduct_records.settings import SCHEMAS, Settings
from conduct_records.storage import location
from conduct_records.warehouse.connection import connect, owner
from conduct_records.warehouse.statements import statement

log = logging.getLogger(__name__)


def remove_old(data_date: date, known_at: datetime, settings: Settings) -> dict[str, int]:
    """Remove raw files, receipts, logs, packages, pages, settled alerts past their time; returns how many.

    A raw file that landing has no sighting of stays, however old: nothing that was not read is lost.
    Source: architecture decision 16; issue 7.
    """
    days: dict[str, int] = yaml.safe_load((SCHEMAS / "retention.yaml").read_text(encoding="utf-8"))
    before = {name: data_date - timedelta(days=count) for name, count in days.items()}
    removed = {
        "raw_files": _raw_files(settings, before["raw_files"]),
        "receipts": _dated(settings.outbox, before["receipts"]),
        "logs": _logs(settings, known_at - timedelta(days=days["logs"])),
        "packages": _packages(settings, known_at - timedelta(days=days["packages"])),
    }
    with owner(settings) as connection:
        for name in ("pages", "alerts"):
            done = connection.execute(statement(f"ops/retention#{name}"), {"before": before[name]})
            removed[name] = done.rowcount
    log.info("removed %s", removed)
    return removed


def _raw_files(settings: Settings, before: date) -> int:
    """Files of old date folders that landing has seen at that very path."""
    with connect(settings, "records_loader") as connection:
        seen = {path for path, _ in connection.execute(statement("landing/file#sightings"))}
    root = location(settings.inbox)
    count = 0
    for folder in sorted(root.iterdir()) if root.exists() else []:
        if _is_before(folder.name, before):
            for file in folder.rglob("*"):
                if file.is_file() and str(file) in seen:
                    file.unlink()
                    count += 1
    return count


def _dated(address: str, before: date) -> int:
    """Files in <unit>/<YYYY-MM-DD>/ folders that are older."""
    root = location(address)
    count = 0
    for unit in sorted(root.iterdir()) if root.exists() else []:
        for folder in sorted(unit.iterdir()) if unit.is_dir() else []:
            if _is_before(folder.name, before):
                files = [file for file in folder.rglob("*") if file.is_file()]
                for file in files:
                    file.unlink()
                count += len(files)
    return count


def _logs(settings: Settings, before: datetime) -> int:
    """Files under the log folders that nobody has written to since."""
    folders = [settings.state / "airflow" / "logs", settings.state / "logs"]
    if own := settings.environ.get("AIRFLOW__LOGGING__BASE_LOG_FOLDER"):
        folders.append(Path(own))
    old = {
        path
        for folder in folders
        for path in folder.rglob("*.log")
        if path.is_file() and path.stat().st_mtime < before.timestamp()
    }
    for path in old:
        path.unlink()
    return len(old)


def _packages(settings: Settings, before: datetime) -> int:
    """Packages of the exchange folder, where there is one, that the platform has answered."""
    return Folder.of(settings).forget(before) if settings.exchange_folder else 0


def _is_before(name: str, before: date) -> bool:
    try:
        return date.fromisoformat(name) < before
    except ValueError:
        return False  # no date folder: not ours to remove

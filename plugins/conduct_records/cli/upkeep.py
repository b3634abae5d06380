"""The warehouse and what runs beside it: schema, keys, feeds, backups, the simulator."""

from __future__ import annotations

import subprocess
import sys
from argparse import Namespace
from dataclasses import asdict
from pathlib import Path
from typing import Any

from conduct_records.cli.common import now, show
from conduct_records.local.warehouse import warehouse
from conduct_records.settings import ROOT, Settings

FEEDS = ("pushed_cases", "evaluations", "submissions", "records", "platform", "portal", "marts")


def add_to(add: Any) -> None:
    """The commands and what each is given."""
    add.add_parser("migrate", help="bring the warehouse to the newest schema").set_defaults(act=migrate)
    text = "link every person in the vault to the new token key; older ones still set"
    add.add_parser("rotate", help=text).set_defaults(act=rotate)

    for name, act, text in (
        ("backup", backup, "back the warehouse and its folders up, without the secrets"),
        ("restore", restore, "put a backup into an empty warehouse and compare the digest"),
    ):
        command = add.add_parser(name, help=text)
        command.add_argument("folder", type=Path, metavar="DIR")
        command.set_defaults(act=act)

    command = add.add_parser("diagnose", help="how a feed stands: last runs, gaps, what is pending")
    command.add_argument("feed", metavar="FEED", choices=FEEDS)
    command.set_defaults(act=diagnose)

    command = add.add_parser("simulator", help="run the sharing platform of the samples")
    command.add_argument("--port", type=int, default=8090)
    command.set_defaults(act=simulator)


def migrate(_: Namespace) -> int:
    """Bring the schema, the views and the reference data up to date."""
    from conduct_records.warehouse.migrate import migrate as bring_up

    with warehouse() as settings:
        bring_up(settings.warehouse_url)
    return 0


def rotate(_: Namespace) -> int:
    """Link every person in the vault to the present token key."""
    from conduct_records.warehouse.persons import link_persons

    with warehouse() as settings:
        print(link_persons(settings, now()))
    return 0


def diagnose(given: Namespace) -> int:
    """Print what the warehouse knows about a feed."""
    from conduct_records.upkeep.diagnose import diagnose as look_at

    with warehouse() as settings:
        found = look_at(given.feed, settings)
    show(asdict(found))
    return 0 if found.is_well else 1


def backup(given: Namespace) -> int:
    """Write a backup into a new folder."""
    from conduct_records.local.programs import binaries
    from conduct_records.upkeep.backup import backup as back_up

    with warehouse() as settings:
        made = back_up(given.folder, now(), settings, binaries())
    show({"schema_version": made.schema_version, "digest": made.digest, "folders": made.folders})
    return 0


def restore(given: Namespace) -> int:
    """Put a backup into an empty warehouse."""
    from conduct_records.local.programs import binaries
    from conduct_records.upkeep.restore import restore as put_back

    with warehouse() as settings:
        print(put_back(given.folder, settings, binaries()).digest)
    return 0


def simulator(given: Namespace) -> int:
    """Run the sample platform until it is stopped."""
    state = Settings.load().state / "simulator.sqlite"
    data = ROOT / "samples" / "platform"
    command = [sys.executable, "-m", "simulator", "--port", str(given.port)]
    return subprocess.call([*command, "--state", str(state), "--data", str(data)], cwd=ROOT)

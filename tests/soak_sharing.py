"""`python -m tests.soak_sharing DAYS [SEED]`: days of sharing with every fault on; says what they came to."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from conduct_records.local.server import Server
from conduct_records.settings import Settings
from conduct_records.warehouse.migrate import migrate
from simulator.server import running
from tests.sql.share_soak import Soak
from tests.sql.test_share_soak import assert_settled


def main(days: int, seed: int) -> None:
    """Live through the days, compare every store, print the figures."""
    started = time.monotonic()
    with TemporaryDirectory(prefix="soak-sharing-") as folder:
        server = Server(Path(folder) / "server", settings={"fsync": "off", "synchronous_commit": "off"})
        try:
            migrate(server.start().url())
            settings = Settings({"WAREHOUSE_URL": server.url(), "CONDUCT_RECORDS_STATE": folder})
            with running(Path(folder) / "pushes") as simulator:
                soak = Soak(settings, simulator, seed)
                soak.run(days)
                assert_settled(soak)
                print(figures(soak, time.monotonic() - started))
        finally:
            server.stop()


def figures(soak: Soak, seconds: float) -> str:
    """One line a figure."""
    count = soak.simulator.platform.store.database.execute
    receipts = count("select status, count(*) from receipt group by status order by status").fetchall()
    return "\n".join(
        (
            f"days {soak.days}, seed {soak.seed}, {seconds:.0f} s",
            f"calls that the platform saw: {soak.calls}; of them spoiled: {soak.spoiled}",
            f"senders killed in their work: {soak.killed}",
            f"days on which the platform could not be compared: {soak.incomplete}",
            "receipts: " + ", ".join(f"{status} {number}" for status, number in receipts),
            "platform = government's view, portal = public's view, each message took effect once: yes",
        )
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 20190128)

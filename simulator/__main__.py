"""`python -m simulator --port P --state FILE --data DIR`: run the platform until it is told to stop."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path
from threading import Thread

from simulator.operations import Platform
from simulator.server import create
from simulator.store import Store

SECRETS = ("EXCHANGE_CLIENT_ID", "EXCHANGE_CLIENT_SECRET")


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="simulator", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes any free port")
    parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0 inside a container")
    parser.add_argument("--state", type=Path, required=True, help="SQLite file of what the platform received")
    parser.add_argument("--data", type=Path, required=True, help="what it pushes: <feed>/<YYYY-MM-DD>.json")
    parser.add_argument("--page-size", type=int, default=50)
    parser.add_argument("--token-seconds", type=int, default=3600)
    parser.add_argument("--faults", action="store_true", help="open /control/faults; for tests only")
    return parser.parse_args()


def main() -> int:
    """Serve until TERM or INT. Exit 0 when stopped, 2 when a setting is missing."""
    given = arguments()
    for name in SECRETS:
        if not os.environ.get(name):
            print(f"{name} is not set", file=sys.stderr)
            return 2
    client = (os.environ[SECRETS[0]], os.environ[SECRETS[1]])
    given.state.parent.mkdir(parents=True, exist_ok=True)
    store = Store(given.state)
    platform = Platform(store, given.data, client, given.page_size, given.token_seconds)
    simulator = create(platform, given.port, given.faults, given.host)
    for number in (signal.SIGTERM, signal.SIGINT):
        # shutdown() waits for the serving loop, which this very thread runs
        signal.signal(number, lambda *_: Thread(target=simulator.server.shutdown).start())
    print(f"listening on {simulator.url}", flush=True)
    simulator.server.serve_forever(poll_interval=0.1)
    store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())

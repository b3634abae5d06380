"""Superset from PyPI imports the bundle and renders every chart as bi_reader; not part of the suite.

Usage: python tests/e2e/superset_bundle.py URL VENV [PICTURE]. URL: the warehouse as bi_reader, or `local` for
the embedded one; VENV: an environment with Superset, made where it is missing. PICTURE needs chromium.
Exit 1: a chart failed.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from bi.make_bundle import bundle, pack
from conduct_records.local.ports import free_port
from conduct_records.local.server import Server
from conduct_records.settings import Settings

# It imports rich and cachetools unasked, and does not work with newer versions of flask-caching.
PACKAGES = ("apache-superset==6.1.*", "psycopg2-binary", "rich", "cachetools", "flask-caching==2.3.1")
CONFIG = """
SECRET_KEY = "{secret}"
SQLALCHEMY_DATABASE_URI = "sqlite:///{folder}/superset.db"
AUTH_ROLE_PUBLIC = "Admin"  # this instance lives for a minute, on loopback
WTF_CSRF_ENABLED = False
TALISMAN_ENABLED = False
RATELIMIT_ENABLED = False
"""


def main(url: str, venv: Path, picture: Path | None) -> int:
    """Import, ask each chart for its data, take a picture."""
    if not (venv / "bin" / "superset").exists():
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
        subprocess.run([venv / "bin" / "pip", "install", "-q", *PACKAGES], check=True)
    url = _local() if url == "local" else url
    folder = Path(tempfile.mkdtemp(prefix="records-superset-"))
    try:
        return _try(url, venv / "bin" / "superset", folder, picture)
    finally:
        shutil.rmtree(folder)


def _local() -> str:
    server = Server(Settings.load().state).start()
    server.admit("bi_reader")
    place = f"host={server.sockets}&port={server.socket_port}"
    return f"postgresql+psycopg2://bi_reader:{server._password('bi_reader')}@/warehouse?{place}"


def _try(url: str, superset: Path, folder: Path, picture: Path | None) -> int:
    (folder / "superset_config.py").write_text(CONFIG.format(secret=os.urandom(32).hex(), folder=folder))
    environment = os.environ | {
        "SUPERSET_CONFIG_PATH": str(folder / "superset_config.py"),
        "FLASK_APP": "superset.app:create_app()",
    }
    pack(folder / "bundle.zip", url)
    admin = ["--username", "admin", "--firstname", "a", "--lastname", "b", "--email", "a@b.invalid"]
    for command in (
        ["db", "upgrade"],
        ["fab", "create-admin", *admin, "--password", os.urandom(16).hex()],
        ["init"],
        ["import-dashboards", "-p", str(folder / "bundle.zip"), "-u", "admin"],
    ):
        done = subprocess.run(
            [superset, *command], env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            print(done.stderr[-3000:])
            return 1
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with (folder / "server.log").open("wb") as log:
        command = [superset, "run", "-p", str(port), "--with-threads"]
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        _wait(f"{address}/health")
        failed = _charts(address)
        if picture:
            _picture(address, picture)
    finally:
        server.terminate()
        server.wait(30)
    return 1 if failed else 0


def _charts(address: str) -> list[str]:
    """Ask every chart of the bundle for its data; prints a line each and returns those that failed."""
    found = _json(f"{address}/api/v1/chart/?q=(page_size:100)")["result"]
    wanted = {content["slice_name"] for name, content in bundle().items() if name.startswith("charts/")}
    failed = sorted(wanted - {chart["slice_name"] for chart in found})
    for chart in found:
        (result,) = _json(f"{address}/api/v1/chart/{chart['id']}/data/?force=true")["result"]
        good = not result["error"] and result["rowcount"] > 0
        print(
            "ok  " if good else "FAIL", chart["slice_name"], result["rowcount"], "rows", result["error"] or ""
        )
        failed += [] if good else [chart["slice_name"]]
    return failed


def _picture(address: str, picture: Path) -> None:
    page = f"{address}/superset/dashboard/conduct-records/?standalone=1"
    options = ["--headless", "--no-sandbox", "--hide-scrollbars", "--window-size=1400,2900"]
    patience = ["--virtual-time-budget=90000", "--timeout=90000"]
    subprocess.run(
        ["chromium", *options, *patience, f"--screenshot={picture}", page], check=True, capture_output=True
    )


def _json(url: str) -> dict:
    with urlopen(url, timeout=60) as answer:
        return dict(json.load(answer))


def _wait(url: str) -> None:
    deadline = time.monotonic() + 120
    while True:
        try:
            urlopen(url, timeout=5).close()
            return
        except (URLError, ConnectionError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]) if len(sys.argv) > 3 else None))

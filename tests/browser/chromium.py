"""A headless Chromium on this machine, driven by its own protocol."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CLOCK = """{
const R = Date, off = R.parse('%s') - R.now();
Date = class extends R {
  constructor(...a) { a.length ? super(...a) : super(R.now() + off) }
  static now() { return R.now() + off }
}
}"""
COMPLAINTS = ("Runtime.exceptionThrown", "Log.entryAdded", "Runtime.consoleAPICalled")


def binary() -> str | None:
    """CHROMIUM, or the first browser of a known name on the path."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


class Page:
    """One tab. `asked` are the addresses it asked for, `complaints` what its console said."""

    def __init__(self, socket: ClientConnection, site: str) -> None:
        self.socket, self.site = socket, site
        self.asked: list[str] = []
        self.complaints: list[Any] = []
        self._number = 0
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **given: Any) -> dict[str, Any]:
        """One call of the protocol; what happened meanwhile is noted."""
        self._number += 1
        self.socket.send(json.dumps({"id": self._number, "method": method, "params": given}))
        while True:
            said = json.loads(self.socket.recv(timeout=30))
            if said.get("id") == self._number:
                return said.get("result", {})
            if said.get("method") in COMPLAINTS:
                self.complaints.append(said["params"])
            if said.get("method") == "Network.requestWillBeSent":
                self.asked.append(said["params"]["request"]["url"])

    def clock(self, moment: str) -> None:
        """Let every page that is opened from now on believe that it is `moment`."""
        self.call("Page.addScriptToEvaluateOnNewDocument", source=CLOCK % moment)

    def open(self, path: str, width: int = 1000, height: int = 800) -> None:
        """Open a page and wait until it has loaded."""
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
            mobile=width < 600,
        )  # fmt: skip
        self.call("Page.navigate", url=f"{self.site}/{path}")
        self.until(f"document.readyState === 'complete' && location.href.endsWith({json.dumps(path)})")

    def value(self, expression: str) -> Any:
        """What an expression is worth, once its promise is kept."""
        said = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        return said["result"].get("value")

    def until(self, expression: str, seconds: float = 20.0) -> None:
        """Ask until an expression is true."""
        ends = time.monotonic() + seconds
        while not self.value(expression):
            assert time.monotonic() < ends, expression

    def search(self, wanted: str) -> list[str]:
        """What the search of the open page finds."""
        self.value("document.getElementById('found').textContent = ''")
        self.value(
            f"var q = document.getElementById('q'); q.value = {json.dumps(wanted)};"
            "q.dispatchEvent(new Event('input'))"
        )
        self.until("document.getElementById('found').textContent !== ''")
        found = self.value("[...document.querySelectorAll('#results li')].map((each) => each.innerText)")
        return list(found)

    def picture(self, place: Path) -> None:
        """Keep what is seen."""
        place.write_bytes(base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"]))


@contextmanager
def opened(site: str) -> Iterator[Page]:
    """A browser for one site, ended with the block."""
    profile = tempfile.mkdtemp(prefix="portal-browser-")
    process = subprocess.Popen(
        [str(binary()), "--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0",
         "--disable-component-update", "--no-first-run", f"--user-data-dir={profile}", "about:blank"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        with connect(_tab(Path(profile)), max_size=None) as socket:
            yield Page(socket, site)
    finally:
        process.terminate()
        process.wait(timeout=20)
        shutil.rmtree(profile, ignore_errors=True)


def _tab(profile: Path) -> str:
    """The address of the tab that is open."""
    from urllib.request import urlopen

    port = profile / "DevToolsActivePort"
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        if port.exists() and port.read_text().strip():
            number = port.read_text().split()[0]
            with urlopen(f"http://127.0.0.1:{number}/json") as answer:
                for each in json.load(answer):
                    if each["type"] == "page":
                        return str(each["webSocketDebuggerUrl"])
    raise TimeoutError("the browser opened no tab")

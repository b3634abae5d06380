"""The public column in a real browser: `make test-browser`, which needs a Chromium on the machine (E3, E6).

PICTURES names a folder that the pictures for the docs go to.
"""

from __future__ import annotations

import os
import urllib.error
import urllib.request
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from conduct_records.disclosure import shards
from conduct_records.disclosure.withdraw import withdraw
from tests.browser.chromium import Page, opened
from tests.sql.share_support import ENDS, ON, STAYS, Platform, key_of, page_of, revoke, share, two_decisions
from tests.sql.story import Story

SUBJECT = "武汉样例云商贸有限公司"
ENDED_SUBJECT = "黄冈样例山医院"


@pytest.fixture(params=["whole", "sharded"])
def story(
    request: pytest.FixtureRequest, warehouse: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Story:
    """A column in one piece, or cut into shards as a large one is."""
    if request.param == "sharded":
        monkeypatch.setattr(shards, "WHOLE", 1)
        monkeypatch.setattr(shards, "FULL", 1)
    monkeypatch.setattr("conduct_records.exchange.client.Client.of", lambda _: Platform())
    told = two_decisions(warehouse, tmp_path)
    share(told)
    return told


@pytest.fixture
def site(story: Story) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(Quiet, directory=str(story.settings.portal / "current"))
    )
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()


@pytest.fixture
def page(site: str) -> Iterator[Page]:
    """A page that may complain of nothing and ask nobody else."""
    with opened(site) as opened_page:
        opened_page.clock("2019-01-28T12:00:00+08:00")
        yield opened_page
        assert opened_page.complaints == []
        assert [url for url in opened_page.asked if not url.startswith(site)] == []


def keep(page: Page, name: str) -> None:
    if folder := os.environ.get("PICTURES"):
        page.picture(Path(folder) / f"{name}.png")


def test_the_search_finds_by_name_code_and_document(story: Story, page: Page) -> None:
    page.open("index.html")
    expected = [f"{SUBJECT} {STAYS}"]
    for wanted in (SUBJECT, "样例云", "91420100MA00000017", "91420100ma00000017", STAYS):
        assert page.search(wanted) == expected, wanted
    assert page.search("没有这样的主体") == []
    assert page.search("样例云") == expected
    keep(page, "portal_search")
    page.value("document.querySelector('#results a').click()")
    page.until(f"document.querySelector('article h2')?.textContent === '{SUBJECT}'")
    keep(page, "portal_record")


def test_a_withdrawn_record_is_gone_within_the_run(story: Story, page: Page, site: str) -> None:
    key = key_of(story, ENDS)
    page.open("index.html")
    assert page.search("样例山医院") == [f"{ENDED_SUBJECT} {ENDS}"]
    revoke(story)
    withdraw(ON, story.tick(), story.settings)
    page.open("index.html")
    assert page.search("样例山医院") == []
    assert ENDED_SUBJECT not in page.value("document.body.innerText")
    assert answer(f"{site}/{page_of(key)}") == answer(f"{site}/{page_of('0' * 32)}")


def answer(url: str) -> tuple[int, bytes]:
    """Status and body, as anyone gets them."""
    try:
        with urllib.request.urlopen(url) as said:
            return said.status, said.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def test_a_page_hides_what_is_past_its_last_day_by_itself(story: Story, page: Page) -> None:
    page.clock("2030-01-01T00:00:00+08:00")
    page.open(page_of(key_of(story, STAYS)))
    assert page.value("document.querySelector('article')") is None
    assert SUBJECT not in page.value("document.title + document.body.innerText")
    assert "本条信息的公示期已经届满" in page.value("document.body.innerText")
    page.open("index.html")
    assert page.value("document.querySelectorAll('[data-until]').length") == 0
    assert "条的公示期在数据截止日之后届满" in page.value("document.querySelector('table + .over').innerText")
    assert page.search("样例云") == []


@pytest.mark.parametrize("width", [360, 1000])
def test_every_page_is_readable_and_accessible_at_any_width(story: Story, page: Page, width: int) -> None:
    sections = ["index.html", "lists.html", "reports.html", "punishments.html", "rights.html", "data.html"]
    pages = [*sections, page_of(key_of(story, STAYS))]
    for path in pages:
        page.open(path, width=width)
        assert page.value("document.documentElement.scrollWidth") <= width, path
        assert page.value("document.documentElement.lang") == "zh-CN"
        assert page.value("document.querySelectorAll('h1').length") == 1
        unlabelled = "[...document.querySelectorAll('input')].filter((each) => !each.labels.length).length"
        assert page.value(unlabelled) == 0
        assert page.value("[...document.querySelectorAll('th')].every((each) => each.scope === 'col')")
    keep(page, f"portal_{'phone' if width < 600 else 'wide'}")


def test_hostile_text_runs_nowhere(story: Story, page: Page) -> None:
    page.open(page_of(key_of(story, STAYS)))
    assert "<script>alert(1)</script>" in page.value("document.querySelector('article').innerText")
    assert page.value("document.querySelectorAll('article script').length") == 0

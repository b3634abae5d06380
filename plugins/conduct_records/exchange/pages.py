"""Walking through the pages of a push, on a platform that may repeat, reorder or never end."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator

from conduct_records.exchange.errors import ExchangeError
from conduct_records.exchange.messages import Page

Fetch = Callable[[str | None], Page]
BARREN_PAGES = 4  # so many pages in a row that bring no new row, and the walk ends


class Stalled(ExchangeError):
    """The pages go on and bring nothing new: the platform repeats itself or its cursors turn in a circle."""

    def __init__(self) -> None:
        super().__init__("paging_stalled", f"{BARREN_PAGES} pages without a new row")


def walk(fetch: Fetch, cursor: str | None = None) -> Iterator[Page]:
    """The pages from `cursor` (None: the first) to the last, each as soon as it is there.

    A repeated page is yielded like any other: whoever keeps it knows it by its content. Rows that this walk
    has not seen are what counts as progress.

    Raises:
        Stalled: no progress in BARREN_PAGES pages.
        ExchangeError: what `fetch` raises.
    """
    seen: set[bytes] = set()
    barren = 0
    while True:
        page = fetch(cursor)
        rows = {content_key(row) for row in page.items}
        barren = 0 if rows - seen else barren + 1
        seen |= rows
        yield page
        cursor = page.next_cursor
        if cursor is None:
            return
        if barren >= BARREN_PAGES:
            raise Stalled


def content_key(content: object) -> bytes:
    """SHA-256 of a JSON value, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).digest()

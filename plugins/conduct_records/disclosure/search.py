"""The search index: rows by the terms that lead to them; column.js fetches and MiniSearch searches them.

A small column has one file of all rows. A large one has a shard for each hash of a term, and a list of terms
that are too common to lead anywhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from conduct_records.disclosure.items import Item, kinds
from conduct_records.disclosure.shards import place

COMMON_FROM = 2_000  # rows behind one term
SEARCH = "search"
COMMON = "search-common.json"
RUNS = re.compile(r"[0-9A-Z]+|[^\W0-9A-Z_]+")
CODE = re.compile(r"[0-9A-Z]+")

Row = list[str]


def plain(text: str) -> str:
    """A text as it is compared: one width, one case."""
    return unicodedata.normalize("NFKC", text).upper()


def packed(text: str) -> str:
    """A code or a document's number without anything but letters and digits."""
    return "".join(RUNS.findall(plain(text)))


def terms(item: Item) -> set[str]:
    """What leads to an item: pairs of its name's characters, its runs of letters, its codes as a whole."""
    name, *codes = (str(item.content.get(field, "")) for field in kinds()[item.kind].search)
    found = {term for run in RUNS.findall(plain(name)) for term in _of_run(run)}
    return found | {packed(code) for code in codes if code}


def shards_of(item: Item, length: int, common: set[str]) -> set[str]:
    """The shards that lead to an item; none for a kind that is not searched."""
    if not kinds()[item.kind].search:
        return set()
    return {shard(term, length) for term in (terms(item) - common if length else {""})}


def _of_run(run: str) -> Iterable[str]:
    if CODE.match(run) or len(run) == 1:
        return (run,)
    return (run[start : start + 2] for start in range(len(run) - 1))


@lru_cache(maxsize=1 << 18)
def shard(term: str, length: int) -> str:
    """The path of a term's shard: FNV-1a of its UTF-8 bytes, which column.js computes as well."""
    number = 0x811C9DC5
    for byte in term.encode():
        number = ((number ^ byte) * 0x01000193) & 0xFFFFFFFF
    return place(SEARCH, length, f"{number:08x}") + ".json"


def row(item: Item) -> Row:
    """What the search shows of an item: key, name, code, document, last day."""
    found = [str(item.content.get(field, "")) for field in kinds()[item.kind].search]
    return [item.key, *found, item.display_until.isoformat()]

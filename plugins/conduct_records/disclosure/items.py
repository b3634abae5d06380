"""One thing that the public may see, and how its kind is shown (include/templates/portal/sections.yaml)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, NamedTuple

import yaml

from conduct_records.settings import TEMPLATES

PORTAL = TEMPLATES / "portal"


class Item(NamedTuple):
    """`content` is what the gate gives, with its hash; `version_no` the version that last changed it."""

    kind: str
    key: str
    version_no: int
    content_hash: str
    display_until: date
    sort_on: date
    content: Mapping[str, Any]


class Gone(NamedTuple):
    """An item that left, and the version that withdrew it."""

    kind: str
    key: str
    version_no: int


@dataclass(frozen=True)
class Kind:
    """One kind. `stem` names its data files, `label` their row of downloads, `page` the template of its page.

    `csv` are the columns of its table, `search` the fields that it is found by: a name, then codes.
    """

    name: str
    stem: str
    label: str
    page: str | None = None
    csv: tuple[str, ...] = ()
    search: tuple[str, ...] = ()

    def address(self, key: str) -> str:
        """Where the page of one item stands, below the served folder."""
        return f"{self.stem}/{key[:2]}/{key}.html"


@cache
def declared() -> Mapping[str, Any]:
    """The whole declaration: kinds and sections."""
    loaded: Mapping[str, Any] = yaml.safe_load((PORTAL / "sections.yaml").read_text(encoding="utf-8"))
    return loaded


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind of item by its name."""
    return {
        name: Kind(
            name,
            given["stem"],
            given["label"],
            given.get("page"),
            tuple(given.get("csv", ())),
            tuple(given.get("search", ())),
        )
        for name, given in declared()["kinds"].items()
    }

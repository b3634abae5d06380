"""How texts to clerks are put together, by the marks in include/templates/wording.yaml."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import yaml

from conduct_records.contracts.rules import Strict
from conduct_records.settings import TEMPLATES


class Wording(Strict):
    """The content of wording.yaml."""

    listing: str
    beside: str
    cut: str
    detail: tuple[str, ...]


@cache
def wording() -> Wording:
    """The marks.

    Raises:
        pydantic.ValidationError: one is missing or unknown.
    """
    return Wording.model_validate(yaml.safe_load((TEMPLATES / "wording.yaml").read_text(encoding="utf-8")))


def listed(parts: Iterable[str]) -> str:
    """The parts as a clerk lists them."""
    return wording().listing.join(parts)


def beside(text: str, more: str) -> str:
    """A text with what stands beside it."""
    return wording().beside.format(text=text, more=more)


def shortened(text: str, longest: int) -> str:
    """A text, or so many of its first letters."""
    return text if len(text) <= longest else wording().cut.format(text=text[:longest])


def filled(message: str, label: str, value: str, detail: str) -> str:
    """A message of the issue catalogue; without a detail, what leads to it goes too."""
    for lead in wording().detail if not detail else ():
        message = message.replace(lead, "")
    return message.replace("{label}", label).replace("{detail}", detail).replace("{value}", value)

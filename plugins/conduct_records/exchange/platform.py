"""How records go up to the national platform: over HTTP, or as packages in a folder (E2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from conduct_records.exchange.client import Client
from conduct_records.exchange.folder import Folder
from conduct_records.exchange.messages import Group, Message, Receipt
from conduct_records.settings import Settings


class Platform(Protocol):
    """What sharing asks of the platform. Every method raises ExchangeError and nothing else.

    `batch` is how many messages go at a time, `answers_later` whether its answers take hours, as by files.
    """

    @property
    def batch(self) -> int:
        """Messages in one batch, at most."""

    @property
    def answers_later(self) -> bool:
        """Whether what it says it holds may be older than what we have told it."""

    def post_batch(self, messages: Sequence[Message]) -> list[Receipt]:
        """Give messages to the platform, in order; a receipt for each that it has answered."""

    def reconciliation(self) -> list[Group]:
        """Count and digest of what it holds, by region, class and kind."""

    def holdings(self, kind: str, region: str, class_code: str) -> dict[str, str]:
        """Key and content hash of all it holds of one group."""


def platform_of(settings: Settings) -> Platform:
    """The platform this process is set up for: a folder where EXCHANGE_FOLDER names one."""
    return Folder.of(settings) if settings.exchange_folder else Client.of(settings)

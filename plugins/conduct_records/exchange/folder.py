"""The file mode of the exchange: messages leave as packages in a folder, and answers come back in one (E2).

<folder>/to_platform/<number>-<digest>.zip is what was handed over, in order; from_platform/<the same name>
answers it; from_platform/holdings.zip says what the platform holds, as of a package.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from io import BytesIO
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from conduct_records.exchange.errors import NotUnderstood, Unavailable
from conduct_records.exchange.messages import Group, Message, Receipt, required
from conduct_records.exchange.packages import Package, pack, private_key, public_key, unpack
from conduct_records.settings import Settings
from conduct_records.storage import location, put

log = logging.getLogger(__name__)
SENT, ANSWERED = "to_platform", "from_platform"
HOLDINGS = "holdings.zip"
MESSAGES, RECEIPTS, GROUPS, ITEMS = "messages.jsonl", "receipts.jsonl", "groups.jsonl", "items.jsonl"


@dataclass
class Folder:
    """One run's view of the exchange folder: a folder or a bucket. It speaks as exchange.client does.

    A message whose package has no answer yet gets no receipt, so it stays pending and is not packed twice.
    """

    root: Any
    sender: str
    key: Ed25519PrivateKey
    platform_key: Ed25519PublicKey
    batch: int = 10_000
    answers_later: bool = True
    damaged: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, settings: Settings) -> Folder:
        """The folder this process is set up for.

        Raises:
            SettingMissing: EXCHANGE_FOLDER, EXCHANGE_CLIENT_ID or one of the two keys is absent.
            ValueError: a key is not 32 bytes in base64.
        """
        names = ("EXCHANGE_SIGNING_KEY", "EXCHANGE_PLATFORM_KEY", "EXCHANGE_FOLDER", "EXCHANGE_CLIENT_ID")
        own, other, folder, sender = (settings.require(name) for name in names)
        return cls(location(folder), sender, private_key(own), public_key(other))

    def post_batch(self, messages: Sequence[Message]) -> list[Receipt]:
        """Hand over what was not handed over, and give the receipts that have come. Safe to repeat."""
        known = self._receipts.keys() | self._waiting
        fresh = [message for message in messages if message["idempotency_key"] not in known]
        if fresh:
            self._hand_over(fresh)
        keys = [message["idempotency_key"] for message in messages]
        return [self._receipts[key] for key in keys if key in self._receipts]

    def reconciliation(self) -> list[Group]:
        """What the platform holds after the last package that it answered.

        Raises:
            Unavailable: no package has an answer yet, or the statement is older than the last answer.
            NotUnderstood: an answer or the statement is damaged.
        """
        return [Group.read(row) for row in self._statement.rows[GROUPS]] if self._sent else []

    def holdings(self, kind: str, region: str, class_code: str) -> dict[str, str]:
        """Key and content hash of everything the platform holds of one kind, region and class."""
        group = {"kind": kind, "region_code": region, "class_code": class_code}
        items = [row for row in self._statement.rows[ITEMS] if group.items() <= row.items()]
        return {required(each, "record_key", str): required(each, "content_hash", str) for each in items}

    def forget(self, before: datetime) -> int:
        """Remove packages that were answered before a time, with their answers; returns how many.

        The last one stays, since its number leads to the next; so does an answer that nobody can read. A
        message that is pending all the same is packed anew, and the platform answers that it has it.
        """
        last = self._sent[-1:]
        old = [name for name in self._answers if name not in last and self._answered_at(name) < before]
        for name in old:
            for part in (SENT, ANSWERED):  # in this order: a package without its answer would wait for ever
                (self.root / part / name).unlink(missing_ok=True)
        return len(old)

    def _answered_at(self, name: str) -> datetime:
        return datetime.fromtimestamp((self.root / ANSWERED / name).stat().st_mtime, UTC)

    @cached_property
    def _statement(self) -> Package:
        answered = [name for name in self._sent if name in self._answers]
        if self.damaged:
            raise NotUnderstood(f"the answer to {self.damaged[0]}")
        if not answered or HOLDINGS not in self._names(ANSWERED):
            raise Unavailable("unanswered_package")
        statement = self._read(HOLDINGS)
        if statement.manifest.get("after") != answered[-1]:
            raise Unavailable("older_statement")
        return statement

    @property
    def _sent(self) -> list[str]:
        return self._names(SENT)

    @cached_property
    def _answers(self) -> dict[str, list[Receipt]]:
        """Every answer that can be read; another one counts as none, and is named in `damaged`.

        A package that the platform refused is answered without receipts: its messages are packed anew.
        """
        found: dict[str, list[Receipt]] = {}
        for name in self._names(ANSWERED):
            if name != HOLDINGS:
                try:
                    answer = self._read(name)
                    if answer.manifest.get("answers") != name:  # a signed one, of another package
                        raise NotUnderstood("an answer to another package")
                    found[name] = [Receipt.read(row) for row in answer.rows.get(RECEIPTS, ())]
                except NotUnderstood as error:
                    log.error("the answer to package %s: %s", name, error)
                    self.damaged.append(name)
        return found

    @cached_property
    def _receipts(self) -> dict[str, Receipt]:
        return {each.idempotency_key: each for answer in self._answers.values() for each in answer}

    @cached_property
    def _waiting(self) -> set[str]:
        """The keys of messages in packages without an answer."""
        own, found = self.key.public_key(), set()
        for name in self._sent:
            if name not in self._answers:
                package = unpack(own, (self.root / SENT / name).read_bytes())
                found |= {row["idempotency_key"] for row in package.rows[MESSAGES]}
        return found

    def _hand_over(self, messages: Sequence[Message]) -> None:
        sent = self._sent
        number = int(sent[-1].split("-")[0]) + 1 if sent else 1
        manifest = {"sender": self.sender, "number": number}
        content = pack(self.key, manifest, {MESSAGES: [dict(message) for message in messages]})
        digest = hashlib.sha256(content).hexdigest()[:16]
        put(self.root / SENT / f"{number:08d}-{digest}.zip", BytesIO(content))
        self._waiting.update(message["idempotency_key"] for message in messages)

    def _read(self, name: str) -> Package:
        return unpack(self.platform_key, (self.root / ANSWERED / name).read_bytes())

    def _names(self, part: str) -> list[str]:
        folder = self.root / part
        return sorted(path.name for path in folder.glob("*.zip")) if folder.exists() else []

"""The platform's calls, as include/schemas/exchange/openapi.yaml describes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import quote

from conduct_records.exchange.errors import NotUnderstood, Refused
from conduct_records.exchange.messages import Group, Message, Page, Receipt, optional, required
from conduct_records.exchange.transport import Transport
from conduct_records.settings import Settings

LARGEST_BATCH = 500
RENEW_BEFORE = 30.0  # seconds of a token's life that are not used
LONGEST_LIFE = 86_400  # seconds of it that are believed


class Client:
    """Calls under one client's credentials; the token is fetched when needed and renewed when it runs out.

    Every method raises Unavailable, Refused or NotUnderstood (exchange.errors) and nothing else. `batch` is
    how many messages sharing gives it at a time.
    """

    batch = 100
    answers_later = False

    def __init__(self, transport: Transport, client_id: str, client_secret: str) -> None:
        self.transport = transport
        self._credentials = {"client_id": client_id, "client_secret": client_secret}
        self._token, self._token_ends = "", 0.0

    @classmethod
    def of(cls, settings: Settings) -> Client:
        """The client this process is set up for.

        Raises:
            SettingMissing: EXCHANGE_URL, EXCHANGE_CLIENT_ID or EXCHANGE_CLIENT_SECRET is absent.
        """
        names = ("EXCHANGE_URL", "EXCHANGE_CLIENT_ID", "EXCHANGE_CLIENT_SECRET")
        url, client_id, secret = (settings.require(name) for name in names)
        return cls(Transport(url), client_id, secret)

    def page(self, path: str, push_date: date, cursor: str | None = None) -> Page:
        """One page of a feed; the first where there is no cursor."""
        params = {"push_date": push_date.isoformat()} | ({"cursor": cursor} if cursor else {})
        page = Page.read(self._call("GET", path, params=params))
        if page.push_date != push_date.isoformat():
            raise NotUnderstood("a page of another day")
        return page

    def post_batch(self, messages: Sequence[Message]) -> list[Receipt]:
        """Send messages in order, in batches of at most 500. Safe to repeat: the platform knows their keys.

        Returns a receipt for each message that was answered: a message without one counts as not sent.
        Where a later batch fails, the receipts of the earlier ones are lost to the caller, who sends again
        and gets `duplicate`.
        """
        receipts: list[Receipt] = []
        for start in range(0, len(messages), LARGEST_BATCH):
            part = list(messages[start : start + LARGEST_BATCH])
            body = self._call("POST", "/v1/records:batch", json={"messages": part})
            receipts += [Receipt.read(each) for each in required(body, "receipts", list)]
        sent = {message["idempotency_key"] for message in messages}
        if any(receipt.idempotency_key not in sent for receipt in receipts):
            raise NotUnderstood("a receipt for a message that was not sent")
        told = list(dict.fromkeys(receipts))  # what is said twice is said once
        if len({receipt.idempotency_key for receipt in told}) < len(told):
            raise NotUnderstood("two answers to one message")
        return told

    def receipts(self, since: str | None = None) -> list[Receipt]:
        """All receipts after the number `since`, in the order of their numbers."""
        found: list[Receipt] = []
        has_more = True
        while has_more:
            params = {"since": since} if since else {}
            body = self._call("GET", "/v1/receipts", params=params)
            part = [Receipt.read(each) for each in required(body, "receipts", list)]
            has_more = body.get("has_more") is True
            if has_more and (not part or part[-1].receipt_number <= (since or "")):
                raise NotUnderstood("receipts do not go on")
            found += part
            since = part[-1].receipt_number if part else since
        return found

    def reconciliation(self, region: str | None = None) -> list[Group]:
        """What the platform holds, by region, class and kind; groups of no record are left out."""
        body = self._call("GET", "/v1/reconciliation", params={"region": region} if region else {})
        return [Group.read(each) for each in required(body, "groups", list)]

    def holdings(self, kind: str, region: str, class_code: str) -> dict[str, str]:
        """Key and content hash of everything the platform holds of one kind, region and class."""
        params = {"kind": kind, "region": region, "class_code": class_code}
        found: dict[str, str] = {}
        cursor: str | None = None
        while True:
            body = self._call("GET", "/v1/holdings", params=params | ({"cursor": cursor} if cursor else {}))
            part = {
                required(each, "record_key", str): required(each, "content_hash", str)
                for each in required(body, "items", list)
            }
            cursor = optional(body, "next_cursor", str)
            if cursor and not part.keys() - found.keys():
                raise NotUnderstood("holdings do not go on")
            found |= part
            if cursor is None:
                return found

    def record(self, record_key: str) -> dict[str, Any] | None:
        """What the platform holds under a key; None where it holds nothing."""
        try:
            return self._call("GET", f"/v1/records/{quote(record_key, safe='')}")
        except Refused as refused:
            if refused.status == 404:
                return None
            raise

    def _call(self, method: str, path: str, **content: Any) -> dict[str, Any]:
        """A call with a token; when the platform no longer takes it, once more with a new one."""
        try:
            return self.transport.call(method, path, bearer=self._bearer(), **content)
        except Refused as refused:
            if refused.status != 401:
                raise
        self._token = ""
        return self.transport.call(method, path, bearer=self._bearer(), **content)

    def _bearer(self) -> str:
        now = self.transport.clock()
        if not self._token or now >= self._token_ends:
            form = {"grant_type": "client_credentials", **self._credentials}
            body = self.transport.call("POST", "/oauth/token", data=form)
            token, life = required(body, "access_token", str), required(body, "expires_in", int)
            if not (token.isascii() and token.isprintable()):
                raise NotUnderstood("access_token fits no header")
            self._token, self._token_ends = token, now + max(min(life, LONGEST_LIFE) - RENEW_BEFORE, 1.0)
        return self._token

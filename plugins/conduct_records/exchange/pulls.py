"""One feed for one data date, out of the platform and into landing and evidence."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from conduct_records.exchange.client import Client
from conduct_records.exchange.errors import ExchangeError, Refused
from conduct_records.exchange.feeds import feeds
from conduct_records.exchange.landing import Held, Landing
from conduct_records.exchange.messages import Page
from conduct_records.exchange.pages import Fetch, walk
from conduct_records.settings import Settings
from conduct_records.warehouse.connection import connect
from conduct_records.warehouse.runs import noted

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class PullOutcome:
    """How a pull stands. `state` is complete or incomplete; `reason` says why in one English word."""

    pull_id: str
    feed: str
    data_date: date
    state: str
    pages: int
    rows: int
    reason: str | None


def pull(
    feed: str,
    data_date: date,
    known_at: datetime,
    settings: Settings,
    *,
    refresh: bool = False,
    client: Client | None = None,
) -> PullOutcome:
    """Pull one day of a feed, then what earlier days still lack.

    A complete pull is replayed from landing and not asked for again, unless `refresh`. An incomplete one goes
    on from the last page that was kept. A platform that fails leaves the pull incomplete with its reason: an
    outcome, not an exception. Nothing that came is ever removed. Source: requirements A1, A2, J1, J4.

    Raises:
        KeyError: the feed is not declared.
        SettingMissing: an address or a credential is absent.
    """
    client = client or Client.of(settings)
    with noted(f"pull_{feed}", data_date, known_at, settings) as run:
        outcome = _pull_day(feed, data_date, known_at, settings, client, refresh=refresh)
        run.counts |= {"pages": outcome.pages, "rows": outcome.rows}
        run.reason = outcome.reason if outcome.state != "complete" else None
    if outcome.state == "complete":
        for day in _unfinished(feed, data_date, known_at, settings):
            late = _pull_day(feed, day, known_at, settings, client, refresh=False)
            log.info("earlier pull of %s for %s is now %s", feed, day, late.state)
    return outcome


def _pull_day(
    feed: str, data_date: date, known_at: datetime, settings: Settings, client: Client, *, refresh: bool
) -> PullOutcome:
    with connect(settings, "records_loader") as connection:
        landing = Landing(connection, feeds()[feed], data_date, known_at)
        held = landing.open()
        landing.replay()
        if held.state != "complete" or refresh:
            held = _ask(landing, held, client)
        return PullOutcome(landing.pull_id, feed, data_date, held.state, held.pages, held.rows, held.reason)


def _unfinished(feed: str, before: date, known_at: datetime, settings: Settings) -> list[date]:
    with connect(settings, "records_loader") as connection:
        return Landing(connection, feeds()[feed], before, known_at).unfinished()


def _ask(landing: Landing, held: Held, client: Client) -> Held:
    """Fetch what is missing and close the pull by what then is there."""
    try:
        for page in _from(partial(client.page, landing.feed.path, landing.data_date), held.cursor):
            landing.keep(page)
    except ExchangeError as error:
        log.warning("pull of %s for %s: %s", landing.feed.name, landing.data_date, error)
        return landing.close("incomplete", landing.held().cursor, error.reason)
    return _judge(landing, landing.held())


def _from(fetch: Fetch, cursor: str | None) -> Iterator[Page]:
    """Walk from a cursor; from the first page where the platform no longer knows the cursor."""
    if cursor is not None:
        try:
            yield from walk(fetch, cursor)
            return
        except Refused as refused:
            log.warning("the platform refuses a kept cursor: %s", refused)
    yield from walk(fetch)


def _judge(landing: Landing, held: Held) -> Held:
    """Compare what is held with the platform's total.

    Fewer: rows are missing, the next run walks from the first page again. More: nothing is missing that the
    platform knows of, and what it no longer counts stays; that is complete with a notice.
    """
    expected = held.expected or 0
    counts = f"{held.identities}/{expected}"
    if held.identities < expected:
        return landing.close("incomplete", None, "rows_missing")
    return landing.close("complete", None, None, counts if held.identities > expected else None)

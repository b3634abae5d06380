"""Looks at the whole once a day: raises what is wrong, settles what is well again."""

from __future__ import annotations

from datetime import date, datetime

from conduct_records.contracts.book import load_contracts
from conduct_records.intake.inbox import unread
from conduct_records.settings import Settings
from conduct_records.upkeep.alerts import Alert, declared, put, tell
from conduct_records.warehouse.connection import connect
from conduct_records.warehouse.statements import statement


def watch(data_date: date, known_at: datetime, settings: Settings) -> list[Alert]:
    """Compare what there is with what there should be for `data_date`; returns the alerts that are new.

    Absence of data per feed, places in the inbox that nobody reads, contracts that cannot be used, steps that
    did not end well, incomplete pulls, pushed rows that cannot be used, the platform's refusals, a backlog,
    objections, referrals and rectifications past their day, stale marts. One transaction, then people are
    told what no other alert has told them.
    Source: requirement J3.
    """
    wanted = declared()
    unseen = unread(settings, data_date)
    values = {
        "data_date": data_date,
        "feeds": list(wanted["quiet_days"]),
        "quiet_days": list(wanted["quiet_days"].values()),
        "daily": list(wanted["daily"]),
        "made_good_by": list(wanted["daily"].values()),
        "places": [each.place for each in unseen],
        "reasons": [each.reason for each in unseen],
        "broken": sorted(load_contracts().broken),
    }
    with connect(settings, "records_builder") as connection:
        rows = connection.execute(statement("checks/alerts"), values).fetchall()
        found = {Alert(*row): is_told for *row, is_told in rows}
        new = [alert for alert in found if put(connection, alert, known_at)]
        standing = [
            row[0]
            for alert in found
            for row in connection.execute(statement("ops/alert#key"), vars(alert)).fetchall()
        ]
        watched = [code for code, known in wanted["alerts"].items() if known["watched"]]
        given = {"known_at": known_at, "watched": watched, "standing": standing}
        connection.execute(statement("ops/alert#settle"), given)
    for alert in new:
        if not found[alert]:
            tell(alert, settings)
    return new

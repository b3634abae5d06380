"""Publishes the public column: a version in the log, a copy brought to it, one switch, the other follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from conduct_records.disclosure import feeds
from conduct_records.disclosure.changes import Version, log_changes
from conduct_records.disclosure.contents import all_items, gone_since, items
from conduct_records.disclosure.dates import open_date
from conduct_records.disclosure.folder import shown_stamp, sides, switch
from conduct_records.disclosure.items import Gone, declared, kinds
from conduct_records.disclosure.pages import Column, assets, section_pages
from conduct_records.disclosure.parts import change_items, drop_old_deltas
from conduct_records.disclosure.shards import digits
from conduct_records.disclosure.side import Side
from conduct_records.disclosure.spill import Spill
from conduct_records.disclosure.whole import write_items
from conduct_records.settings import Settings
from conduct_records.warehouse.connection import Connection, connect, hold_lock_across
from conduct_records.warehouse.statements import statement

AT_ONCE = 20_000  # changes that are applied one by one; more, and a tenth of all, are written as a whole


def publish_portal(
    data_date: date, known_at: datetime, settings: Settings, *, only_withdrawals: bool = False
) -> int:
    """Bring pages and feeds to what the public may see as of the latest open date; returns their version.

    The log commits first. A copy that is behind the log is brought to it by the next call, so a process that
    is killed, or a disk that is full, costs one repetition and readers keep the last whole version. Source:
    requirements E3, E5.
    """
    with connect(settings, "records_sharer") as connection:
        hold_lock_across(connection)  # nothing moves between the log and the content that is read for it
        valid_on = open_date(connection, data_date)
        version = log_changes(connection, "public", valid_on, known_at, only_withdrawals=only_withdrawals)
        connection.commit()
        _show(connection, settings, version)
        return version.version_no


def _show(connection: Connection, settings: Settings, version: Version) -> None:
    stamp = shown_stamp(settings.portal)
    column = _column(connection, version, stamp.get("lengths", {}))
    wanted = column.stamp()
    shown, hidden = sides(settings.portal)
    Spill.sweep(hidden.root.parent)
    versions = connection.execute(statement("share/publication#versions")).fetchall()
    deltas = {number: digits(changes) for number, _, _, changes, _ in versions[:-1]}
    if stamp != wanted:
        since = hidden.stamp().get("version_no", 0)
        is_whole = _bring(connection, hidden, column, versions, deltas)
        switch(settings.portal, hidden)
        drop_old_deltas(shown, deltas)
        if is_whole or not _is_alike(shown, wanted):
            shown.copy(hidden)
        elif stamp.get("version_no", -1) >= since:
            shown.follow(hidden)
        else:  # the link is gone, or an earlier process ended before it switched
            _bring(connection, shown, column, versions, deltas)
    elif hidden.stamp() != wanted:
        hidden.copy(shown)  # a process ended after it switched


def _is_alike(side: Side, wanted: Mapping[str, Any]) -> bool:
    """Whether a copy is whole, of the same look, and cut in the same way."""
    held = side.stamp()
    return bool(held) and all(held[name] == wanted[name] for name in ("look", "lengths"))


def _bring(
    connection: Connection,
    side: Side,
    column: Column,
    versions: Sequence[tuple[Any, ...]],
    deltas: Mapping[int, int],
) -> bool:
    """Bring the copy that nobody sees to `column`; returns whether it was written as a whole."""
    since = side.stamp().get("version_no", 0)
    is_small = _size(versions, since) <= max(AT_ONCE, column.counts.get("record", 0) // 10)
    is_whole = not (is_small and _is_alike(side, column.stamp()))
    if is_whole:
        _bring_whole(connection, side, column, deltas)
    else:
        _bring_in_parts(connection, side, column, since, deltas)
    drop_old_deltas(side, deltas)
    for path, text in section_pages(column).items():
        side.write(path, text)
    side.write("atom.xml", feeds.atom(column, items(connection, "recent")))
    side.write("versions.json", feeds.versions_text(column, versions))
    side.seal(column.stamp())
    return is_whole


def _size(versions: Sequence[tuple[Any, ...]], since: int) -> float:
    """How many changes came after a version; infinitely many where it is older than all that are known."""
    known = {row[0] for row in versions}
    return sum(row[3] for row in versions if row[0] > since) if since in known else float("inf")


def _bring_in_parts(
    connection: Connection, side: Side, column: Column, since: int, deltas: Mapping[int, int]
) -> None:
    values = {"since": since, "oldest": min(deltas, default=0) - 1}
    changed = items(connection, "shown_since", values)
    again = {(item.kind, item.key) for item in changed}  # under another subject's key
    gone = [each for each in gone_since(connection, since) if (each.kind, each.key) not in again]
    before = connection.execute(statement("share/publication#stated_before"), values)
    stated = [Gone(kind, key, number) for number, kind, key in before]
    change_items(side, column, changed, gone, deltas, stated_before=stated)


def _bring_whole(connection: Connection, side: Side, column: Column, deltas: Mapping[int, int]) -> None:
    side.empty()
    for path, text in assets().items():
        side.write(path, text)
    connection.execute(statement("share/publication#unproven"))
    write_items(side, column, all_items(connection), gone_since(connection, 0), deltas)


def _column(connection: Connection, version: Version, held: Mapping[str, int]) -> Column:
    labelled = connection.execute(statement("share/publication#labels"))
    labels = {str(code): str(label) for code, label in labelled}
    counted = connection.execute(statement("share/publication#counts")).fetchall()
    counts = {kind: sum(count for each, _, count in counted if each == kind) for kind in kinds()}
    lengths = {kind: digits(counts[kind], held.get(kind)) for kind in kinds()}
    by_class = {(kind, class_code): count for kind, class_code, count in counted}
    tables: dict[str, list[Mapping[str, Any]]] = {
        page["page"]: [_table(connection, table, counts, by_class) for table in page["tables"]]
        for page in declared()["pages"]
    }
    return Column(version.version_no, version.valid_on, labels, counts, lengths, tables)


def _table(
    connection: Connection,
    table: Mapping[str, Any],
    counts: Mapping[str, int],
    by_class: Mapping[tuple[str, str], int],
) -> dict[str, Any]:
    kind, class_code = table["kind"], table.get("class_code", "")
    values = {"kind": kind, "class_code": class_code, "size": table["newest"]}
    shown = items(connection, "newest", values)
    count = by_class.get((kind, class_code), 0) if class_code else counts[kind]
    return {**table, "rows": shown, "count": count}

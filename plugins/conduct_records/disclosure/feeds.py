"""The column for machines: the index of versions, a delta for each, the Atom feed of changes (E3, E5)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any
from xml.etree import ElementTree as Xml

from conduct_records.disclosure.items import Gone, Item, kinds
from conduct_records.disclosure.pages import Column
from conduct_records.disclosure.shards import as_json, digits

ATOM = "http://www.w3.org/2005/Atom"
OWN = "urn:conduct-records:feed"
NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0 can't hold these


def versions_text(column: Column, versions: Sequence[tuple[Any, ...]]) -> str:
    """The index: of each kind its files, and the last versions, newest first, with their deltas' digits.

    The oldest has no delta: nobody can hold the version before it and still apply what follows.
    """
    names = ("version", "valid_on", "record_count", "change_count", "digest")
    rows = [
        dict(zip(names, (row[0], str(row[1]), *row[2:]), strict=True)) | {"delta_digits": digits(row[3])}
        for row in versions
    ]
    files = {
        kind.stem: {
            "kind": kind.name,
            "digits": column.lengths[kind.name],
            "count": column.counts.get(kind.name, 0),
        }
        for kind in kinds().values()
    }
    return as_json(
        {"current": column.version_no, "valid_on": str(column.valid_on), "data": files, "versions": rows}
    )


def stated(item: Item) -> dict[str, Any]:
    """An item as data files hold it."""
    return dict(item.content)


def delta_text(
    version_no: int, upserts: Iterable[dict[str, Any]], withdrawn: Iterable[dict[str, Any]]
) -> str:
    """What a reader of the version before must apply; what was withdrawn is named by its key alone."""
    return as_json(
        {
            "from": version_no - 1,
            "to": version_no,
            "upserts": sorted(upserts, key=delta_order),
            "withdrawn": sorted(withdrawn, key=delta_order),
        }
    )


def delta_order(row: dict[str, Any]) -> tuple[str, str]:
    """Kind, then key."""
    return row["kind"], row["key"]


def upsert(item: Item) -> dict[str, Any]:
    """An item as a delta holds it."""
    return {"kind": item.kind, "key": item.key, "content": stated(item)}


def withdrawal(gone: Gone) -> dict[str, Any]:
    """What a delta says of an item that left."""
    return {"kind": gone.kind, "key": gone.key}


def atom(column: Column, recent: Iterable[Item]) -> str:
    """The records that changed last; `sort_on` is the date that the change held for."""
    feed = Xml.Element("feed", xmlns=ATOM)
    Xml.SubElement(feed, "id").text = "urn:conduct-records:public"
    Xml.SubElement(feed, "title").text = column.title
    Xml.SubElement(feed, "updated").text = f"{column.valid_on}T00:00:00+08:00"
    Xml.SubElement(Xml.SubElement(feed, "author"), "name").text = column.labels["publisher"]
    Xml.SubElement(feed, "link", rel="self", href="atom.xml")
    for item in recent:
        entry = Xml.SubElement(feed, "entry")
        Xml.SubElement(entry, "id").text = f"urn:conduct-records:{item.key}"
        Xml.SubElement(entry, "title").text = _text(
            f"{item.content['subject_name']} {item.content['document_no']}"
        )
        Xml.SubElement(entry, "updated").text = f"{item.sort_on}T00:00:00+08:00"
        Xml.SubElement(entry, "link", href=kinds()["record"].address(item.key))
        Xml.SubElement(entry, "summary").text = _text(item.content.get("conduct_type", ""))
        Xml.SubElement(entry, "display_until", xmlns=OWN).text = str(item.display_until)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + Xml.tostring(feed, encoding="unicode")


def _text(value: str) -> str:
    return NO_XML.sub("", value)

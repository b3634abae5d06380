"""The column for machines: CSV, JSON, Atom, the index of versions and a delta from each of them (E3, E5)."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as Xml

if TYPE_CHECKING:
    from conduct_records.disclosure.portal import Column, Row

FIELDS = (
    "record_key", "subject_name", "subject_code", "document_no", "document_on", "authority_name",
    "conduct_type", "fact", "penalty_text", "fine_yuan", "state", "is_under_objection", "display_from",
    "display_until",
)  # fmt: skip
ATOM = "http://www.w3.org/2005/Atom"
OWN = "urn:conduct-records:feed"
NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0 can't hold these
RUNS_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def feeds(column: Column) -> dict[str, str]:
    """Each feed by its path."""
    full = {
        "version": column.version_no,
        "valid_on": str(column.valid_on),
        "records": [row.content for row in column.rows],
    }
    files = {"records.csv": _csv(column.rows), "records.json": _json(full), "atom.xml": _atom(column)}
    files["versions.json"] = _json(
        {"current": column.version_no, "versions": [_version(each) for each in column.versions]}
    )
    for number, *_ in column.versions:
        files[f"deltas/{number}.json"] = _json(_delta(column, number))
    return files


def _delta(column: Column, since: int) -> dict[str, Any]:
    """From version `since` to this one; what was withdrawn is named by its key alone."""
    later = {key for key, number in column.changed_in.items() if number > since}
    rows = [row.content for row in column.rows if row.record_key in later]
    gone = sorted(later - {row.record_key for row in column.rows})
    return {"from": since, "to": column.version_no, "upserts": rows, "withdrawn": gone}


def _version(row: tuple[Any, ...]) -> dict[str, Any]:
    return dict(
        zip(("version", "valid_on", "record_count", "digest"), (row[0], str(row[1]), *row[2:]), strict=True)
    )


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True)


def _csv(rows: list[Row]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(FIELDS)
    writer.writerows([[harmless(str(row.content.get(name, ""))) for name in FIELDS] for row in rows])
    return "\ufeff" + text.getvalue()


def harmless(cell: str) -> str:
    """A cell that no spreadsheet runs as a formula."""
    return f"'{cell}" if cell.startswith(RUNS_AS_FORMULA) else cell


def _atom(column: Column) -> str:
    feed = Xml.Element("feed", xmlns=ATOM)
    Xml.SubElement(feed, "id").text = "urn:conduct-records:public"
    Xml.SubElement(feed, "title").text = column.labels["portal"]["title"]
    Xml.SubElement(feed, "updated").text = f"{column.valid_on}T00:00:00+08:00"
    Xml.SubElement(Xml.SubElement(feed, "author"), "name").text = column.labels["portal"]["publisher"]
    Xml.SubElement(feed, "link", rel="self", href="atom.xml")
    for row in column.rows:
        entry = Xml.SubElement(feed, "entry")
        Xml.SubElement(entry, "id").text = f"urn:conduct-records:{row.record_key}"
        title = f"{row.content['subject_name']} {row.content['document_no']}"
        Xml.SubElement(entry, "title").text = NO_XML.sub("", title)
        Xml.SubElement(entry, "updated").text = f"{row.content['document_on']}T00:00:00+08:00"
        Xml.SubElement(entry, "link", href=f"records/{row.record_key}.html")
        Xml.SubElement(entry, "summary").text = NO_XML.sub("", row.content.get("conduct_type", ""))
        if row.display_until:
            Xml.SubElement(entry, "display_until", xmlns=OWN).text = str(row.display_until)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + Xml.tostring(feed, encoding="unicode")

"""Writes samples/inbox from story.yaml: the same bytes each time, headers from the contracts' templates.

Run: python samples/make_samples.py [FOLDER]
"""

from __future__ import annotations

import csv
import io
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter
import yaml

HERE = Path(__file__).parent
SUBMISSIONS = HERE.parent / "include" / "schemas" / "submissions"
MADE_ON = datetime(2019, 1, 28, 9, 0, 0)


def main(folder: Path) -> None:
    """Write every file of the story under `folder`."""
    story = yaml.safe_load((HERE / "story.yaml").read_text(encoding="utf-8"))
    for file in story["files"]:
        table = [headers(file), *(cells(file, row, story) for row in file["rows"])]
        write(
            folder / file["path"],
            as_workbook(table) if file["path"].endswith("xlsx") else as_csv(file, table),
        )
    for file in story["broken"]:
        write(folder / file["path"], (folder / file["cut_from"]).read_bytes()[: file["keep_bytes"]])


def columns(file: dict[str, Any]) -> dict[str, str]:
    """Field to header, in the order of the template that the file follows."""
    contract = yaml.safe_load((SUBMISSIONS / f"{file['kind']}.yaml").read_text(encoding="utf-8"))["schema"][0]
    custom = {each["property"]: each["value"] for each in contract["customProperties"]}
    labels = {each["name"]: each["businessName"] for each in contract["properties"]}
    template = next(each for each in custom["templates"] if each["code"] == file["template"])
    return {field: (known or [labels[field]])[0] for field, known in template["columns"].items()}


def headers(file: dict[str, Any]) -> list[str]:
    """The header row."""
    return list(columns(file).values())


def cells(file: dict[str, Any], row: dict[str, Any], story: dict[str, Any]) -> list[str]:
    """One row: what all rows share, then who it is about and who decided, then what it says itself."""
    given = file.get("common", {}) | row
    known = story["parties"].get(given.get("party"), {}) | story["authorities"].get(
        given.get("authority"), {}
    )
    if "party_name" in row:
        known = (
            {field: value for field, value in known.items() if field != "party_code"}
            if "party_code" in row
            else known
        )
    values = known | given
    unknown = set(values) - set(columns(file)) - {"party", "authority"}
    if unknown:
        raise ValueError(f"{file['path']}: the template has no {sorted(unknown)}")
    return [str(values.get(field, "")) for field in columns(file)]


def as_csv(file: dict[str, Any], table: list[list[str]]) -> bytes:
    """A CSV in the encoding that the story gives."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(table)
    return text.getvalue().encode(file["encoding"])


def as_workbook(table: list[list[str]]) -> bytes:
    """A workbook of text cells."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"created": MADE_ON})
    sheet = book.add_worksheet()
    for number, row in enumerate(table):
        for column, value in enumerate(row):
            sheet.write_string(number, column, value)
    book.close()
    return content.getvalue()


def write(path: Path, content: bytes) -> None:
    """Write one file, with its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "inbox")

"""Writes samples/inbox from story.yaml, samples/more from more.yaml; the same story gives the same bytes."""

from __future__ import annotations

import csv
import io
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter
import yaml

from conduct_records.contracts.book import ContractBook, load_contracts

HERE = Path(__file__).parent


def make(out: Path, book: ContractBook, name: str = "story.yaml") -> list[Path]:
    """Write every file of a story under `out`; returns their paths."""
    story = yaml.load((HERE / name).read_text(encoding="utf-8"), Loader=_TextLoader)  # noqa: S506
    return [_write(out, declared, book) for declared in story["files"]]


class _TextLoader(yaml.SafeLoader):
    """Reads dates and numbers as the text that stands in the file."""


_TextLoader.yaml_implicit_resolvers = {
    letter: [pair for pair in pairs if pair[0] in {"tag:yaml.org,2002:merge", "tag:yaml.org,2002:null"}]
    for letter, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _write(out: Path, declared: dict[str, Any], book: ContractBook) -> Path:
    path = out / declared["path"]
    path.parent.mkdir(parents=True, exist_ok=True)
    header, rows = _header(declared, book), _rows(declared)
    content = {".csv": _csv, ".xlsx": _xlsx, ".jsonl": _jsonl}[path.suffix](declared, header, rows)
    path.write_bytes(content[: int(len(content) * float(declared.get("truncate_to", 1)))])
    return path


def _header(declared: dict[str, Any], book: ContractBook) -> list[str]:
    contract = book.contracts[declared["kind"]]
    template = contract.use.templates[0]
    return [contract.headers(template, name)[0] for name in declared["columns"]] + list(
        declared.get("extra", {})
    )


def _rows(declared: dict[str, Any]) -> list[list[str]]:
    """Cells in the order of the columns: what all rows share, then the row's own."""
    rows: list[dict[str, Any]] = []
    for number, own in enumerate(declared["rows"], 1):
        base = rows[int(own["same_as"]) - 1] if "same_as" in own else declared.get("common", {})
        numbers = {"document_no": declared["numbered"].format(number)} if "numbered" in declared else {}
        rows.append(numbers | base | own)
    return [row["cells"] if "cells" in row else _cells(row, declared) for row in rows]


def _cells(row: dict[str, Any], declared: dict[str, Any]) -> list[str]:
    cells = [_text(row.get(name)) for name in declared["columns"]]
    return [*cells, *declared.get("extra", {}).values()]


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return str(value["repeat"]) * int(value["times"])
    return value or ""


def _csv(declared: dict[str, Any], header: list[str], rows: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=declared.get("delimiter", ","), lineterminator="\r\n")
    blank = [""] * (len(header) - 1)
    if "title" in declared:
        writer.writerow([declared["title"], *blank])
    writer.writerows([header, *rows])
    writer.writerows([line, *blank] for line in declared.get("legend", []))
    encoding = declared["encoding"]
    mark = "\ufeff" if encoding.startswith("utf-16") else ""
    return (mark + text.getvalue()).encode(encoding)


def _jsonl(declared: dict[str, Any], header: list[str], rows: list[list[str]]) -> bytes:
    lines = [json.dumps(dict(zip(header, row, strict=True)), ensure_ascii=False) for row in rows]
    return ("\n".join(lines) + "\n").encode()


def _xlsx(declared: dict[str, Any], header: list[str], rows: list[list[str]]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as workbook:
        workbook.set_properties({"created": datetime.fromisoformat(declared["path"][:10])})
        sheet = workbook.add_worksheet()
        sheet.set_column(0, len(header) - 1, 18)
        for number, row in enumerate([header, *rows]):
            for place, cell in enumerate(row):
                if cell:
                    sheet.write_string(number, place, cell)
    return content.getvalue()


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    for folder, name in (("inbox", "story.yaml"), ("more", "more.yaml")):
        for written in make(target / folder, load_contracts(), name):
            print(written)

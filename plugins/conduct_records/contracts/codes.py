"""Code lists and the catalogue of issues, from include/schemas/codes."""

from __future__ import annotations

import csv
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

Severity = Literal["error", "warning", "notice"]


@dataclass(frozen=True)
class CodeList:
    """A code list: every text that is understood, to its code; `codes` in declared order, to its label."""

    codes: dict[str, str]
    meanings: dict[str, str]


@dataclass(frozen=True)
class IssueType:
    """An issue code: `message` and `fix` are Chinese texts with {placeholders}, `label` is its name."""

    code: str
    severity: Severity
    responsibility: Literal["department", "centre"]
    message: str
    fix: str
    label: str


def comparable(text: str) -> str:
    """The form in which headers and code values are compared: NFKC, no blanks, one case."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def read_code_list(path: Path) -> CodeList:
    """Read `code,label,aliases`; aliases are joined by `;`.

    Raises:
        ValueError: one text means two codes.
    """
    codes: dict[str, str] = {}
    meanings: dict[str, str] = {}
    for row in _rows(path):
        codes[row["code"]] = row["label"]
        for text in (row["code"], row["label"], *filter(None, row["aliases"].split(";"))):
            if meanings.setdefault(comparable(text), row["code"]) != row["code"]:
                raise ValueError(f"{path.name}: {text} means two codes")
    return CodeList(codes, meanings)


def read_labels(path: Path) -> dict[str, str]:
    """Code to label, of a list with any further columns."""
    return {row["code"]: row["label"] for row in _rows(path)}


def read_code_lists(folder: Path) -> dict[str, CodeList]:
    """Every list in `folder` that maps submitted texts, by its file name without ending."""
    return {path.stem: read_code_list(path) for path in sorted(folder.glob("*.csv")) if _maps_texts(path)}


def read_issue_types(path: Path) -> dict[str, IssueType]:
    """The catalogue of issues (B5), by code.

    Raises:
        ValueError: a severity or a responsibility is none of the known ones.
    """
    types = {}
    for row in _rows(path):
        if row["severity"] not in {"error", "warning", "notice"}:
            raise ValueError(f"{path.name}: unknown severity of {row['code']}")
        if row["responsibility"] not in {"department", "centre"}:
            raise ValueError(f"{path.name}: unknown responsibility of {row['code']}")
        types[row["code"]] = IssueType(
            row["code"],
            cast("Severity", row["severity"]),
            cast('Literal["department", "centre"]', row["responsibility"]),
            row["message"],
            row["fix"],
            row["label"],
        )
    return types


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _maps_texts(path: Path) -> bool:
    with path.open(encoding="utf-8") as file:
        return file.readline().strip().split(",") == ["code", "label", "aliases"]

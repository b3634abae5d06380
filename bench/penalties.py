"""Penalty decisions for benches: deterministic, any number, 25 columns, three rows in a hundred dirty.

The words stand in penalties.yaml.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from conduct_records.checkdigits import (
    ORG_ALPHABET,
    ORG_WEIGHTS,
    RESIDENT_CHECKS,
    RESIDENT_WEIGHTS,
    USCC_ALPHABET,
    USCC_WEIGHTS,
)
from conduct_records.contracts.book import load_contracts
from conduct_records.intake.headers import official

COLUMNS = {
    "party_name": "text", "party_category_code": "text", "party_code": "text",
    "party_registration_no": "text",
    "party_org_code": "text", "legal_representative_name": "text", "party_person_token": "text",
    "document_no": "text", "violation_type_name": "text", "violation_facts": "text", "penalty_basis": "text",
    "penalty_category_codes": "text", "penalty_content": "text", "fine_yuan": "numeric(18, 2)",
    "confiscated_yuan": "numeric(18, 2)", "suspended_licence_name": "text", "decided_on": "date",
    "valid_until_on": "date", "display_until_on": "date", "authority_name": "text", "authority_code": "text",
    "source_name": "text", "source_code": "text", "procedure_code": "text", "remarks": "text",
}  # fmt: skip
"""The fields, in the order of the file, with the types that a typed table gives them."""
DIRTY_SHARE = 0.03
ROWS_A_PARTY = 10
WORDS: dict[str, Any] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
_DAYS = [date(2017, 1, 1) + timedelta(days=number) for number in range(700)]

Row = dict[str, str]


def headers() -> list[str]:
    """The submitter's headers, as the template of 2018 prints them."""
    contract = load_contracts().contracts["penalty_decision"]
    (template,) = (one for one in contract.use.templates if one.code == "2018")
    return [official(contract, template, name) for name in COLUMNS]


def write_penalties(submission: Path, typed: Path | None, rows: int) -> None:
    """Write the file that a department sends (UTF-8) and, clean and typed, what the floor copies."""
    with (
        submission.open("w", encoding="utf-8", newline="") as sent,
        (typed or Path("/dev/null")).open("w", encoding="utf-8", newline="") as copied,
    ):
        sender, copier = csv.writer(sent), csv.writer(copied)
        sender.writerow(headers())
        for clean, cells in penalties(rows):
            copier.writerow(clean)
            sender.writerow(cells)


def penalties(rows: int) -> Iterator[tuple[list[str], list[str]]]:
    """Each row twice: as a typed table holds it (ISO dates, yuan), and as people write it, or mistake it."""
    rng = random.Random(20190128)  # noqa: S311 - the same rows each time are the point
    parties = [_party(number, rng) for number in range(max(rows // ROWS_A_PARTY, 1))]
    authorities = [_authority(number) for number in range(len(WORDS["places"]) * len(WORDS["offices"]))]
    for number in range(1, rows + 1):
        row = _row(number, rng, parties, authorities)
        clean = list(row.values())
        _as_written(row)
        cells = list(row.values())
        if rng.random() < DIRTY_SHARE:
            cells = _DIRT[number % len(_DIRT)](row)
        yield clean, cells


def _row(number: int, rng: random.Random, parties: list[Row], authorities: list[tuple[str, str]]) -> Row:
    kind = int(rng.random() * 4)
    yuan, taken = 1000 * int(1 + rng.random() * 300), 100 * int(1 + rng.random() * 90)
    content = WORDS[("fined", "fined_and_taken", "warned", "fined")[kind]]
    decided = rng.choice(_DAYS)
    name, code = rng.choice(authorities)
    row = dict.fromkeys(COLUMNS, "") | rng.choice(parties)
    row["document_no"] = WORDS["document_no"].format(place=WORDS["places"][number % 16][0], number=number)
    row["violation_type_name"] = rng.choice(WORDS["violations"])
    row["violation_facts"] = WORDS["facts"].format(
        number=1 + number % 12, count=int(1 + rng.random() * 500), value=yuan * 2
    )
    row["penalty_basis"] = rng.choice(WORDS["bases"])
    row["penalty_category_codes"] = WORDS["penalties"][kind]
    row["penalty_content"] = content.format(yuan=yuan, taken=taken)
    row["fine_yuan"] = "" if kind == 2 else f"{yuan}.00"
    row["confiscated_yuan"] = f"{taken}.00" if kind == 1 else ""
    row["decided_on"] = decided.isoformat()
    row["display_until_on"] = decided.replace(year=decided.year + 3, day=min(decided.day, 28)).isoformat()
    row["authority_name"] = row["source_name"] = name
    row["authority_code"] = row["source_code"] = code
    row["procedure_code"] = WORDS["procedures"][number % 8 == 0]
    row["remarks"] = WORDS["remark"] if number % 3 == 0 else ""
    return row


def _as_written(row: Row) -> None:
    """Other dates, ten thousands of yuan, a sign for nothing."""
    for name in ("fine_yuan", "confiscated_yuan"):
        row[name] = f"{float(row[name]) / 10_000:.4f}".rstrip("0").rstrip(".") if row[name] else ""
    row["decided_on"] = row["decided_on"].replace("-", "/")
    row["suspended_licence_name"] = WORDS["placeholder"]


def _party(number: int, rng: random.Random) -> Row:
    """An enterprise or, one in fifty, a natural person."""
    place = int(rng.random() * len(WORDS["places"]))
    who = rng.choice(WORDS["surnames"]) + rng.choice(WORDS["words"])
    if number % 50 == 49:
        category = WORDS["categories"]["natural_person"]
        return {"party_name": who, "party_category_code": category, "party_person_token": _person_id(number)}
    code = unified_code("91", WORDS["place_codes"][place], number)
    return {
        "party_name": WORDS["name"].format(
            place=WORDS["places"][place],
            word=rng.choice(WORDS["words"]),
            trade=rng.choice(WORDS["trades"]),
            number=number,
            form=rng.choice(WORDS["forms"]),
        ),
        "party_category_code": WORDS["categories"]["legal_person"],
        "party_code": code,
        "party_org_code": code[8:17],
        "legal_representative_name": who,
    }


def _authority(number: int) -> tuple[str, str]:
    place, office = number % len(WORDS["places"]), number // len(WORDS["places"])
    name = WORDS["authority"].format(place=WORDS["places"][place], office=WORDS["offices"][office])
    return name, unified_code("11", WORDS["place_codes"][place], 90_000_000 + number)


def unified_code(kind: str, region: str, number: int) -> str:
    """A valid unified credit code (GB 32100) around a valid organisation code (GB 11714)."""
    inner = f"{number:08d}"
    total = sum(ORG_ALPHABET.index(digit) * weight for digit, weight in zip(inner, ORG_WEIGHTS, strict=True))
    body = f"{kind}{region}{inner}{'?123456789X0'[11 - total % 11]}"
    total = sum(USCC_ALPHABET.index(digit) * weight for digit, weight in zip(body, USCC_WEIGHTS, strict=True))
    return body + USCC_ALPHABET[(31 - total % 31) % 31]


def _person_id(number: int) -> str:
    body = f"420106{1960 + number % 40}0101{number // 50 % 1000:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, RESIDENT_WEIGHTS, strict=True))
    return body + RESIDENT_CHECKS[total % 11]


def _with(name: str, change: Callable[[Row], str]) -> Callable[[Row], list[str]]:
    return lambda row: list((row | {name: change(row)}).values())


_DIRT: tuple[Callable[[Row], list[str]], ...] = (
    _with("party_code", lambda row: row["party_code"][:-1] + ("0" if row["party_code"][-1:] != "0" else "1")),
    _with("party_name", lambda row: ""),
    _with("penalty_category_codes", lambda row: WORDS["dirt"]["unknown_code"]),
    _with("decided_on", lambda row: WORDS["dirt"]["unreadable_date"]),
    _with("display_until_on", lambda row: "2016-01-01"),
    _with("decided_on", lambda row: "2031/1/1"),
    _with("fine_yuan", lambda row: f"{10_000 * float(row['fine_yuan'] or 1):.0f}"),
    _with("violation_facts", lambda row: row["violation_facts"] + WORDS["dirt"]["mojibake"]),
    _with("party_code", lambda row: row["party_org_code"] or row["party_name"]),
    _with("party_code", lambda row: row["party_code"].lower()),
    _with("document_no", lambda row: WORDS["dirt"]["repeated_no"]),
    _with("violation_facts", lambda row: row["violation_facts"] + _person_id(len(row["party_name"]))),
    lambda row: [*row.values(), "?"],
)
"""One thing wrong in each; the last row has a cell too many."""

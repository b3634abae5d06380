"""Verification reports: one page per verified case, each figure with the evidence it comes from."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from conduct_records.reports.pages import Evidence, Row, fetch, page, put, texts
from conduct_records.settings import Settings
from conduct_records.warehouse.connection import Connection, connect


def write_verification_reports(settings: Settings, valid_on: date) -> list[str]:
    """Write the report of every verified case to the units that have it; returns the files.

    The same facts give the same bytes. Source: requirements C2 to C4, G2.

    Raises:
        SettingMissing: WAREHOUSE_URL is absent.
    """
    written = []
    with connect(settings, "records_builder") as connection:
        for case in fetch(connection, "reports/case_report#cases", {}):
            content = verification_report(connection, case, valid_on).encode()
            name = f"{texts()['report_name']}_{case['appearances'][0]['case_id']}.html"
            written += [put(settings, unit, valid_on, name, content) for unit in case["unit_codes"] or ()]
    return written


def verification_report(connection: Connection, case: Row, valid_on: date) -> str:
    """The report of one case as HTML. A subject is what a verification names by its credit code."""
    results = fetch(connection, "reports/case_report#results", {"case_key": case["case_key"]})
    parties = {each["subject_key"]: each["party_name"] for each in results if each["subject_key"]}
    return page(
        "verification_report.html",
        case=case,
        results=results,
        subjects=[_subject(connection, key, name, valid_on) for key, name in parties.items()],
        evidence=Evidence(connection),
        valid_on=valid_on,
    )


def _subject(connection: Connection, subject_key: str, name: str, valid_on: date) -> dict[str, Any]:
    given = {"subject_key": subject_key, "valid_on": valid_on}
    analysis: dict[str, list[Row]] = defaultdict(list)
    for fact in fetch(connection, "reports/case_analysis", given):
        analysis[fact["analysis_code"]].append(fact)
    (risk,) = fetch(connection, "reports/case_report#risk", given)
    (pattern,) = fetch(connection, "reports/case_report#pattern", given)
    return {
        "name": name,
        "records": fetch(connection, "reports/subject_notice#records", given),
        "analysis": dict(analysis),
        "risk": risk,
        "pattern": pattern,
    }

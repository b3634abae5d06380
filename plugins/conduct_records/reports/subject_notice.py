"""Notices to subjects: what is recorded, on what evidence, until when, how to object or repair."""

from __future__ import annotations

from datetime import date

from conduct_records.reports.pages import Evidence, Row, fetch, page, put, texts
from conduct_records.settings import Settings
from conduct_records.warehouse.connection import Connection, connect


def write_subject_notices(settings: Settings, valid_on: date) -> list[str]:
    """Write a notice for each subject whose records changed as of `valid_on`; returns the files.

    They go to the outbox of the unit where the subject is registered, which hands them over.
    Source: requirement G4.

    Raises:
        SettingMissing: WAREHOUSE_URL is absent.
    """
    written = []
    with connect(settings, "records_builder") as connection:
        for subject in fetch(connection, "reports/subject_notice#subjects", {"valid_on": valid_on}):
            if content := subject_notice(connection, subject, valid_on):
                name = f"{texts()['notice_name']}_{subject['code']}.html"
                written.append(put(settings, subject["unit_code"], valid_on, name, content.encode()))
    return written


def subject_notice(connection: Connection, subject: Row, valid_on: date) -> str:
    """The notice to one subject as HTML; empty where nothing that is recorded, or was, may be told."""
    given = {"subject_key": subject["subject_key"], "valid_on": valid_on}
    records = fetch(connection, "reports/subject_notice#records", given)
    gone = fetch(connection, "reports/subject_notice#gone", given)
    if not records and not gone:
        return ""
    (clock,) = fetch(connection, "reports/subject_notice#objection_days", given)
    return page(
        "subject_notice.html",
        subject=subject,
        records=records,
        gone=gone,
        evidence=Evidence(connection),
        objection=clock,
        valid_on=valid_on,
    )

"""Cases that the national platform pushes, pulled for one data date."""

from __future__ import annotations

from airflow.sdk import DAG

from conduct_records.operators.flow import NIGHTLY, PUSHED_CASES, ingestion
from conduct_records.operators.ingestion import PULL_DOC, pull_and_close

with DAG(
    "pull_pushed_cases",
    schedule=NIGHTLY,
    doc_md=PULL_DOC.format(what="cases", feed="pushed_cases"),
    tags=["pull", "exchange"],
    **ingestion(),
):
    pull_and_close("pushed_cases", PUSHED_CASES, "evidence.pushed_case")

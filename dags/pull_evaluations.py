"""Public credit evaluation results, pulled for one data date."""

from __future__ import annotations

from airflow.sdk import DAG

from conduct_records.operators.flow import EVALUATIONS, NIGHTLY, ingestion
from conduct_records.operators.ingestion import PULL_DOC, pull_and_close

with DAG(
    "pull_evaluations",
    schedule=NIGHTLY,
    doc_md=PULL_DOC.format(what="evaluation results", feed="evaluations"),
    tags=["pull", "exchange"],
    **ingestion(),
):
    pull_and_close("evaluations", EVALUATIONS, "evidence.evaluation")

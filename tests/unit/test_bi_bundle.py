"""The import bundle for Superset is made from its declaration and asks for nothing the marts do not have."""

from __future__ import annotations

import json
import re

from bi.make_bundle import BUNDLE, bundle, text
from conduct_records.contracts.dictionary import mart_tables


def test_the_bundle_in_git_is_what_the_declaration_gives() -> None:
    found = {str(path.relative_to(BUNDLE)): path.read_text("utf-8") for path in BUNDLE.rglob("*.yaml")}
    assert found == {name: text(content) for name, content in bundle().items()}, "run `make bi-bundle`"


def test_every_chart_stands_on_the_dashboard_and_asks_a_dataset_of_the_bundle() -> None:
    files = bundle()
    (dashboard,) = (content for name, content in files.items() if name.startswith("dashboards/"))
    placed = {
        node["meta"]["uuid"] for name, node in dashboard["position"].items() if name.startswith("CHART")
    }
    charts = [content for name, content in files.items() if name.startswith("charts/")]
    datasets = {content["uuid"]: content for name, content in files.items() if name.startswith("datasets/")}
    assert placed == {chart["uuid"] for chart in charts}
    for chart in charts:
        dataset = datasets[chart["dataset_uuid"]]
        (query,) = json.loads(chart["query_context"])["queries"]
        assert set(query["metrics"]) <= {metric["metric_name"] for metric in dataset["metrics"]}


def test_datasets_read_marts_alone() -> None:
    for name, content in bundle().items():
        if name.startswith("datasets/"):
            tables = re.findall(r"\b(?:from|join) (\w\S*)", content["sql"])
            assert tables and {f"marts.{each}" for each in mart_tables()} >= set(tables)


def test_no_secret_stands_in_the_bundle() -> None:
    (database,) = (content for name, content in bundle().items() if name.startswith("databases/"))
    assert "bi_reader:XXXXXXXXXX@" in database["sqlalchemy_uri"]
    assert database["allow_dml"] is database["allow_ctas"] is False

"""Charts of the import bundle, and the keys by which its files name one another."""

from __future__ import annotations

import json
import uuid
from typing import Any

SPACE = uuid.UUID("6b1a5b5e-6f0c-5a0e-9d5c-0f3a2a6b7c8d")
FORMS = {
    "number": "big_number_total",
    "bars": "echarts_timeseries_bar",
    "stack": "echarts_timeseries_bar",
    "line": "echarts_timeseries_line",
    "pie": "pie",
    "table": "table",
}


def key(*parts: str) -> str:
    """The same parts have the same key in every bundle: an import finds what it brought before."""
    return str(uuid.uuid5(SPACE, "/".join(parts)))


def chart_file(said: dict[str, Any], dataset: dict[str, Any]) -> dict[str, Any]:
    """One chart of bi/superset.yaml as Superset holds it, with the query that it asks."""
    params = _params(said, dataset)
    return {
        "slice_name": said["title"],
        "viz_type": FORMS[said["form"]],
        "params": params,
        "query_context": json.dumps(_query_context(said, params), ensure_ascii=False),
        "uuid": key("chart", said["title"]),
        "version": "1.0.0",
        "dataset_uuid": key("dataset", said["dataset"]),
    }


def _params(said: dict[str, Any], dataset: dict[str, Any]) -> dict[str, Any]:
    metrics, by = said["metrics"], said.get("by", [])
    shared = {
        "viz_type": FORMS[said["form"]],
        "adhoc_filters": [],
        "row_limit": 100,
        "time_range": "No filter",
    }
    if said["form"] == "number":
        return shared | {"metric": metrics[0], "y_axis_format": dataset["metrics"][metrics[0]]["format"]}
    if said["form"] == "pie":
        return shared | {"metric": metrics[0], "groupby": by, "label_type": "key_value", "show_legend": True}
    if said["form"] == "table":
        return shared | {"query_mode": "aggregate", "groupby": by, "metrics": metrics, "order_desc": True}
    is_time = said["axis"] == dataset["time"]
    return shared | {
        "x_axis": said["axis"],
        "metrics": metrics,
        "groupby": by,
        "show_legend": len(metrics) > 1 or bool(by),
        "stack": "Stack" if said["form"] == "stack" else None,
        "time_grain_sqla": "P1M" if is_time else None,
        "show_value": True,
        "x_axis_sort_asc": True,
        "rich_tooltip": True,
        "markerEnabled": said["form"] == "line",
    }


def _query_context(said: dict[str, Any], params: dict[str, Any]) -> dict[str, Any]:
    columns: list[Any] = list(said.get("by", []))
    if "axis" in said:
        columns.insert(0, _axis(said["axis"], params.get("time_grain_sqla")))
    query = {
        "columns": columns,
        "metrics": said["metrics"],
        "orderby": [[said["metrics"][0], False]],
        "row_limit": 100,
        "filters": [],
        "extras": {"having": "", "where": ""},
        "time_range": "No filter",
        "is_timeseries": False,
        "annotation_layers": [],
        "applied_time_extras": {},
        "url_params": {},
        "custom_params": {},
        "custom_form_data": {},
    }
    return {
        "datasource": {"id": 1, "type": "table"},  # the import puts the id of the dataset here
        "force": False,
        "queries": [query],
        "form_data": params,
        "result_format": "json",
        "result_type": "full",
    }


def _axis(name: str, grain: str | None) -> dict[str, Any]:
    axis = {
        "columnType": "BASE_AXIS",
        "sqlExpression": name,
        "label": name,
        "expressionType": "SQL",
        "isColumnReference": True,
    }
    return axis | ({"timeGrain": grain} if grain else {})

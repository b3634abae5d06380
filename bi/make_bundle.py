"""Writes the import bundle for Apache Superset from bi/superset.yaml; equal declarations give equal bytes."""

from __future__ import annotations

import json
import shutil
import sys
import uuid
import zipfile
from pathlib import Path
from typing import Any

import yaml

from conduct_records.contracts.dictionary import mart_tables

HERE = Path(__file__).parent
BUNDLE = HERE / "superset"
SPACE = uuid.UUID("6b1a5b5e-6f0c-5a0e-9d5c-0f3a2a6b7c8d")
URI = "postgresql+psycopg2://bi_reader:XXXXXXXXXX@localhost:5432/warehouse"
FORMS = {
    "number": "big_number_total",
    "bars": "echarts_timeseries_bar",
    "stack": "echarts_timeseries_bar",
    "line": "echarts_timeseries_line",
    "pie": "pie",
    "table": "table",
}
HEIGHTS = {"number": 22, "table": 60}
NUMBERS = {"bigint", "integer", "numeric"}
Files = dict[str, dict[str, Any]]


def bundle() -> Files:
    """Every file of the bundle by its path, as what YAML holds."""
    said = yaml.safe_load((HERE / "superset.yaml").read_text(encoding="utf-8"))
    files: Files = {
        "metadata.yaml": {"version": "1.0.0", "type": "Dashboard", "timestamp": "2019-01-28T00:00:00+00:00"},
        f"databases/{said['database']}.yaml": _database(said["database"]),
    }
    for name, dataset in said["datasets"].items():
        files[f"datasets/{said['database']}/{name}.yaml"] = _dataset(name, dataset, said["database"])
    for number, chart in enumerate(said["charts"], 1):
        files[f"charts/{number:02}_{chart['form']}.yaml"] = _chart(chart, said["datasets"][chart["dataset"]])
    return files | {f"dashboards/{said['slug']}.yaml": _dashboard(said)}


def write(folder: Path = BUNDLE) -> None:
    """Write the bundle as a folder."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, content in bundle().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text(content), encoding="utf-8")


def pack(target: Path, uri: str = URI) -> None:
    """Write the bundle as the ZIP file that Superset imports, connecting to `uri`."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in bundle().items():
            held = content | {"sqlalchemy_uri": uri} if name.startswith("databases/") else content
            archive.writestr(f"conduct_records/{name}", text(held))


def text(content: dict[str, Any]) -> str:
    """One file of the bundle."""
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=120)


def _key(*parts: str) -> str:
    return str(uuid.uuid5(SPACE, "/".join(parts)))


def _database(name: str) -> dict[str, Any]:
    return {
        "database_name": name,
        "sqlalchemy_uri": URI,
        "expose_in_sqllab": True,
        "allow_ctas": False,
        "allow_cvas": False,
        "allow_dml": False,
        "extra": {},
        "uuid": _key("database", name),
        "version": "1.0.0",
    }


def _dataset(name: str, said: dict[str, Any], database: str) -> dict[str, Any]:
    columns = {each.name: each for table in said["tables"] for each in mart_tables()[table].columns}
    shown = [
        {
            "column_name": each.name,
            "verbose_name": each.label,
            "description": each.about,
            "type": each.type.split("(")[0].upper(),
            "is_dttm": each.type in {"date", "timestamptz"},
            "groupby": each.type.split("(")[0] not in NUMBERS,
            "filterable": True,
        }
        for each in columns.values()
    ]
    shown += [
        {"column_name": column, "verbose_name": label, "type": "TEXT", "is_dttm": False, "groupby": True}
        for column, label in said.get("more", {}).items()
        if column not in columns
    ]
    return {
        "table_name": name,
        "description": said["label"],
        "main_dttm_col": said["time"],
        "schema": "marts",
        "sql": said["sql"],
        "uuid": _key("dataset", name),
        "database_uuid": _key("database", database),
        "columns": shown,
        "metrics": [
            {
                "metric_name": metric,
                "verbose_name": each["label"],
                "expression": each["sql"],
                "d3format": each["format"],
            }
            for metric, each in said["metrics"].items()
        ],
        "version": "1.0.0",
    }


def _chart(said: dict[str, Any], dataset: dict[str, Any]) -> dict[str, Any]:
    params = _params(said, dataset)
    return {
        "slice_name": said["title"],
        "viz_type": FORMS[said["form"]],
        "params": params,
        "query_context": json.dumps(_query_context(said, dataset, params), ensure_ascii=False),
        "uuid": _key("chart", said["title"]),
        "version": "1.0.0",
        "dataset_uuid": _key("dataset", said["dataset"]),
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


def _query_context(said: dict[str, Any], dataset: dict[str, Any], params: dict[str, Any]) -> dict[str, Any]:
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


def _dashboard(said: dict[str, Any]) -> dict[str, Any]:
    return {
        "dashboard_title": said["title"],
        "slug": said["slug"],
        "uuid": _key("dashboard", said["slug"]),
        "position": _position(said),
        "metadata": {"color_scheme": "supersetColors", "refresh_frequency": 0, "cross_filters_enabled": True},
        "published": True,
        "version": "1.0.0",
    }


def _position(said: dict[str, Any]) -> dict[str, Any]:
    position: dict[str, Any] = {
        "DASHBOARD_VERSION_KEY": "v2",
        "ROOT_ID": {"type": "ROOT", "id": "ROOT_ID", "children": ["GRID_ID"]},
        "GRID_ID": {"type": "GRID", "id": "GRID_ID", "children": [], "parents": ["ROOT_ID"]},
        "HEADER_ID": {"type": "HEADER", "id": "HEADER_ID", "meta": {"text": said["title"]}},
    }
    row, left = "", 0
    for number, chart in enumerate(said["charts"], 1):
        if left < chart["width"]:
            row, left = f"ROW-{number}", 12
            position["GRID_ID"]["children"].append(row)
            look = {"background": "BACKGROUND_TRANSPARENT"}
            position[row] = _node("ROW", row, ["ROOT_ID", "GRID_ID"], look)
        meta = {
            "chartId": number,
            "width": chart["width"],
            "height": HEIGHTS.get(chart["form"], 50),
            "uuid": _key("chart", chart["title"]),
            "sliceName": chart["title"],
        }
        position[row]["children"].append(f"CHART-{number}")
        position[f"CHART-{number}"] = _node("CHART", f"CHART-{number}", ["ROOT_ID", "GRID_ID", row], meta)
        left -= chart["width"]
    return position


def _node(kind: str, name: str, parents: list[str], meta: dict[str, Any]) -> dict[str, Any]:
    return {"type": kind, "id": name, "children": [], "parents": parents, "meta": meta}


if __name__ == "__main__":
    write() if len(sys.argv) == 1 else pack(Path(sys.argv[1]))

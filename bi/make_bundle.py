"""Writes the import bundle for Apache Superset from bi/superset.yaml; equal declarations give equal bytes."""

from __future__ import annotations

import shutil
import sys
import zipfile
from pathlib import Path
from typing import Any

import yaml

from bi.charts import chart_file, key
from conduct_records.contracts.dictionary import mart_tables

HERE = Path(__file__).parent
BUNDLE = HERE / "superset"
URI = "postgresql+psycopg2://bi_reader:XXXXXXXXXX@localhost:5432/warehouse"
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
        files[f"charts/{number:02}_{chart['form']}.yaml"] = chart_file(
            chart, said["datasets"][chart["dataset"]]
        )
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


def _database(name: str) -> dict[str, Any]:
    return {
        "database_name": name,
        "sqlalchemy_uri": URI,
        "expose_in_sqllab": True,
        "allow_ctas": False,
        "allow_cvas": False,
        "allow_dml": False,
        "extra": {},
        "uuid": key("database", name),
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
        "uuid": key("dataset", name),
        "database_uuid": key("database", database),
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


def _dashboard(said: dict[str, Any]) -> dict[str, Any]:
    return {
        "dashboard_title": said["title"],
        "slug": said["slug"],
        "uuid": key("dashboard", said["slug"]),
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
            "uuid": key("chart", chart["title"]),
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

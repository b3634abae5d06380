"""What every flow promises: it loads cleanly and lightly, says what to do on failure, follows its date."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from airflow.providers.common.compat.lineage.entities import Table
from airflow.sdk import Asset, AssetAlias

from bench import dag_load
from conduct_records.contracts.book import load_contracts
from conduct_records.local.stack import FLOWS
from conduct_records.operators.flow import INGESTED_OUTLET
from conduct_records.settings import ROOT, SQL
from conduct_records.warehouse.arrivals import INGESTION

HEAVY = ("great_expectations", "pandas", "pyarrow", "numpy")
EVERY = (*FLOWS, "watch_feeds", "maintain", "report_progress")
FILES = sorted((ROOT / "dags").glob("*.py"))


@cache
def dagbag() -> Any:
    from airflow.dag_processing.dagbag import DagBag

    return DagBag(dag_folder=str(ROOT / "dags"))


def flow(dag_id: str) -> Any:
    return dagbag().dags[dag_id]


def names(assets: Any) -> set[str]:
    """Of assets alone: outlets also say which tables a task writes, for lineage."""
    return {asset.name for asset in assets if isinstance(asset, (Asset, AssetAlias))}


def outlets(dag_id: str) -> set[str]:
    return names(outlet for task in flow(dag_id).tasks for outlet in task.outlets)


def inlets(dag_id: str) -> set[str]:
    condition = flow(dag_id).timetable.asset_condition
    return names(getattr(condition, "objects", [condition]))


def test_all_flows_load_without_errors() -> None:
    assert dagbag().import_errors == {}
    assert set(dagbag().dags) == set(EVERY)


def test_one_file_holds_one_flow_of_its_own_name() -> None:
    assert {path.stem for path in FILES} == set(EVERY)
    assert {Path(flow(dag_id).fileloc).stem for dag_id in EVERY} == set(EVERY)


def test_loading_the_flows_imports_nothing_heavy() -> None:
    """All in one process: the first line that names a module says which flow brought it in."""
    code = (
        f"import runpy, sys; sys.path[:0] = {[str(ROOT / 'plugins'), str(ROOT)]!r}\n"
        "for path in sys.argv[1:]:\n"
        f"    runpy.run_path(path); print(path, *{set(HEAVY)!r} & set(sys.modules))"
    )
    files = [str(path) for path in FILES]
    child = subprocess.run([sys.executable, "-c", code, *files], capture_output=True, text=True, check=True)
    assert child.stdout.splitlines() == files


@pytest.mark.parametrize("dag_id", EVERY)
def test_a_flow_says_what_to_do_when_it_fails(dag_id: str) -> None:
    assert "When it fails" in flow(dag_id).doc_md or "When a lane fails" in flow(dag_id).doc_md
    assert "Clearing is safe" in flow(dag_id).doc_md
    assert flow(dag_id).tags and flow(dag_id).owner == "credit-centre"


@pytest.mark.parametrize("dag_id", EVERY)
def test_every_task_is_retried_and_bounded(dag_id: str) -> None:
    """A flow of one run at a time may have to make everything anew; a lane may not hang for hours."""
    most = timedelta(hours=12 if flow(dag_id).max_active_runs == 1 else 1)
    for task in flow(dag_id).tasks:
        assert task.execution_timeout and task.execution_timeout <= most
        # The one task that only makes a run fail has nothing to retry.
        assert task.retries >= 2 or task.task_id == "work_failed"


def test_lineage_names_tables_that_there_are() -> None:
    """J3: each task says what it reads and writes; every kind of evidence is among it."""
    migrations = "".join(path.read_text("utf-8") for path in (SQL / "migrations").glob("*.sql"))
    kinds = {f"evidence.{kind}" for kind in load_contracts().contracts}
    tasks = [task for dag_id in EVERY for task in flow(dag_id).tasks]
    said = [each for task in tasks for each in (*task.inlets, *task.outlets) if isinstance(each, Table)]
    named = {each.name for each in said}
    assert named <= kinds | set(re.findall(r"create table (\w+\.\w+)", migrations)) and kinds <= named


@pytest.mark.parametrize("dag_id", INGESTION)
def test_ingestion_runs_nightly_for_the_day_that_ended(dag_id: str) -> None:
    timetable = flow(dag_id).timetable
    assert (timetable.expression, timetable.run_offset, timetable.key_format) == ("0 2 * * *", -1, "%Y-%m-%d")
    assert str(timetable.timezone) == "Asia/Shanghai"
    assert flow(dag_id).catchup is False


def test_the_build_follows_the_last_of_the_ingestion_flows() -> None:
    assert all(INGESTED_OUTLET.name in outlets(dag_id) for dag_id in INGESTION)
    assert inlets("build_records") == {"ingested"}
    assert inlets("publish_marts") == outlets("build_records")
    assert inlets("share_records") == outlets("publish_marts")
    for dag_id in FLOWS[3:]:
        assert type(flow(dag_id).timetable).__name__ == "PartitionedAssetTimetable"
        assert flow(dag_id).max_active_runs == 1


def test_withdrawals_need_no_good_build() -> None:
    withdraw = flow("build_records").get_task("withdraw")
    assert withdraw.trigger_rule == "all_done"
    assert withdraw.upstream_task_ids == {"build"}
    assert names(withdraw.outlets) == {"records"}


def test_a_crashed_lane_fails_the_run_and_not_the_build() -> None:
    ingest = flow("ingest_submissions")
    assert ingest.get_task("close").trigger_rule == "all_done"
    assert ingest.get_task("work_failed").trigger_rule == "one_failed"
    assert ingest.get_task("ingest").map_index_template == "{{ lane_label }}"


@pytest.mark.parametrize("dag_id", ["pull_pushed_cases", "pull_evaluations"])
def test_a_dead_pull_fails_the_run_and_not_the_withdrawals_of_its_date(dag_id: str) -> None:
    close = flow(dag_id).get_task("close")
    assert close.trigger_rule == "all_done"
    assert close.upstream_task_ids == {"pull"}
    assert INGESTED_OUTLET in close.outlets
    assert flow(dag_id).get_task("work_failed").trigger_rule == "one_failed"


def test_the_schedule_ends_where_the_setting_says(monkeypatch: pytest.MonkeyPatch) -> None:
    from conduct_records.operators.flow import ingestion

    monkeypatch.setenv("CONDUCT_RECORDS_SCHEDULE_UNTIL", "2019-02-02")
    assert ingestion()["end_date"].date() == date(2019, 2, 2)
    monkeypatch.delenv("CONDUCT_RECORDS_SCHEDULE_UNTIL")
    assert ingestion()["end_date"] is None


def test_the_plugin_scan_leaves_the_library_alone() -> None:
    assert "conduct_records/" in (ROOT / "plugins" / ".airflowignore").read_text().split()


def test_nothing_is_released_without_a_sign_off() -> None:
    report = flow("report_progress")
    sign_off = report.get_task("sign_off")
    assert sign_off.upstream_task_ids == {"draft"}
    assert report.get_task("release").upstream_task_ids == {"draft", "sign_off"}
    assert report.get_task("release").trigger_rule == "all_success"
    assert report.get_task("score").upstream_task_ids == {"release"}
    assert sign_off.defaults == [sign_off.REJECT]
    assert sign_off.response_timeout == timedelta(days=3)
    assert sign_off.fail_on_reject is False


def test_reports_are_drafted_for_the_month_that_has_ended() -> None:
    timetable = flow("report_progress").timetable
    assert (timetable.expression, timetable.run_offset, timetable.key_format) == ("0 9 3 * *", -1, "%Y-%m")


def test_loading_the_folder_costs_little_more_than_one_empty_flow() -> None:
    assert [figure for figure in dag_load.measure() if not figure.kept()] == []

"""Clearing a task of a run that failed: what the runbook asks for above all must work in Airflow itself."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from conduct_records.settings import ROOT

CLEAR = """
import datetime as dt
from airflow import settings
from airflow.dag_processing.dagbag import DagBag, sync_bag_to_db
from airflow.models import Deadline
from airflow.models.dagbundle import DagBundleModel
from airflow.models.serialized_dag import SerializedDagModel
from airflow.models.taskinstance import clear_task_instances
from airflow.utils.types import DagRunTriggeredByType, DagRunType
from sqlalchemy import select

settings.configure_orm()
with settings.Session() as session:
    session.add(DagBundleModel(name="dags-folder"))
    session.commit()
    sync_bag_to_db(DagBag(), "dags-folder", None)
    now = dt.datetime.now(dt.UTC)
    for name in {names}:
        flow = SerializedDagModel.get_dag(name, session=session)
        run = flow.create_dagrun(
            run_id="one", run_after=now, run_type=DagRunType.MANUAL, triggered_by=DagRunTriggeredByType.TEST,
            state="queued", partition_key="2019-01-28", session=session)
        session.flush()
        (deadline,) = session.scalars(select(Deadline).where(Deadline.dagrun_id == run.id))
        assert abs(deadline.deadline_time - now) < dt.timedelta(days=5)
        run.state = "failed"
        for task in run.task_instances:
            task.state = "failed"
        clear_task_instances(run.task_instances, session)
        print(name, run.state, len(run.task_instances))
"""


def test_a_failed_run_of_every_flow_can_be_cleared(tmp_path: Path) -> None:
    names = sorted(path.stem for path in (ROOT / "dags").glob("*.py"))
    environ = os.environ | {
        "AIRFLOW_HOME": str(tmp_path),
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    }
    for command in (["-m", "airflow", "db", "migrate"], ["-c", CLEAR.replace("{names}", repr(names))]):
        done = subprocess.run(
            [sys.executable, *command], env=environ, check=False, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr[-2_000:]
    cleared = [line.split() for line in done.stdout.splitlines() if line.split()[0] in names]
    assert [(name, state) for name, state, _ in cleared] == [(name, "queued") for name in names]

"""Children in groups of their own: ended to the last, remembered, told from strangers with the same id."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from conduct_records.disclosure.folder import switch
from conduct_records.disclosure.side import Side
from conduct_records.local import processes
from conduct_records.local.processes import Component, ComponentDied, end, recall, remember
from conduct_records.local.summary import print_files, print_table

STUBBORN = """
import os, signal, sys, time
for sign in (signal.SIGTERM, signal.SIGINT):
    signal.signal(sign, signal.SIG_IGN)
os.fork()
print("ready", flush=True)
time.sleep(600)
"""


def start(folder: Path, code: str) -> Component:
    return Component.start("child", [sys.executable, "-c", code], os.environ, folder)


def wait_for(component: Component, text: str) -> None:
    for _ in range(10_000_000):
        if text in component.log.read_text():
            return
        component.check()
    raise AssertionError(f"no {text!r} in {component.log}")


def wait_end(component: Component) -> None:
    """Until the process is gone; Python may have taken note of its end by itself."""
    with suppress(ChildProcessError):
        os.waitpid(component.pid, 0)


def _group_members(group: int) -> list[str]:
    """The processes of a group that still run; a killed orphan may stay as a zombie for its new parent."""
    shown = subprocess.run(["ps", "-eo", "pgid=,stat=,pid="], capture_output=True, text=True, check=True)
    rows = [line.split() for line in shown.stdout.splitlines()]
    return [pid for pgid, stat, pid in rows if int(pgid) == group and not stat.startswith("Z")]


def test_a_group_that_ignores_term_is_killed_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "GRACE_SECONDS", (0.1, 0.1))
    child = start(tmp_path, STUBBORN)
    wait_for(child, "ready\nready")
    end([child])
    wait_end(child)
    assert _group_members(child.pid) == []


def test_a_component_that_ends_by_itself_is_named_with_its_last_lines(tmp_path: Path) -> None:
    child = start(tmp_path, "print('no port'); raise SystemExit(3)")
    wait_end(child)
    with pytest.raises(ComponentDied, match=r"child ended by itself(.|\n)*no port"):
        child.check()


def test_a_stranger_with_the_same_id_is_not_recalled(tmp_path: Path) -> None:
    child = start(tmp_path, STUBBORN)
    wait_for(child, "ready")
    remember(tmp_path / "stack.json", [child])
    assert recall(tmp_path / "stack.json") == [child]
    rows = json.loads((tmp_path / "stack.json").read_text())
    rows[0]["started"] = "another time"
    (tmp_path / "stack.json").write_text(json.dumps(rows))
    assert recall(tmp_path / "stack.json") == []
    processes._signal([child], processes.signal.SIGKILL)
    wait_end(child)


def test_nothing_is_recalled_where_nothing_was_started(tmp_path: Path) -> None:
    assert recall(tmp_path / "stack.json") == []


def test_columns_line_up_under_chinese() -> None:
    out = io.StringIO()
    print_table(("unit", "count"), [("武汉", 1), ("421100", None)], out)
    assert out.getvalue() == "  unit    count\n  武汉    1\n  421100\n"


def test_an_empty_table_says_none() -> None:
    out = io.StringIO()
    print_table(("unit",), [], out)
    assert out.getvalue() == "  none\n"


def test_the_page_that_is_named_at_the_end_is_there(tmp_path: Path) -> None:
    side = tmp_path / "portal" / "versions" / "a"
    side.mkdir(parents=True)
    (side / "index.html").touch()
    switch(tmp_path / "portal", Side(side))
    out = io.StringIO()
    print_files(tmp_path / "outbox", tmp_path / "portal", out)
    assert Path(out.getvalue().split("portal: ")[1].strip()).is_file()

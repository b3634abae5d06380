"""The samples belong to the simulator: beside a real platform they enter no warehouse."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from conduct_records.local.readiness import StackFault
from conduct_records.local.run import run_samples
from conduct_records.local.samples import SAMPLES, copy_samples


def inbox(state: Path) -> set[Path]:
    return {path.relative_to(state / "inbox") for path in (state / "inbox").rglob("*") if path.is_file()}


def test_the_samples_are_in_the_inbox_of_the_simulator(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("EXCHANGE_URL", raising=False)
    copy_samples(tmp_path)
    assert inbox(tmp_path) == inbox(SAMPLES)


def test_beside_a_real_platform_the_inbox_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXCHANGE_URL", "https://platform.example")
    copy_samples(tmp_path)
    assert not inbox(tmp_path)
    with pytest.raises(StackFault, match="EXCHANGE_URL is set"):
        run_samples(tmp_path, sys.stdout)
    assert not list(tmp_path.iterdir())

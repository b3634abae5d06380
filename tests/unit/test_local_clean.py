"""Cleaning keeps the generated secrets: records of natural persons are addressed through one of them."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from conduct_records.local.__main__ import clean
from conduct_records.local.secrets import secret


def test_cleaning_keeps_secrets_unless_told_otherwise(tmp_path: Path) -> None:
    state = tmp_path / "state"
    made = secret(state, "person-token-key")
    for folder in ("inbox", "logs"):
        (state / folder).mkdir()
    (state / "summary.json").touch()
    clean(state, Namespace(secrets=False))
    assert [path.name for path in state.iterdir() if path.suffix != ".lock"] == ["secrets"]
    assert secret(state, "person-token-key") == made
    clean(state, Namespace(secrets=True))
    assert not state.exists()

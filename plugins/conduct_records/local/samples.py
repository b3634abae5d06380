"""The samples' story, which the simulator's platform and the units' files tell together."""

from __future__ import annotations

import os
import shutil
from datetime import date, timedelta
from pathlib import Path

from conduct_records.settings import ROOT

SAMPLES = ROOT / "samples"
SAMPLE_DATES = tuple(date(2019, 1, 28) + timedelta(days=number) for number in range(6))


def copy_samples(state: Path) -> None:
    """Put the sample submissions into the inbox of `state`; what is there already is not touched.

    Beside a real platform, which EXCHANGE_URL names, there are none: it knows nothing of them.
    """
    if os.environ.get("EXCHANGE_URL"):
        return
    source = SAMPLES / "inbox"
    for path in sorted(path for path in source.rglob("*") if path.is_file()):
        target = state / "inbox" / path.relative_to(source)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target)

"""A workbook of 100,000 rows, checked: against reading it with python-calamine alone and checking it as CSV.

Each is timed in this process, interleaved, the median of three; BENCH_WORKBOOK_ROWS makes a smaller trial.
"""

from __future__ import annotations

import csv
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import xlsxwriter
from python_calamine import CalamineWorkbook

from bench.figures import Figure
from bench.penalties import write_penalties
from conduct_records.contracts.book import load_contracts
from conduct_records.validation.check import check

ROWS = int(os.environ.get("BENCH_WORKBOOK_ROWS", "100000"))
ROUNDS = 3
AT_MOST = 1.3


def measure() -> list[Figure]:
    """Medians in seconds, and the workbook's check over the sum of the other two."""
    with tempfile.TemporaryDirectory() as folder:
        text, book = Path(folder) / "submission.csv", Path(folder) / "submission.xlsx"
        write_penalties(text, None, ROWS)
        _as_workbook(text, book)
        contestants: dict[str, Callable[[], None]] = {
            "python-calamine alone": lambda: _read(book),
            "the same rows as CSV, checked": lambda: _check(text),
            "the workbook, checked": lambda: _check(book),
        }
        _check(text)  # what is imported and compiled once counts for none
        times: dict[str, list[float]] = {name: [] for name in contestants}
        for _ in range(ROUNDS):
            for name, run in contestants.items():
                start = time.perf_counter()
                run()
                times[name].append(time.perf_counter() - start)
    medians = {name: statistics.median(seconds) for name, seconds in times.items()}
    alone, as_text, checked = medians.values()
    ratio = Figure("the workbook's check over reading plus CSV", checked / (alone + as_text), "x", AT_MOST)
    return [*(Figure(f"{name}, {ROWS:,} rows", value, "s") for name, value in medians.items()), ratio]


def _as_workbook(text: Path, book: Path) -> None:
    with xlsxwriter.Workbook(str(book), {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        with text.open(encoding="utf-8", newline="") as file:
            for row, cells in enumerate(csv.reader(file)):
                for place, cell in enumerate(cells):
                    if cell:
                        sheet.write_string(row, place, cell)


def _read(book: Path) -> None:
    CalamineWorkbook.from_path(str(book)).get_sheet_by_index(0).to_python()


def _check(path: Path) -> None:
    checked = check(path, path.name, "HB-AMR", date(2019, 1, 28), load_contracts())
    for _ in checked.chunks():
        pass
    if checked.refusal or checked.totals.quarantined == 0:
        raise RuntimeError(f"not what the bench is about: {checked.refusal} {checked.totals}")

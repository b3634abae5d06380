"""Great Expectations over rule columns: suite result, and Data Docs where they are wanted.

GX costs seconds and hundreds of megabytes to import: only the functions here import it (decision 9).
"""

from __future__ import annotations

import gc
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.dataset as pads

from conduct_records.storage import put
from conduct_records.validation.data_docs import gx_context, write_docs
from conduct_records.validation.results import Chunk

FRAME_CELLS = 30_000_000  # a byte each; GX holds several times what a frame takes


@dataclass(frozen=True)
class SuiteResult:
    """What GX says: `success`, the number of rows, and for each rule column how many rows fail."""

    suite: str
    success: bool
    row_count: int
    failing: dict[str, int]


class RuleColumns:
    """Collects the rule columns of a file, packed so that they nearly vanish, until a suite is run."""

    def __init__(self) -> None:
        self._content = io.BytesIO()
        self._writer: Any = None

    def add(self, chunk: Chunk) -> None:
        """Take the rule columns of one chunk."""
        if self._writer is None:
            packed = pa.ipc.IpcWriteOptions(compression="zstd")
            self._writer = pa.ipc.new_file(self._content, chunk.passed.schema, options=packed)
        self._writer.write_table(chunk.passed)

    def save(self, path: Path) -> None:
        """Keep them; under its name the file is whole or absent. Without rows there is no file."""
        if self._writer is None:
            return
        self._writer.close()
        self._content.seek(0)
        put(path, self._content)


def rule_columns(paths: Sequence[Path]) -> Any:
    """What `RuleColumns` kept of some files, as one dataset; a file that lacks a column has nulls there."""
    files = [pads.dataset(path, format="arrow") for path in paths]
    schema = pa.unify_schemas([pa.schema([]), *(file.schema for file in files)])
    return pads.dataset([str(path) for path in paths], schema=schema, format="arrow")


def run_suite(name: str, columns: Any, docs: Path | None = None) -> SuiteResult:
    """Run the suite of one kind and template over rule columns, a dataset; with `docs` write Data Docs.

    An empty table passes nearly every check, so the row count is one of them.
    """
    context = gx_context(docs)
    suite = _Suite(context, name)
    rows, failing, success = columns.count_rows(), Counter[str](), True
    for result in map(suite.run, _frames(columns, rows)):
        failing.update(_failing(result))
        success = success and bool(result.success)
    if docs is not None:
        write_docs(context, docs)
    return SuiteResult(name, success and rows > 0, rows, dict(failing))


def _frames(columns: Any, rows: int) -> Iterator[Any]:
    """All rows, as many columns at a time as may be held: GX costs the same for each rule of each frame.

    Where a file lacks a column its rows are null there, which GX counts as no failure.
    """
    names = columns.schema.names if rows else []
    width = max(FRAME_CELLS // max(rows, 1), 1)
    for start in range(0, len(names), width):
        yield columns.to_table(columns=names[start : start + width]).to_pandas()
        gc.collect()  # GX leaves it in references that lead back to themselves


class _Suite:
    """The suite of one name in a context; GX takes a second to define it, so it stays while columns do."""

    def __init__(self, context: Any, name: str) -> None:
        self._context = context
        self._name = name
        self._columns: list[str] = []
        self._definition: Any = None

    def run(self, frame: Any) -> Any:
        """What GX says of one frame."""
        if self._definition is None or list(frame.columns) != self._columns:
            self._columns = list(frame.columns)
            self._definition = self._define()
        return self._definition.run(batch_parameters={"dataframe": frame}, result_format="BASIC")

    def _define(self) -> Any:
        import great_expectations as gx

        context, name = self._context, self._name
        expectations: Any = gx.expectations
        wanted: list[Any] = [expectations.ExpectTableRowCountToBeBetween(min_value=1)]
        wanted += [
            expectations.ExpectColumnValuesToBeInSet(column=column, value_set=[True])
            for column in self._columns
        ]
        for known in (context.validation_definitions, context.suites):  # to update compares each with each
            if self._definition is not None:
                known.delete(name)
        # All at once: for each expectation that is added to a suite GX writes the whole suite again.
        suite = context.suites.add(gx.ExpectationSuite(name=name, expectations=wanted))
        source = context.data_sources.add_or_update_pandas(name)
        batch = source.add_dataframe_asset(name).add_batch_definition_whole_dataframe(name)
        return context.validation_definitions.add(gx.ValidationDefinition(name=name, data=batch, suite=suite))


def _failing(result: Any) -> dict[str, int]:
    failing = {}
    for one in result.results:
        column = one.expectation_config.kwargs.get("column")
        if one.exception_info.get("raised_exception"):
            raise RuntimeError(f"GX could not check {column}: {one.exception_info}")
        if column is not None:
            failing[column] = int(one.result["unexpected_count"])
    return failing

"""Great Expectations over the rule columns: the suite result of a file, and Data Docs where they are wanted.

GX costs seconds and hundreds of megabytes to import: only the functions here import it (decision 9).
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from conduct_records.validation.chunks import Chunk


@dataclass(frozen=True)
class SuiteResult:
    """What GX says: `success`, the number of rows, and for each rule column how many rows fail."""

    success: bool
    row_count: int
    failing: dict[str, int]


@dataclass
class RuleColumns:
    """Collects the rule columns of a file, one bit a row and rule, for one validation at its end."""

    tables: list[Any] = field(default_factory=list)

    def add(self, chunk: Chunk) -> None:
        """Take the rule columns of one chunk."""
        self.tables.append(chunk.passed)

    def validate(self, kind: str, docs: Path | None = None) -> SuiteResult:
        """Run the suite of a kind; with `docs`, write Data Docs there.

        An empty table passes nearly every check, so the row count is one of them.
        """
        table = pa.concat_tables(self.tables)
        context = _context(docs)
        result = _run(context, kind, table.to_pandas())
        if docs is not None:
            context.build_data_docs()
        return _told(result, len(table))


def _context(docs: Path | None) -> Any:
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    if docs is not None:
        site: Any = {
            "class_name": "SiteBuilder",
            "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
            "store_backend": {
                "class_name": "TupleFilesystemStoreBackend",
                "base_directory": str(docs.resolve()),
            },
        }
        context.add_data_docs_site(site_name="submissions", site_config=site)
    return context


def _run(context: Any, kind: str, frame: Any) -> Any:
    import great_expectations as gx

    expectations: Any = gx.expectations
    suite = context.suites.add(gx.ExpectationSuite(name=kind))
    suite.add_expectation(expectations.ExpectTableRowCountToBeBetween(min_value=1))
    for name in frame.columns:
        suite.add_expectation(expectations.ExpectColumnValuesToBeInSet(column=name, value_set=[True]))
    asset = context.data_sources.add_pandas(kind).add_dataframe_asset(kind)
    batch = asset.add_batch_definition_whole_dataframe(kind)
    definition = context.validation_definitions.add(
        gx.ValidationDefinition(name=kind, data=batch, suite=suite)
    )
    return definition.run(batch_parameters={"dataframe": frame}, result_format="BASIC")


def _told(result: Any, rows: int) -> SuiteResult:
    failing = {}
    for one in result.results:
        column = one.expectation_config.kwargs.get("column")
        if one.exception_info.get("raised_exception"):
            raise RuntimeError(f"GX could not check {column}: {one.exception_info}")
        if column is not None:
            failing[column] = int(one.result["unexpected_count"])
    return SuiteResult(bool(result.success), rows, failing)

"""The marts' dictionary: what each table and column means, said once, in include/schemas/marts.yaml."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from conduct_records.settings import SCHEMAS

ADDITIVITY = {"all": "sums over every dimension", "rate": "a rate, never summed"}


@dataclass(frozen=True)
class Column:
    """One name with one meaning wherever it stands; `add` is None where it is no measure."""

    name: str
    type: str
    label: str
    about: str
    add: str | None = None

    @property
    def comment(self) -> str:
        """What the database says about the column."""
        return f"{self.label}: {self.about}" + (f" ({ADDITIVITY[self.add]})" if self.add else "")


@dataclass(frozen=True)
class MartTable:
    """One table. `scope` says what a publication compares of it; None for what the publisher writes itself.

    `of` names the table that a rollup sums up, `months` the dates by which a row counts in a month; `rows`
    bounds the number of rows.
    """

    name: str
    label: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    scope: str | None = None
    of: str | None = None
    months: tuple[str, ...] = ()
    rows: dict[str, int] | None = None
    in_digest: bool = True

    @property
    def comment(self) -> str:
        """What the database says about the table."""
        return f"{self.label}. Grain: {self.grain}. Key: {', '.join(self.key)}"

    @property
    def is_whole(self) -> bool:
        """Whether a publication compares all of it."""
        return self.scope in {"reference", "whole"}

    @property
    def measures(self) -> tuple[str, ...]:
        """The columns that sum over every dimension."""
        return tuple(column.name for column in self.columns if column.add == "all")


@cache
def mart_tables() -> dict[str, MartTable]:
    """All tables by name, in the order in which they are published.

    Raises:
        KeyError: a table names a column that is not declared.
    """
    declared = _declared()
    columns = {name: Column(name, **about) for name, about in declared["columns"].items()}
    return {name: _table(name, about, columns) for name, about in declared["tables"].items()}


def mart_bounds() -> dict[str, dict[str, Any]]:
    """What is counted before each publication, with max and severity (critical or warning)."""
    return dict(_declared()["checks"])


@cache
def _declared() -> dict[str, Any]:
    return dict(yaml.safe_load((SCHEMAS / "marts.yaml").read_text(encoding="utf-8")))


def _table(name: str, about: dict[str, Any], columns: dict[str, Column]) -> MartTable:
    own = {"key": tuple(about["key"]), "columns": tuple(columns[each] for each in about["columns"])}
    return MartTable(name, **(about | own))


def comments() -> Iterator[tuple[str, str | None, str]]:
    """(table, column or None, comment) for every table and column."""
    for table in mart_tables().values():
        yield table.name, None, table.comment
        yield from ((table.name, column.name, column.comment) for column in table.columns)


def page() -> str:
    """docs/dictionary.md."""
    lines = [
        "# Dictionary of the marts",
        "",
        "Made from `include/schemas/marts.yaml` by `make dictionary`; the database has the same as comments.",
        "A measure *sums* over every dimension, or is a *rate* and is computed from its sums again.",
        "",
    ]
    for table in mart_tables().values():
        bounds = f" Rows: {table.rows['min']:,} to {table.rows['max']:,}." if table.rows else ""
        lines += [
            f"## marts.{table.name}",
            "",
            f"{table.label}. Grain: {table.grain}. Key: `{', '.join(table.key)}`.{bounds}",
            "",
            "| column | type | name in Chinese | meaning | measure |",
            "|---|---|---|---|---|",
        ]
        measure = {"all": "sums", "rate": "rate", None: ""}
        lines += [
            f"| `{each.name}` | {each.type} | {each.label} | {each.about} | {measure[each.add]} |"
            for each in table.columns
        ]
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    print(page(), end="")

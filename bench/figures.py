"""A measured figure and the bound that it must keep."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One measured value; `at_most` is its bound, None where it is only stated."""

    name: str
    value: float
    unit: str
    at_most: float | None = None

    def kept(self) -> bool:
        """Whether the value keeps its bound; one without a bound always does."""
        return self.at_most is None or self.value <= self.at_most

    def line(self) -> str:
        """The figure as one line of a report."""
        bound = (
            "" if self.at_most is None else f"  (at most {self.at_most:g}{'' if self.kept() else ': BROKEN'})"
        )
        return f"{self.name:<64} {self.value:>12,.2f} {self.unit}{bound}"

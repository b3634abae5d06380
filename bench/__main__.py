"""Run the benches named on the command line, or all; exit 1 when a figure is above its bound.

A bench is a module of this package with `measure() -> list[Figure]`.
"""

from __future__ import annotations

import importlib
import pkgutil
import signal
import sys

import bench
from bench.figures import Figure

NOT_A_BENCH = {"__main__", "figures"}


def main(wanted: list[str]) -> int:
    """Measure, print each figure, say which bounds are broken."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what a bench has started ends with it
    broken: list[Figure] = []
    for name in wanted or benches():
        print(f"\n# {name}", flush=True)
        for figure in importlib.import_module(f"bench.{name}").measure():
            print(figure.line(), flush=True)
            broken += [] if figure.kept() else [figure]
    return 1 if broken else 0


def benches() -> list[str]:
    """Names of all modules that offer `measure`."""
    names = [module.name for module in pkgutil.iter_modules(bench.__path__) if module.name not in NOT_A_BENCH]
    return [name for name in names if hasattr(importlib.import_module(f"bench.{name}"), "measure")]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

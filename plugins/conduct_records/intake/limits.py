"""How big a submission may be."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Upper bounds; what exceeds one is refused with the bound in its message (B9)."""

    file_bytes: int = 8 << 30
    workbook_bytes: int = 512 << 20
    unpacked_bytes: int = 2 << 30
    ratio: int = 300
    members: int = 2_000
    columns: int = 300
    cells: int = 50_000_000
    cell_characters: int = 100_000
    block_bytes: int = 2 << 20  # Arrow reads up to 32 blocks ahead
    chunk_bytes: int = 16 << 20  # of cells that are checked at once


LIMITS = Limits()

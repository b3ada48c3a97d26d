"""How an index is searched, and which kind suits how many vectors."""

from __future__ import annotations

from enum import StrEnum

FLAT_NUMBERS = 20_000_000  # 10,000 x 2,048: 4.8 ms a search over HTTP, benchmarks/RESULTS.md
SQ8_NUMBERS = 250_000_000  # 100,000 x 512 take 8.8 ms there, so these take about 40 ms


class IndexKind(StrEnum):
    """Kinds of index from the most exact to the most scalable.

    The values stand in manifests and in the service's answers.
    """

    FLAT = "exact"
    """Every row is compared, float32."""
    SQ8 = "quantised"
    """Every row is compared at 8 bits a number; the best are scored again exactly."""
    HNSW = "graph"
    """A navigable small-world graph over the 8-bit rows; the best are scored again exactly."""


def choose_kind(rows: int, dimension: int) -> IndexKind:
    """The kind for so many vectors. A scan's time grows with the numbers that it reads."""
    if rows * dimension <= FLAT_NUMBERS:
        return IndexKind.FLAT
    return IndexKind.SQ8 if rows * dimension <= SQ8_NUMBERS else IndexKind.HNSW

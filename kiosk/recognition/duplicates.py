"""Groups of pictures that show the same thing, by similarity of their embeddings."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from kiosk.domain import Vectors

BLOCK_ROWS = 1024


def duplicate_groups(vectors: Vectors, threshold: float) -> list[tuple[int, ...]]:
    """Rows that are linked by a cosine of at least `threshold`, as groups of two or more.

    Args:
        vectors: float32 (n, dimension), L2-normalised.
        threshold: -1 to 1; links are transitive (single linkage).

    Returns:
        Groups of ascending row numbers, ordered by their first row. Memory is bounded:
        only 1,024 rows of the n x n similarities exist at a time.
    """
    parent = np.arange(len(vectors))
    for row, others in _links(vectors, threshold):
        for other in np.unique(parent[others]):
            _join(parent, row, int(other))
    groups: dict[int, list[int]] = {}
    for row in range(len(vectors)):
        groups.setdefault(_root(parent, row), []).append(row)
    return [tuple(rows) for rows in groups.values() if len(rows) > 1]


def _links(vectors: Vectors, threshold: float) -> Iterator[tuple[int, NDArray[np.int_]]]:
    for start in range(0, len(vectors), BLOCK_ROWS):
        block = vectors[start : start + BLOCK_ROWS]
        similar = np.triu(block @ vectors[start:].T >= threshold, 1)
        for row in np.flatnonzero(similar.any(axis=1)):
            yield int(row) + start, np.flatnonzero(similar[row]) + start


def _root(parent: NDArray[np.int_], row: int) -> int:
    while parent[row] != row:
        parent[row] = parent[parent[row]]
        row = int(parent[row])
    return row


def _join(parent: NDArray[np.int_], a: int, b: int) -> None:
    root_a, root_b = _root(parent, a), _root(parent, b)
    parent[max(root_a, root_b)] = min(root_a, root_b)

"""Arithmetic on rows of vectors: L2 norm, exact search by cosine, groups of near-equal rows."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from kiosk.domain import Vectors

BLOCK_ROWS = 1024  # similarities of 1,024 rows to 100,000 are 400 MB at most; chosen by eye
SEARCH_BLOCK_ROWS = 16_384  # scores of one block stay in the processor's cache; chosen by eye

Rows = NDArray[np.int64]


def l2_normalise(vectors: Vectors) -> Vectors:
    """Scale each row of (n, d) or (d,) to L2 norm 1, as float32 (n, d).

    What is not finite counts as 0; a zero row stays zero.
    """
    rows = np.atleast_2d(np.nan_to_num(np.asarray(vectors, np.float64), posinf=0.0, neginf=0.0))
    # Scaled first, so that squaring neither overflows nor underflows.
    rows = rows / np.maximum(np.abs(rows).max(axis=1, keepdims=True, initial=0.0), 1e-300)
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Vectors = (rows / np.where(norms > 0, norms, 1.0)).astype(np.float32)
    return unit


def search_exactly(vectors: Vectors, queries: Vectors, top: int) -> tuple[Rows, Vectors]:
    """Compare every row of `vectors` (n, d) with each of `queries` (m, d), both of norm 1.

    Returns:
        Row numbers and cosines, both (m, min(top, n)), best first; equal ones by row number.
    """
    top = min(top, len(vectors))
    best_rows = np.empty((len(queries), 0), np.int64)
    best = np.empty((len(queries), 0), np.float32)
    for start in range(0, len(vectors), SEARCH_BLOCK_ROWS):
        scores = queries @ vectors[start : start + SEARCH_BLOCK_ROWS].T
        rows = np.broadcast_to(np.arange(start, start + scores.shape[1]), scores.shape)
        if 0 < top < scores.shape[1]:
            kept = np.argpartition(-scores, top - 1, axis=1)[:, :top]
            scores, rows = np.take_along_axis(scores, kept, 1), kept + start
        best_rows = np.concatenate([best_rows, rows], axis=1)
        best = np.concatenate([best, scores], axis=1)
    order = np.lexsort((best_rows, -best), axis=1)[:, :top]
    return np.take_along_axis(best_rows, order, 1), np.take_along_axis(best, order, 1)


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

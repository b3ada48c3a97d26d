"""The exact tier: every row is compared, straight from the mapped file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from kiosk.domain import Vectors
from kiosk.vectorstore.indexes import Rows, Tier

BLOCK = 16_384


class ExactIndex:
    """Cosine with every row, in blocks, so that scores never outgrow a few megabytes."""

    tier = Tier.EXACT

    def __init__(self, file: Path, rows: int, dimension: int) -> None:
        self.rows = rows
        self.dimension = dimension
        shape = (rows, dimension)
        # An empty file cannot be mapped.
        self._vectors: Vectors = (
            np.memmap(file, "<f4", "r", shape=shape) if rows else np.empty(shape, np.float32)
        )

    def search(self, queries: Vectors, top: int) -> tuple[Rows, Vectors]:
        """See `VectorIndex.search`."""
        return search_exactly(self._vectors, queries, top)

    def vectors_at(self, positions: Sequence[int] | Rows) -> Vectors:
        return np.array(self._vectors[np.asarray(positions, np.int64)])

    def close(self) -> None:
        del self._vectors


def search_exactly(vectors: Vectors, queries: Vectors, top: int) -> tuple[Rows, Vectors]:
    """The `top` rows of `vectors` (n, d) nearest to each of `queries` (m, d), both unit rows."""
    top = min(top, len(vectors))
    best_rows = np.empty((len(queries), 0), np.int64)
    best = np.empty((len(queries), 0), np.float32)
    for start in range(0, len(vectors), BLOCK):
        scores = queries @ vectors[start : start + BLOCK].T
        rows = np.broadcast_to(np.arange(start, start + scores.shape[1]), scores.shape)
        if scores.shape[1] > top:
            kept = (
                np.argpartition(-scores, top - 1, axis=1)[:, :top]
                if top
                else np.empty((len(queries), 0), np.intp)
            )
            scores, rows = np.take_along_axis(scores, kept, 1), kept + start
        best_rows = np.concatenate([best_rows, rows], axis=1)
        best = np.concatenate([best, scores], axis=1)
    # Equal scores stand in the order of their rows.
    order = np.lexsort((best_rows, -best), axis=1)[:, :top]
    return np.take_along_axis(best_rows, order, 1), np.take_along_axis(best, order, 1)

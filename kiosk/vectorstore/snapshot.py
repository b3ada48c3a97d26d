"""What a search works on: the index and the newer rows beside it, as of one moment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kiosk.catalog import StoredCollection
from kiosk.domain import Vectors
from kiosk.vectors import Rows, search_exactly
from kiosk.vectorstore.index import VectorIndex


class Tail:
    """Rows newer than the index. They are only appended, so that earlier views stay true."""

    def __init__(self, dimension: int) -> None:
        self._numbers = np.empty(16, np.int64)
        self._vectors = np.empty((16, dimension), np.float32)
        self._used = 0

    def append(self, numbers: Rows, vectors: Vectors) -> tuple[Rows, Vectors]:
        """Add rows; returns all row numbers and vectors so far."""
        end = self._used + len(numbers)
        if end > len(self._numbers):
            missing = max(end, 2 * len(self._numbers)) - len(self._numbers)
            self._numbers = np.pad(self._numbers, (0, missing))
            self._vectors = np.pad(self._vectors, ((0, missing), (0, 0)))
        self._numbers[self._used : end] = numbers
        self._vectors[self._used : end] = vectors
        self._used = end
        return self._numbers[:end], self._vectors[:end]


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """Index and tail of one moment. Row numbers ascend in both; the tail's are the higher."""

    collection: StoredCollection
    index: VectorIndex | None
    index_numbers: Rows
    tail_numbers: Rows
    tail: Vectors
    next_row: int

    def __len__(self) -> int:
        return len(self.index_numbers) + len(self.tail_numbers)

    def nearest(self, queries: Vectors, top: int) -> list[tuple[Rows, Vectors]]:
        """Row numbers and cosines for each of `queries` (n, dimension), best first."""
        positions, scores = search_exactly(self.tail, queries, top)
        numbers = self.tail_numbers[positions]
        if self.index is not None:
            positions, indexed = self.index.search(queries, top)
            found = np.where(positions >= 0, self.index_numbers[positions], -1)
            numbers = np.concatenate([found, numbers], axis=1)
            scores = np.concatenate([indexed, scores], axis=1)
        order = np.lexsort((numbers, -scores), axis=1)[:, :top]
        numbers = np.take_along_axis(numbers, order, 1)
        scores = np.take_along_axis(scores, order, 1)
        return [
            (row[row >= 0], score[row >= 0]) for row, score in zip(numbers, scores, strict=True)
        ]

    def vectors_of(self, numbers: Rows) -> Vectors:
        """The unit vectors of these row numbers, float32 (n, dimension); 0 for unknown ones."""
        out = np.zeros((len(numbers), self.tail.shape[1]), np.float32)
        if self.index is not None:
            rows, positions = _common(self.index_numbers, numbers)
            out[rows] = self.index.vectors_at(positions)
        rows, positions = _common(self.tail_numbers, numbers)
        out[rows] = self.tail[positions]
        return out


def _common(known: Rows, wanted: Rows) -> tuple[Rows, Rows]:
    """Where the numbers of `wanted` that are among the ascending `known` stand in both."""
    at = np.searchsorted(known, wanted)
    rows = np.flatnonzero(at < len(known))
    rows = rows[known[at[rows]] == wanted[rows]]
    return rows, at[rows]

"""One index over the unit vectors of a folder, searched through files, not memory.

The number of vectors decides how it is searched.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np

from kiosk.domain import Vectors
from kiosk.vectors import Rows, search_exactly

FLAT_NUMBERS = 20_000_000  # 10,000 x 2,048: 4.8 ms a search over HTTP, benchmarks/RESULTS.md
SQ8_NUMBERS = 60_000_000  # 117,000 x 512: about 10 ms there
VECTORS = "vectors.f32"
CODES = "index.faiss"
BLOCK = 4096  # rows added to an index at once; 8 MB at 512 numbers, chosen by eye
RESCORED = 4  # candidates scored exactly for each one wanted; recall@10 1.0, RESULTS.md
TRAINED_ON = 10_000  # rows that the 8-bit scale is taken from; chosen by eye
LISTS = 2.0  # inverted lists for each square root of the rows; chosen by eye
PROBED = 256  # lists that a search reads; recall@10 .994 of 100,000 rows, benchmarks/RESULTS.md
TRAINED_PER_LIST = 40  # rows; faiss warns below 39


class IndexKind(StrEnum):
    """Kinds of index from the most exact to the most scalable.

    The values stand in manifests and in the service's answers.
    """

    FLAT = "exact"
    """Every row is compared, float32."""
    SQ8 = "quantised"
    """Every row is compared at 8 bits a number; the best are scored again exactly."""
    IVF = "inverted"
    """The 8-bit rows of the nearest of many clusters are compared; the best again exactly."""


def choose_kind(rows: int, dimension: int) -> IndexKind:
    """The kind for so many vectors. A scan's time grows with the numbers that it reads."""
    if rows * dimension <= FLAT_NUMBERS:
        return IndexKind.FLAT
    return IndexKind.SQ8 if rows * dimension <= SQ8_NUMBERS else IndexKind.IVF


class VectorIndex:
    """Finds the nearest of many unit vectors; may be searched from several threads.

    FLAT maps `vectors.f32`. SQ8 and IVF take candidates from `index.faiss` and read only
    their exact rows, so that what a search touches does not stay in memory.
    """

    def __init__(self, folder: Path, kind: IndexKind, rows: int, dimension: int) -> None:
        self.kind = kind
        self.rows = rows
        self.dimension = dimension
        self._reading = threading.Lock()
        self._file = (folder / VECTORS).open("rb")
        weakref.finalize(self, self._file.close)  # an exchanged index goes with its last search
        self._vectors = map_vectors(folder, rows, dimension)
        self._codes = None if kind is IndexKind.FLAT else _open_codes(folder, kind)

    def search(self, queries: Vectors, top: int) -> tuple[Rows, Vectors]:
        """For float32 (n, dimension) of norm 1: row positions and cosines, both (n, k), best
        first; k = min(top, rows). Positions are -1 where the lists hold fewer."""
        if self._codes is None:
            return search_exactly(self._vectors, queries, top)
        top = min(top, self.rows)
        wanted = min(max(top * RESCORED, top + 32), self.rows)
        _, found = self._codes.search(np.ascontiguousarray(queries, np.float32), wanted)
        rows = np.full((len(queries), top), -1, np.int64)
        scores = np.full((len(queries), top), -np.inf, np.float32)
        for i, query in enumerate(queries):
            candidates = found[i][found[i] >= 0]
            exact = self.vectors_at(candidates) @ query
            order = np.lexsort((candidates, -exact))[:top]
            rows[i, : len(order)], scores[i, : len(order)] = candidates[order], exact[order]
        return rows, scores

    def vectors_at(self, positions: Sequence[int] | Rows) -> Vectors:
        """The exact rows at these positions, float32 (n, dimension)."""
        size = self.dimension * 4
        out = np.empty((len(positions), self.dimension), np.float32)
        with self._reading:
            for i, position in enumerate(positions):
                self._file.seek(int(position) * size)
                out[i] = np.frombuffer(self._file.read(size), "<f4")
        return out

    def close(self) -> None:
        """Release the files."""
        self._file.close()
        del self._codes, self._vectors


def build_codes(folder: Path, kind: IndexKind, rows: int, dimension: int) -> None:
    """Write `index.faiss` over `vectors.f32`, block by block."""
    import faiss

    vectors = map_vectors(folder, rows, dimension)
    metric, codes = faiss.METRIC_INNER_PRODUCT, faiss.ScalarQuantizer.QT_8bit
    index: Any = faiss.IndexScalarQuantizer(dimension, codes, metric)
    trained_on = TRAINED_ON
    if kind is IndexKind.IVF:
        lists = max(1, min(round(LISTS * rows**0.5), rows // TRAINED_PER_LIST))
        centroids = faiss.IndexFlatIP(dimension)
        index = faiss.IndexIVFScalarQuantizer(centroids, dimension, lists, codes, metric)
        trained_on = TRAINED_PER_LIST * lists
    index.train(np.ascontiguousarray(vectors[:: max(1, rows // trained_on)]))
    for start in range(0, rows, BLOCK):
        index.add(np.ascontiguousarray(vectors[start : start + BLOCK]))
    faiss.write_index(index, str(folder / CODES))


def map_vectors(folder: Path, rows: int, dimension: int) -> Vectors:
    """The rows of `vectors.f32`, float32 (rows, dimension); an empty file cannot be mapped."""
    if not rows:
        return np.empty((0, dimension), np.float32)
    return np.memmap(folder / VECTORS, "<f4", "r", shape=(rows, dimension))


def _open_codes(folder: Path, kind: IndexKind) -> Any:
    import faiss  # here: 20 MB that small collections do without

    index: Any = faiss.read_index(str(folder / CODES), faiss.IO_FLAG_MMAP_IFC)
    if kind is IndexKind.IVF:
        index.nprobe = PROBED
    return index

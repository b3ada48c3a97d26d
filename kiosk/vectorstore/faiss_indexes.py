"""The quantised and the graph tier, through faiss: eight bits a number, then exact scores."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from kiosk.domain import Vectors
from kiosk.vectorstore.indexes import BLOCK, FAISS, VECTORS, Rows, Tier

RESCORED = 4
"""So many times the wanted number are taken from the quantised scores and scored exactly."""
TRAINED_ON = 10_000
LINKS = 32
BUILD_BREADTH = 80
SEARCH_BREADTH = 128


class FaissIndex:
    """Candidates from mapped 8-bit codes; their order from the exact rows on the disk.

    The exact rows are read, not mapped: what a search touches does not stay in memory.
    """

    def __init__(self, folder: Path, tier: Tier, rows: int, dimension: int) -> None:
        self.tier = tier
        self.rows = rows
        self.dimension = dimension
        mapped = faiss.IO_FLAG_MMAP_IFC if tier is Tier.QUANTISED else 0
        self._index = faiss.read_index(str(folder / FAISS), mapped)
        if tier is Tier.GRAPH:
            graph: Any = self._index
            graph.hnsw.efSearch = SEARCH_BREADTH
        self._file = (folder / VECTORS).open("rb")
        self._reading = threading.Lock()

    def search(self, queries: Vectors, top: int) -> tuple[Rows, Vectors]:
        """See `VectorIndex.search`."""
        top = min(top, self.rows)
        wanted = min(max(top * RESCORED, top + 32), self.rows)
        queries = np.ascontiguousarray(queries, np.float32)
        _, found = self._index.search(queries, wanted)
        rows = np.full((len(queries), top), -1, np.int64)
        scores = np.full((len(queries), top), -np.inf, np.float32)
        for i, query in enumerate(queries):
            candidates = found[i][found[i] >= 0]
            exact = self.vectors_at(candidates) @ query
            order = np.lexsort((candidates, -exact))[:top]
            rows[i, : len(order)], scores[i, : len(order)] = candidates[order], exact[order]
        return rows, scores

    def vectors_at(self, positions: Sequence[int] | Rows) -> Vectors:
        size = self.dimension * 4
        out = np.empty((len(positions), self.dimension), np.float32)
        with self._reading:
            for i, position in enumerate(positions):
                self._file.seek(int(position) * size)
                out[i] = np.frombuffer(self._file.read(size), "<f4")
        return out

    def close(self) -> None:
        self._file.close()
        del self._index


def build(folder: Path, tier: Tier, rows: int, dimension: int) -> None:
    """Write `index.faiss` over `vectors.f32`, block by block."""
    vectors = np.memmap(folder / VECTORS, "<f4", "r", shape=(rows, dimension))
    metric, codes = faiss.METRIC_INNER_PRODUCT, faiss.ScalarQuantizer.QT_8bit
    if tier is Tier.QUANTISED:
        index: Any = faiss.IndexScalarQuantizer(dimension, codes, metric)
    else:
        graph: Any = faiss.IndexHNSWSQ
        index = graph(dimension, codes, LINKS, metric)
        index.hnsw.efConstruction = BUILD_BREADTH
    step = max(1, rows // TRAINED_ON)
    index.train(np.ascontiguousarray(vectors[::step]))
    for start in range(0, rows, BLOCK):
        index.add(np.ascontiguousarray(vectors[start : start + BLOCK]))
    faiss.write_index(index, str(folder / FAISS))

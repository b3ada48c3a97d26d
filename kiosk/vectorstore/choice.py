"""Which tier: measured on the vectors at hand and on this machine."""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kiosk.domain import Vectors
from kiosk.recognition import unit_rows
from kiosk.vectorstore.flat import search_exactly
from kiosk.vectorstore.indexes import FAISS, VECTORS, Rows, Tier

ENOUGH_MS = 4.0
"""A search this fast needs no faster tier."""
BEARABLE_MS = 40.0
"""A scan of the quantised rows slower than this makes way for the graph."""
MEASURED_ROWS = 20_000
QUERIES = 64
NOISE = 0.25


@dataclass(frozen=True, slots=True)
class Built:
    """The tier that was built, and what was measured; see `Manifest`."""

    tier: Tier
    recall_at_10: float
    queries: int
    exact_ms: float
    tier_ms: float


def choose_and_build(folder: Path, rows: int, dimension: int, tier: Tier | None) -> Built:
    """Choose a tier unless one is given, build it over `vectors.f32`, and measure it."""
    if not rows:
        return Built(Tier.EXACT, 1.0, 0, 0.0, 0.0)
    vectors = np.memmap(folder / VECTORS, "<f4", "r", shape=(rows, dimension))
    queries = sample_queries(vectors)
    exact_ms = _scaled_ms(lambda q: search_exactly(vectors[:MEASURED_ROWS], q, 10), queries, rows)
    if tier is None:
        tier = choose(exact_ms, has_faiss=has_faiss())
    if tier is Tier.EXACT:
        return Built(tier, 1.0, len(queries), exact_ms, exact_ms)
    from kiosk.vectorstore.faiss_indexes import FaissIndex, build

    build(folder, tier, rows, dimension)
    index = FaissIndex(folder, tier, rows, dimension)
    try:
        found, _ = index.search(queries, 10)
        wanted, _ = search_exactly(vectors, queries, 10)
        tier_ms = _median_ms(lambda q: index.search(q, 10), queries)
    finally:
        index.close()
    if tier is Tier.QUANTISED and tier_ms > BEARABLE_MS:
        (folder / FAISS).unlink()
        return choose_and_build(folder, rows, dimension, Tier.GRAPH)
    return Built(tier, recall(found, wanted), len(queries), exact_ms, tier_ms)


def choose(exact_ms: float, *, has_faiss: bool) -> Tier:
    """Exact while it is fast enough; the quantised tier then, if faiss is installed.

    Whether the graph must take over is seen only once the quantised tier is measured.
    """
    return Tier.EXACT if exact_ms <= ENOUGH_MS or not has_faiss else Tier.QUANTISED


def has_faiss() -> bool:
    return importlib.util.find_spec("faiss") is not None


def sample_queries(vectors: Vectors) -> Vectors:
    """Stored rows with noise, as a new photo of a known thing is: deterministic."""
    random = np.random.default_rng(7)
    picked = random.choice(len(vectors), min(QUERIES, len(vectors)), replace=False)
    chosen = np.asarray(vectors[np.sort(picked)])
    noise = random.standard_normal(chosen.shape).astype(np.float32)
    return unit_rows(chosen + noise * (NOISE / np.sqrt(chosen.shape[1])))


def recall(found: Rows, wanted: Rows) -> float:
    """The share of `wanted` (n, k) that is among `found` (n, k), row by row."""
    hits = sum(len(np.intersect1d(f, w)) for f, w in zip(found, wanted, strict=True))
    return hits / max(1, wanted.size)


def _scaled_ms(search: Callable[[Vectors], object], queries: Vectors, rows: int) -> float:
    return _median_ms(search, queries) * max(1.0, rows / MEASURED_ROWS)


def _median_ms(search: Callable[[Vectors], object], queries: Vectors) -> float:
    search(queries[:1])
    times = []
    for i in range(min(9, len(queries))):
        began = time.perf_counter()
        search(queries[i : i + 1])
        times.append(time.perf_counter() - began)
    return float(np.median(times)) * 1000

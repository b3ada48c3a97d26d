"""Saved indexes: built whole or not at all, opened only if nothing is damaged or stale.

A folder holds `vectors.f32` (unit rows), `numbers.i64` (their row numbers in the database),
for SQ8 and IVF `index.faiss`, and `manifest.json`. It is a cache of the database's rows: an
index that does not fit its manifest is built again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from timeit import timeit

import numpy as np

from kiosk.domain import Vectors
from kiosk.errors import StorageError
from kiosk.files import replacing
from kiosk.vectors import Rows, l2_normalise, search_exactly
from kiosk.vectorstore.index import (
    VECTORS,
    IndexKind,
    VectorIndex,
    build_codes,
    choose_kind,
    map_vectors,
)

FORMAT = 2
MANIFEST = "manifest.json"
NUMBERS = "numbers.i64"
QUERIES = 64  # for recall@10; chosen by eye
TIMED = 9  # searches that a median time is taken of; chosen by eye
NOISE = 0.25  # of a query beside its stored vector, as another photo of the same thing has


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a saved index is, SHA-256 of its files, and what was measured when it was built.

    `recall_at_10` compares with exact search; times are medians for one query.
    """

    kind: IndexKind
    rows: int
    dimension: int
    fingerprint: str
    files: dict[str, str]
    recall_at_10: float
    exact_ms: float
    search_ms: float
    format: int = FORMAT


def write_index(
    folder: Path,
    blocks: Iterable[tuple[Rows, Vectors]],
    *,
    fingerprint: str,
    kind: IndexKind | None = None,
) -> VectorIndex:
    """Build an index of all `blocks` (row numbers and vectors) in `folder`, atomically.

    Without `kind`, the number of vectors decides. An index that was there is replaced.

    Raises:
        StorageError: the folder cannot be written.
    """
    with replacing(folder) as work:
        work.mkdir()
        rows, dimension = _write_vectors(work, blocks)
        kind = kind or choose_kind(rows, dimension)
        if kind is not IndexKind.FLAT:
            build_codes(work, kind, rows, dimension)
        files = {path.name: checksum(path) for path in sorted(work.iterdir())}
        measured = _measure(work, kind, rows, dimension)
        manifest = Manifest(kind, rows, dimension, fingerprint, files, *measured)
        (work / MANIFEST).write_text(json.dumps(asdict(manifest), indent=2), encoding="utf-8")
    opened = open_index(folder, fingerprint=fingerprint)
    if opened is None:
        raise StorageError(
            f"The index in {folder} was damaged while it was written.",
            next_step="Check the disk.",
        )
    return opened


def open_index(folder: Path, *, fingerprint: str) -> VectorIndex | None:
    """Open a saved index; None if there is none, or it is stale, damaged or of another format."""
    manifest = read_manifest(folder)
    if manifest is None or manifest.fingerprint != fingerprint:
        return None
    if {VECTORS, NUMBERS} - set(manifest.files):
        return None
    try:
        if any(checksum(folder / name) != wanted for name, wanted in manifest.files.items()):
            return None
        if (folder / VECTORS).stat().st_size != manifest.rows * manifest.dimension * 4:
            return None
    except OSError:
        return None
    return VectorIndex(folder, manifest.kind, manifest.rows, manifest.dimension)


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of a saved index; None if it is missing, damaged or of another format."""
    try:
        values = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        manifest = Manifest(**{**values, "kind": IndexKind(values["kind"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return manifest if manifest.format == FORMAT else None


def read_numbers(folder: Path) -> Rows:
    """The row number of each position, ascending."""
    return np.fromfile(folder / NUMBERS, np.int64)


def _measure(
    folder: Path, kind: IndexKind, rows: int, dimension: int
) -> tuple[float, float, float]:
    """Compare the index in `folder` with exact search over its vectors.

    Returns:
        `recall_at_10`, `exact_ms` and `search_ms` of the manifest.
    """
    if not rows:
        return 1.0, 0.0, 0.0
    vectors = map_vectors(folder, rows, dimension)
    queries = sample_queries(vectors)
    index = VectorIndex(folder, kind, rows, dimension)
    try:
        found, _ = index.search(queries, 10)
        wanted, _ = search_exactly(vectors, queries, 10)
        exact_ms = _median_ms(lambda query: search_exactly(vectors, query, 10), queries)
        search_ms = _median_ms(lambda query: index.search(query, 10), queries)
        return recall(found, wanted), exact_ms, search_ms
    finally:
        index.close()


def sample_queries(vectors: Vectors) -> Vectors:
    """Stored rows with noise, as a new photo of a known thing is; the same at each call."""
    random = np.random.default_rng(7)
    picked = random.choice(len(vectors), min(QUERIES, len(vectors)), replace=False)
    chosen = np.asarray(vectors[np.sort(picked)])
    noise = random.standard_normal(chosen.shape).astype(np.float32)
    return l2_normalise(chosen + noise * (NOISE / np.sqrt(chosen.shape[1])))


def recall(found: Rows, wanted: Rows) -> float:
    """The share of `wanted` (n, k) that is among `found` (n, k), row by row."""
    hits = sum(len(np.intersect1d(f, w)) for f, w in zip(found, wanted, strict=True))
    return hits / max(1, wanted.size)


def checksum(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _median_ms(search: Callable[[Vectors], object], queries: Vectors) -> float:
    times = [timeit(partial(search, query[None]), number=1) for query in queries[:TIMED]]
    return float(np.median(times)) * 1000


def _write_vectors(folder: Path, blocks: Iterable[tuple[Rows, Vectors]]) -> tuple[int, int]:
    rows, dimension = 0, 0
    with (folder / VECTORS).open("wb") as vectors, (folder / NUMBERS).open("wb") as numbers:
        for numbered, block in blocks:
            unit = l2_normalise(block)
            vectors.write(np.ascontiguousarray(unit, "<f4").tobytes())
            numbers.write(np.ascontiguousarray(numbered, "<i8").tobytes())
            rows, dimension = rows + len(unit), unit.shape[1]
    return rows, dimension

"""Index tiers for many vectors: exact, quantised exact, or a graph; memory-mapped files.

A folder holds `vectors.f32` (the normalised rows), for the faster tiers `index.faiss`, and
`manifest.json` with row count, checksums and what was measured. An index that does not fit
its manifest or its source is built again; nobody ever sees half of one.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kiosk.domain import Vectors
from kiosk.errors import StorageError
from kiosk.recognition import unit_rows

Rows = NDArray[np.int64]

FORMAT = 1
MANIFEST = "manifest.json"
VECTORS = "vectors.f32"
NUMBERS = "numbers.i64"
FAISS = "index.faiss"
BLOCK = 4096


class Tier(StrEnum):
    """How an index is searched, from the most exact to the most scalable."""

    EXACT = "exact"
    QUANTISED = "quantised"
    GRAPH = "graph"


class VectorIndex(Protocol):
    """Finds the nearest of many unit vectors; safe to search from several threads."""

    tier: Tier
    rows: int
    dimension: int

    def search(self, queries: Vectors, top: int) -> tuple[Rows, Vectors]:
        """For float32 (n, dimension) of norm 1: row positions and cosines, both (n, k), best
        first; k = min(top, rows). Positions are -1 where a graph found fewer."""
        ...

    def vectors_at(self, positions: Sequence[int] | Rows) -> Vectors:
        """The exact rows at these positions, float32 (n, dimension)."""
        ...

    def close(self) -> None:
        """Let go of the files."""
        ...


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a saved index is, and how it was measured when it was built.

    `recall_at_10` compares with exact search on `queries` queries; `exact_ms` and `tier_ms`
    are medians for one query.
    """

    tier: Tier
    rows: int
    dimension: int
    fingerprint: str
    files: dict[str, str]
    recall_at_10: float
    queries: int
    exact_ms: float
    tier_ms: float
    format: int = FORMAT


def write_index(
    folder: Path,
    blocks: Iterable[tuple[Rows, Vectors]],
    *,
    fingerprint: str,
    tier: Tier | None = None,
) -> VectorIndex:
    """Build an index of all `blocks` (row numbers and vectors) in `folder`, atomically.

    Without `tier` it is chosen by measurement; see `tiers_choice`. An index that was there
    before is replaced.

    Raises:
        StorageError: the folder cannot be written.
    """
    from kiosk.vectorstore.choice import choose_and_build

    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        try:
            rows, dimension = _write_vectors(work, blocks)
            built = choose_and_build(work, rows, dimension, tier)
            names = [path.name for path in sorted(work.iterdir())]
            manifest = Manifest(
                rows=rows,
                dimension=dimension,
                fingerprint=fingerprint,
                files={name: checksum(work / name) for name in names},
                **asdict(built),
            )
            text = json.dumps(asdict(manifest), indent=2)
            _write_durably(work / MANIFEST, text.encode())
            _swap(work, folder)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    except OSError as error:
        raise StorageError(
            f"The index could not be saved in {folder}: {error.strerror or error}.",
            next_step="Check that the disk is not full or write-protected.",
        ) from error
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
        expected = manifest.rows * manifest.dimension * 4
        if (folder / VECTORS).stat().st_size != expected:
            return None
    except OSError:
        return None
    if manifest.tier is Tier.EXACT:
        from kiosk.vectorstore.flat import ExactIndex

        return ExactIndex(folder / VECTORS, manifest.rows, manifest.dimension)
    try:
        from kiosk.vectorstore.faiss_indexes import FaissIndex
    except ImportError:
        return None  # faiss was there when it was built; without it the exact tier serves
    return FaissIndex(folder, manifest.tier, manifest.rows, manifest.dimension)


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of a saved index; None if it is missing, damaged or of another format."""
    try:
        values = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        manifest = Manifest(**{**values, "tier": Tier(values["tier"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return manifest if manifest.format == FORMAT else None


def row_numbers(folder: Path) -> Rows:
    """The row number of each position, ascending."""
    return np.fromfile(folder / NUMBERS, np.int64)


def checksum(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _write_vectors(folder: Path, blocks: Iterable[tuple[Rows, Vectors]]) -> tuple[int, int]:
    rows, dimension = 0, 0
    with (folder / VECTORS).open("wb") as stream, (folder / NUMBERS).open("wb") as numbers:
        for numbered, vectors in blocks:
            unit = unit_rows(vectors)
            stream.write(np.ascontiguousarray(unit, "<f4").tobytes())
            numbers.write(np.ascontiguousarray(numbered, "<i8").tobytes())
            rows, dimension = rows + len(unit), unit.shape[1]
        for file in (stream, numbers):
            file.flush()
            os.fsync(file.fileno())
    return rows, dimension


def _write_durably(path: Path, data: bytes) -> None:
    with path.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def _swap(work: Path, folder: Path) -> None:
    # Those who have the old files mapped keep them until they close.
    if folder.exists():
        grave = work.with_name(work.name + ".old")
        folder.rename(grave)
        work.rename(folder)
        shutil.rmtree(grave, ignore_errors=True)
    else:
        work.rename(folder)

"""Index kinds: the same answers, saved whole or not at all, rebuilt when they do not fit."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from kiosk.domain import Vectors
from kiosk.errors import StorageError
from kiosk.vectors import Rows, l2_normalise, search_exactly
from kiosk.vectorstore import IndexKind, open_index, read_manifest, write_index
from kiosk.vectorstore.index import CODES, FLAT_NUMBERS, SQ8_NUMBERS, VECTORS, choose_kind
from kiosk.vectorstore.index_files import MANIFEST, read_numbers, recall, sample_queries


def vectors(rows: int, dimension: int = 32, seed: int = 0) -> Vectors:
    """Clustered, as photos of things are."""
    rng = np.random.default_rng(seed)
    centres = rng.standard_normal((max(1, rows // 10), dimension))
    spread = rng.standard_normal((rows, dimension)) * 0.3
    return l2_normalise((centres[rng.integers(0, len(centres), rows)] + spread).astype(np.float32))


def blocks(given: Vectors, size: int = 700) -> Iterator[tuple[Rows, Vectors]]:
    for start in range(0, len(given), size):
        part = given[start : start + size]
        yield np.arange(start, start + len(part)) * 2, part


@pytest.mark.parametrize("kind", IndexKind)
def test_an_index_finds_what_exact_search_finds(tmp_path: Path, kind: IndexKind) -> None:
    stored = vectors(3000)
    index = write_index(tmp_path / "i", blocks(stored), fingerprint="f", kind=kind)
    queries = sample_queries(stored)
    rows, scores = index.search(queries, 10)
    wanted, _ = search_exactly(stored, queries, 10)
    assert (index.kind, index.rows, index.dimension) == (kind, 3000, 32)
    assert recall(rows, wanted) >= (1.0 if kind is IndexKind.FLAT else 0.97)
    for i in range(5):
        assert np.allclose(scores[i], stored[rows[i]] @ queries[i], atol=1e-5)
        assert (np.diff(scores[i]) <= 1e-6).all()
    index.close()


@pytest.mark.parametrize("kind", IndexKind)
def test_a_stored_vector_is_found_first(tmp_path: Path, kind: IndexKind) -> None:
    stored = vectors(800)
    index = write_index(tmp_path / "i", blocks(stored), fingerprint="f", kind=kind)
    for row in (0, 17, 799):
        rows, scores = index.search(stored[row : row + 1], 3)
        assert rows[0, 0] == row
        assert scores[0, 0] == pytest.approx(1, abs=1e-5)
    assert np.allclose(index.vectors_at([5, 700]), stored[[5, 700]])
    index.close()


@pytest.mark.parametrize("kind", IndexKind)
def test_a_saved_index_opens_with_the_same_answers(tmp_path: Path, kind: IndexKind) -> None:
    stored = vectors(900)
    queries = sample_queries(stored)
    first = write_index(tmp_path / "i", blocks(stored), fingerprint="f", kind=kind)
    before = first.search(queries, 5)
    first.close()
    again = open_index(tmp_path / "i", fingerprint="f")
    assert again is not None
    assert np.array_equal(before[0], again.search(queries, 5)[0])
    assert np.array_equal(read_numbers(tmp_path / "i"), np.arange(900) * 2)
    again.close()


def test_the_manifest_reports_recall_and_times(tmp_path: Path) -> None:
    stored = vectors(3000)
    write_index(tmp_path / "i", blocks(stored), fingerprint="f", kind=IndexKind.SQ8).close()
    manifest = read_manifest(tmp_path / "i")
    assert manifest is not None
    assert 0.9 < manifest.recall_at_10 <= 1
    assert manifest.exact_ms > 0
    assert manifest.search_ms > 0
    assert set(manifest.files) == {VECTORS, CODES, "numbers.i64"}


@pytest.mark.parametrize("file", [VECTORS, CODES, MANIFEST, "numbers.i64"])
def test_a_damaged_index_is_not_opened(tmp_path: Path, file: str) -> None:
    folder = tmp_path / "i"
    write_index(folder, blocks(vectors(600)), fingerprint="f", kind=IndexKind.SQ8).close()
    data = bytearray((folder / file).read_bytes())
    data[len(data) // 2] ^= 0xFF
    (folder / file).write_bytes(data)
    assert open_index(folder, fingerprint="f") is None
    (folder / file).unlink()
    assert open_index(folder, fingerprint="f") is None


def test_a_stale_index_is_not_opened(tmp_path: Path) -> None:
    folder = tmp_path / "i"
    write_index(folder, blocks(vectors(60)), fingerprint="old", kind=IndexKind.FLAT).close()
    assert open_index(folder, fingerprint="new") is None
    manifest = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(json.dumps({**manifest, "format": 99}))
    assert open_index(folder, fingerprint="old") is None
    assert open_index(tmp_path / "none", fingerprint="old") is None


def test_building_again_replaces_the_index_and_leaves_no_litter(tmp_path: Path) -> None:
    folder = tmp_path / "i"
    old = write_index(folder, blocks(vectors(50)), fingerprint="f", kind=IndexKind.FLAT)
    new = write_index(folder, blocks(vectors(70)), fingerprint="f", kind=IndexKind.FLAT)
    assert (old.rows, new.rows) == (50, 70)
    assert old.search(vectors(50)[:1], 1)[0][0, 0] == 0  # who has it open keeps it
    assert [path.name for path in tmp_path.iterdir()] == ["i"]


def test_an_index_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError):
        write_index(tmp_path / "file" / "i", blocks(vectors(5)), fingerprint="f")


def test_a_failed_build_leaves_the_old_index(tmp_path: Path) -> None:
    def broken() -> Iterator[tuple[Rows, Vectors]]:
        yield np.arange(5), vectors(5)
        raise OSError("the disk went away")

    write_index(tmp_path / "i", blocks(vectors(60)), fingerprint="f", kind=IndexKind.FLAT).close()
    with pytest.raises(StorageError):
        write_index(tmp_path / "i", broken(), fingerprint="f", kind=IndexKind.FLAT)
    again = open_index(tmp_path / "i", fingerprint="f")
    assert again is not None
    assert again.rows == 60
    assert [path.name for path in tmp_path.iterdir()] == ["i"]


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    index = write_index(tmp_path / "i", iter(()), fingerprint="f")
    assert index.rows == 0


def test_the_number_of_vectors_decides_the_kind() -> None:
    dimension = 512
    assert choose_kind(0, 0) is IndexKind.FLAT
    assert choose_kind(FLAT_NUMBERS // dimension, dimension) is IndexKind.FLAT
    assert choose_kind(FLAT_NUMBERS // dimension + 1, dimension) is IndexKind.SQ8
    assert choose_kind(SQ8_NUMBERS // dimension + 1, dimension) is IndexKind.IVF


def test_small_indexes_stay_exact(tmp_path: Path) -> None:
    assert write_index(tmp_path / "i", blocks(vectors(200)), fingerprint="f").kind is IndexKind.FLAT

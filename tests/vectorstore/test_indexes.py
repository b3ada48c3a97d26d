"""Index tiers: the same answers, saved whole or not at all, rebuilt when they do not fit."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from kiosk.domain import Vectors
from kiosk.errors import StorageError
from kiosk.recognition import unit_rows
from kiosk.vectorstore import Tier, open_index, read_manifest, search_exactly, write_index
from kiosk.vectorstore.choice import choose, recall, sample_queries
from kiosk.vectorstore.indexes import FAISS, MANIFEST, VECTORS, Rows, row_numbers

faiss = pytest.importorskip("faiss", reason="faiss is not installed; only the exact tier exists")
TIERS = [Tier.EXACT, Tier.QUANTISED, Tier.GRAPH]


def vectors(rows: int, dimension: int = 32, seed: int = 0) -> Vectors:
    """Clustered, as photos of things are."""
    rng = np.random.default_rng(seed)
    centres = rng.standard_normal((max(1, rows // 10), dimension))
    spread = rng.standard_normal((rows, dimension)) * 0.3
    return unit_rows((centres[rng.integers(0, len(centres), rows)] + spread).astype(np.float32))


def blocks(given: Vectors, size: int = 700) -> Iterator[tuple[Rows, Vectors]]:
    for start in range(0, len(given), size):
        part = given[start : start + size]
        yield np.arange(start, start + len(part)) * 2, part


@pytest.mark.parametrize("tier", TIERS)
def test_a_tier_finds_what_exact_search_finds(tmp_path: Path, tier: Tier) -> None:
    stored = vectors(3000)
    index = write_index(tmp_path / "i", blocks(stored), fingerprint="f", tier=tier)
    queries = sample_queries(stored)
    rows, scores = index.search(queries, 10)
    wanted, _ = search_exactly(stored, queries, 10)
    assert (index.tier, index.rows, index.dimension) == (tier, 3000, 32)
    assert recall(rows, wanted) >= (1.0 if tier is Tier.EXACT else 0.97)
    for i in range(5):
        assert np.allclose(scores[i], stored[rows[i]] @ queries[i], atol=1e-5)
        assert (np.diff(scores[i]) <= 1e-6).all()
    index.close()


@pytest.mark.parametrize("tier", TIERS)
def test_a_stored_vector_is_found_first(tmp_path: Path, tier: Tier) -> None:
    stored = vectors(800)
    index = write_index(tmp_path / "i", blocks(stored), fingerprint="f", tier=tier)
    for row in (0, 17, 799):
        rows, scores = index.search(stored[row : row + 1], 3)
        assert rows[0, 0] == row
        assert scores[0, 0] == pytest.approx(1, abs=1e-5)
    assert np.allclose(index.vectors_at([5, 700]), stored[[5, 700]])
    index.close()


@pytest.mark.parametrize("tier", TIERS)
def test_a_saved_index_opens_with_the_same_answers(tmp_path: Path, tier: Tier) -> None:
    stored = vectors(900)
    queries = sample_queries(stored)
    first = write_index(tmp_path / "i", blocks(stored), fingerprint="f", tier=tier)
    before = first.search(queries, 5)
    first.close()
    again = open_index(tmp_path / "i", fingerprint="f")
    assert again is not None
    assert np.array_equal(before[0], again.search(queries, 5)[0])
    assert np.array_equal(row_numbers(tmp_path / "i"), np.arange(900) * 2)
    again.close()


def test_the_manifest_reports_recall_and_times(tmp_path: Path) -> None:
    stored = vectors(3000)
    write_index(tmp_path / "i", blocks(stored), fingerprint="f", tier=Tier.QUANTISED).close()
    manifest = read_manifest(tmp_path / "i")
    assert manifest is not None
    assert 0.9 < manifest.recall_at_10 <= 1
    assert manifest.exact_ms > 0
    assert manifest.tier_ms > 0
    assert set(manifest.files) == {VECTORS, FAISS, "numbers.i64"}


@pytest.mark.parametrize("file", [VECTORS, FAISS, MANIFEST, "numbers.i64"])
def test_a_damaged_index_is_not_opened(tmp_path: Path, file: str) -> None:
    folder = tmp_path / "i"
    write_index(folder, blocks(vectors(600)), fingerprint="f", tier=Tier.QUANTISED).close()
    data = bytearray((folder / file).read_bytes())
    data[len(data) // 2] ^= 0xFF
    (folder / file).write_bytes(data)
    assert open_index(folder, fingerprint="f") is None
    (folder / file).unlink()
    assert open_index(folder, fingerprint="f") is None


def test_a_stale_index_is_not_opened(tmp_path: Path) -> None:
    folder = tmp_path / "i"
    write_index(folder, blocks(vectors(60)), fingerprint="old", tier=Tier.EXACT).close()
    assert open_index(folder, fingerprint="new") is None
    manifest = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(json.dumps({**manifest, "format": 99}))
    assert open_index(folder, fingerprint="old") is None
    assert open_index(tmp_path / "none", fingerprint="old") is None


def test_building_again_replaces_the_index_and_leaves_no_litter(tmp_path: Path) -> None:
    folder = tmp_path / "i"
    old = write_index(folder, blocks(vectors(50)), fingerprint="f", tier=Tier.EXACT)
    new = write_index(folder, blocks(vectors(70)), fingerprint="f", tier=Tier.EXACT)
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

    write_index(tmp_path / "i", blocks(vectors(60)), fingerprint="f", tier=Tier.EXACT).close()
    with pytest.raises(StorageError):
        write_index(tmp_path / "i", broken(), fingerprint="f", tier=Tier.EXACT)
    again = open_index(tmp_path / "i", fingerprint="f")
    assert again is not None
    assert again.rows == 60
    assert [path.name for path in tmp_path.iterdir()] == ["i"]


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    index = write_index(tmp_path / "i", iter(()), fingerprint="f")
    assert index.rows == 0


def test_the_tier_is_chosen_by_measured_time() -> None:
    assert choose(0.5, has_faiss=True) is Tier.EXACT
    assert choose(50.0, has_faiss=True) is Tier.QUANTISED
    assert choose(50.0, has_faiss=False) is Tier.EXACT


def test_small_indexes_stay_exact(tmp_path: Path) -> None:
    assert write_index(tmp_path / "i", blocks(vectors(200)), fingerprint="f").tier is Tier.EXACT


@settings(max_examples=40, deadline=None)
@given(
    rows=st.integers(1, 60),
    top=st.integers(1, 80),
    queries=st.integers(1, 4),
    seed=st.integers(0, 1000),
)
def test_exact_search_is_a_sorted_scan(rows: int, top: int, queries: int, seed: int) -> None:
    stored, asked = vectors(rows, 8, seed), vectors(queries, 8, seed + 1)
    found, scores = search_exactly(stored, asked, top)
    wanted = np.argsort(-(asked @ stored.T), axis=1, kind="stable")[:, :top]
    assert found.shape == (queries, min(top, rows))
    assert np.allclose(scores, np.take_along_axis(asked @ stored.T, wanted, 1), atol=1e-6)


def test_blocks_make_no_difference() -> None:
    stored = vectors(40_000, 4)
    found, _ = search_exactly(stored, stored[33_333:33_334], 3)
    assert found[0, 0] == 33_333

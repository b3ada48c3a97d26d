"""Normalising, exact search, and grouping by similarity agree with their definitions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from kiosk import vectors as module
from kiosk.domain import Vectors
from kiosk.vectors import duplicate_groups, l2_normalise, search_exactly


def random_unit(rows: int, dimension: int, seed: int) -> Vectors:
    return l2_normalise(np.random.default_rng(seed).standard_normal((rows, dimension)))


def linked(vectors: np.ndarray, threshold: float) -> list[tuple[int, ...]]:
    """Single linkage by its definition: closure of the relation."""
    reach = vectors @ vectors.T >= threshold
    np.fill_diagonal(reach, True)
    for _ in range(len(vectors)):
        reach = (reach.astype(int) @ reach.astype(int)) > 0
    groups = {tuple(int(i) for i in np.flatnonzero(row)) for row in reach}
    return sorted(group for group in groups if len(group) > 1)


@given(st.integers(0, 10_000), st.integers(1, 24), st.floats(0.3, 0.99))
def test_groups_are_the_closure_of_being_similar(seed: int, n: int, threshold: float) -> None:
    vectors = random_unit(n, 4, seed)
    assert duplicate_groups(vectors, threshold) == linked(vectors, threshold)


def test_blocks_do_not_change_the_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = random_unit(50, 5, 3)
    whole = duplicate_groups(vectors, 0.8)
    monkeypatch.setattr(module, "BLOCK_ROWS", 7)
    assert duplicate_groups(vectors, 0.8) == whole
    assert whole


def test_nothing_similar_gives_no_group() -> None:
    assert duplicate_groups(np.eye(5, dtype=np.float32), 0.5) == []
    assert duplicate_groups(np.empty((0, 5), np.float32), 0.5) == []


def test_zero_row_stays_zero_instead_of_not_a_number() -> None:
    rows = l2_normalise(np.array([[0, 0], [3, 4]], dtype=np.float32))
    assert np.allclose(rows, [[0, 0], [0.6, 0.8]])


@pytest.mark.parametrize("value", [1e30, 1e-30, -3.0])
def test_rows_are_normalised_whatever_their_size(value: float) -> None:
    rows = l2_normalise(np.full((1, 4), value, np.float32))
    assert np.linalg.norm(rows) == pytest.approx(1.0)


def test_rows_that_are_not_numbers_become_zero() -> None:
    assert l2_normalise(np.full((1, 4), np.inf, np.float32)).tolist() == [[0, 0, 0, 0]]


@settings(max_examples=40, deadline=None)
@given(
    rows=st.integers(1, 60),
    top=st.integers(1, 80),
    queries=st.integers(1, 4),
    seed=st.integers(0, 1000),
)
def test_exact_search_is_a_sorted_scan(rows: int, top: int, queries: int, seed: int) -> None:
    stored, asked = random_unit(rows, 8, seed), random_unit(queries, 8, seed + 1)
    found, scores = search_exactly(stored, asked, top)
    wanted = np.argsort(-(asked @ stored.T), axis=1, kind="stable")[:, :top]
    assert found.shape == (queries, min(top, rows))
    assert np.allclose(scores, np.take_along_axis(asked @ stored.T, wanted, 1), atol=1e-6)


def test_blocks_make_no_difference() -> None:
    stored = random_unit(40_000, 4, 0)
    found, _ = search_exactly(stored, stored[33_333:33_334], 3)
    assert found[0, 0] == 33_333

"""Grouping by similarity agrees with its definition and stays within bounded memory."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st

from kiosk.recognition import duplicate_groups, duplicates


def unit(rows: np.ndarray) -> np.ndarray:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


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
    vectors = unit(np.random.default_rng(seed).normal(size=(n, 4)))
    assert duplicate_groups(vectors, threshold) == linked(vectors, threshold)


def test_blocks_do_not_change_the_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = unit(np.random.default_rng(3).normal(size=(50, 5)))
    whole = duplicate_groups(vectors, 0.8)
    monkeypatch.setattr(duplicates, "BLOCK_ROWS", 7)
    assert duplicate_groups(vectors, 0.8) == whole
    assert whole


def test_nothing_similar_gives_no_group() -> None:
    assert duplicate_groups(np.eye(5, dtype=np.float32), 0.5) == []
    assert duplicate_groups(np.empty((0, 5), np.float32), 0.5) == []

"""Half floats and their corrections give back the numbers."""

from __future__ import annotations

import numpy as np
from hypothesis import given, strategies as st
from hypothesis.extra import numpy as arrays

from export.bundle.files import join, split

numbers = arrays.arrays(
    np.float32, st.integers(1, 40), elements=st.floats(-1, 1, width=32, allow_subnormal=False)
)


@given(numbers)
def test_corrections_bring_the_numbers_back(values: np.ndarray) -> None:
    halves, corrections = split(values)
    joined = join(halves, corrections)
    coarse = np.abs(halves.astype(np.float64) - values)
    fine = np.abs(joined.astype(np.float64) - values)
    assert np.all(fine <= np.maximum(np.abs(values) * 2.0**-18, 2.0**-32))
    assert np.all(fine <= coarse + 1e-9)


@given(numbers)
def test_no_correction_changes_nothing(values: np.ndarray) -> None:
    halves, corrections = split(values)
    np.testing.assert_array_equal(
        join(halves, np.zeros_like(corrections)), halves.astype(np.float32)
    )

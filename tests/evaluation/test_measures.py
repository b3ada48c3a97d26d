from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, strategies as st

from kiosk.evaluation.measures import (
    auroc,
    calibration_error,
    reliability,
    share_at_most,
    wrong_against_refused,
)

shares = st.lists(st.floats(0, 1), min_size=1, max_size=40)


def test_auroc_of_separated_groups_is_one() -> None:
    assert auroc(np.array([0.9, 0.8]), np.array([0.1, 0.7])) == 1.0
    assert auroc(np.array([0.1]), np.array([0.9])) == 0.0
    assert auroc(np.array([0.5]), np.array([0.5])) == 0.5


@given(shares, shares)
def test_auroc_equals_counting_pairs(a: list[float], b: list[float]) -> None:
    pairs = [(x > y) + (x == y) / 2 for x in a for y in b]
    assert auroc(np.array(a), np.array(b)) == pytest.approx(sum(pairs) / len(pairs))


def test_nothing_to_compare_is_not_a_number() -> None:
    assert math.isnan(auroc(np.zeros(0), np.ones(1)))
    assert math.isnan(calibration_error(np.zeros(0), np.zeros(0, bool)))


def test_calibration_error_of_known_numbers() -> None:
    confidence = np.array([0.95, 0.95, 0.15, 0.15])
    right = np.array([True, False, False, False])
    assert calibration_error(confidence, right) == pytest.approx((0.45 + 0.15) / 2)
    assert reliability(confidence, right) == [
        (pytest.approx(0.15), 0.0, 2),
        (pytest.approx(0.95), 0.5, 2),
    ]


@given(shares)
def test_full_confidence_falls_in_the_last_bin(values: list[float]) -> None:
    confidence = np.array([*values, 1.0])
    counts = sum(count for *_, count in reliability(confidence, confidence > 0.5))
    assert counts == len(confidence)


def test_refusing_the_least_sure_first() -> None:
    curve = wrong_against_refused(np.array([0.9, 0.2, 0.5]), np.array([True, False, True]))
    assert curve == [
        (pytest.approx(2 / 3), 0.0),
        (pytest.approx(1 / 3), 0.0),
        (pytest.approx(0.0), pytest.approx(1 / 3)),
    ]


def test_bound_of_a_share_is_that_of_clopper_and_pearson() -> None:
    assert share_at_most(0, 59) == pytest.approx(1 - 0.05 ** (1 / 59))  # the rule of three
    assert share_at_most(1, 50) == pytest.approx(0.09140, abs=1e-5)  # by tables
    assert share_at_most(7, 7) == 1.0
    assert math.isnan(share_at_most(0, 0))


@given(st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_bound_of_a_share_is_above_what_was_seen_and_falls_with_more_photos(
    seen: tuple[int, int],
) -> None:
    count, trials = seen
    bound = share_at_most(count, trials)
    assert count / trials < bound <= 1.0 or count == trials
    assert share_at_most(count, trials + 10) <= bound

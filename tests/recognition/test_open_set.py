from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st

from kiosk.domain import Decision
from kiosk.recognition.open_set import LEAST_KNOWN, RISK_PER_BUDGET, UNKNOWN_COST, decide, risk


def prices(*values: int) -> np.ndarray:
    return np.array(values, np.int64)


def test_a_sure_product_is_named() -> None:
    assert decide(np.array([0.999]), 0.9995, prices(100), 0.01) is Decision.NAMED


def test_a_doubtful_product_is_offered_among_others() -> None:
    assert decide(np.array([0.5, 0.4]), 0.95, prices(100, 100), 0.01) is Decision.UNSURE


def test_a_stranger_is_refused() -> None:
    assert decide(np.array([0.1]), LEAST_KNOWN - 0.01, prices(100), 0.01) is Decision.UNKNOWN


def test_no_candidate_is_unknown() -> None:
    assert decide(np.zeros(0), 0.0, prices(), 0.01) is Decision.UNKNOWN


def test_a_rival_at_another_price_needs_more_certainty() -> None:
    probabilities = np.array([1 - 0.9 * RISK_PER_BUDGET * 0.01, 0.15])
    assert decide(probabilities, 1.0, prices(100, 100), 0.01) is Decision.NAMED
    assert decide(probabilities, 1.0, prices(100, 300), 0.01) is Decision.UNSURE


def test_naming_what_is_not_sold_costs_most() -> None:
    stranger = risk(np.array([0.8]), 0.8, prices(100))
    assert stranger == pytest.approx(UNKNOWN_COST * risk(np.array([0.8]), 1.0, prices(100)))


@pytest.mark.parametrize(("second", "factor"), [(100, 0), (200, 1), (50, 1), (800, 1), (0, 1)])
def test_the_cost_of_a_rival_grows_with_the_price_gap(second: int, factor: float) -> None:
    got = risk(np.array([0.8, 0.1]), 0.95, prices(100, second))
    assert got == pytest.approx(0.15 + UNKNOWN_COST * 0.05 + 0.1 * factor)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0.0001, 0.5), st.floats(0.0001, 0.5))
def test_a_stricter_budget_never_names_more(p: float, q: float, a: float, b: float) -> None:
    probabilities, pair = np.array([p, min(q, 1 - p)]), prices(100, 150)
    strict = decide(probabilities, 1.0, pair, min(a, b)) is Decision.NAMED
    loose = decide(probabilities, 1.0, pair, max(a, b)) is Decision.NAMED
    assert loose or not strict


def test_what_is_more_likely_wrong_than_right_is_never_named() -> None:
    assert decide(np.array([0.45, 0.3]), 1.0, prices(1, 1), 0.5) is not Decision.NAMED

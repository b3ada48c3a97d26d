"""The open-set rule: name a product, or not, within an error budget.

A name is said while the expected cost of being wrong stays within the budget (Chow, "On
optimum recognition error and reject tradeoff", IEEE Trans. Information Theory, 1970):

    risk = sum over the other candidates of P(it is that) c + 7 P(not in the catalogue)
    c    = 1 + min(1, |log2(its price / the best's price)|)      for the second, else 1

so a rival at twice or half the price counts double, and naming what the shop does not sell
costs most. The budget bounds the share of customers who are told a wrong name; the
riskiest name said may be `RISK_PER_BUDGET` times as risky as the average customer's: so
found at "1 in 100" on products that the encoder never saw, one customer in twenty holding
something that is not in the catalogue (`benchmarks/recognition_prior.py`).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from kiosk.domain import Decision

UNKNOWN_COST = 7.0  # of naming what is not in the catalogue; chosen by eye
RISK_PER_BUDGET = 20.0  # by benchmarks/recognition_prior.py, see above
LEAST_RIGHT = 0.5  # never name what is more likely wrong than right
LEAST_KNOWN = 0.6  # below this chance of being in the catalogue it is UNKNOWN; chosen by eye


def decide(
    probabilities: NDArray[np.float64],
    known: float,
    prices: NDArray[np.int64],
    error_budget: float,
) -> Decision:
    """Decide what may be said of candidates, best first.

    Args:
        probabilities: (k,), each that this product is shown.
        known: probability that any product of the catalogue is shown.
        prices: (k,), minor units.
        error_budget: accepted share of customers who are told a wrong name, above 0.
    """
    if not len(probabilities):
        return Decision.UNKNOWN
    likely = probabilities[0] >= LEAST_RIGHT
    if likely and risk(probabilities, known, prices) <= RISK_PER_BUDGET * error_budget:
        return Decision.NAMED
    return Decision.UNSURE if known >= LEAST_KNOWN else Decision.UNKNOWN


def risk(probabilities: NDArray[np.float64], known: float, prices: NDArray[np.int64]) -> float:
    """Return the expected cost, from 0, of naming the first candidate: the formula above."""
    cost = known - float(probabilities[0]) + UNKNOWN_COST * (1.0 - known)
    if len(probabilities) > 1:
        cost += min(float(probabilities[1]), known) * _price_factor(prices[0], prices[1])
    return cost


def _price_factor(best: np.int64, second: np.int64) -> float:
    if best <= 0 or second <= 0:
        return 0.0 if best == second else 1.0
    return min(1.0, abs(math.log2(float(second) / float(best))))

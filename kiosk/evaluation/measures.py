"""Measures of retrieval, rejection and calibration: pure functions on arrays."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]
BINS = 10  # the usual number in the literature
CERTAINTY = 0.95  # of a bound; the usual one


def auroc(positive: Numbers, negative: Numbers) -> float:
    """Return the chance that a random positive outranks a random negative; ties count half.

    That is Mann and Whitney's U over its largest value; NaN where either side is empty.
    """
    if not len(positive) or not len(negative):
        return float("nan")
    ordered = np.sort(negative)
    below = np.searchsorted(ordered, positive, side="left")
    upto = np.searchsorted(ordered, positive, side="right")
    return float((below + upto).sum() / 2 / len(positive) / len(negative))


def reliability(confidence: Numbers, right: Flags) -> list[tuple[float, float, int]]:
    """Return mean confidence, share right and count of each of ten equal, non-empty bins."""
    place = np.minimum((confidence * BINS).astype(int), BINS - 1)
    rows = []
    for number in range(BINS):
        inside = place == number
        if inside.any():
            mean, share = float(confidence[inside].mean()), float(right[inside].mean())
            rows.append((mean, share, int(inside.sum())))
    return rows


def calibration_error(confidence: Numbers, right: Flags) -> float:
    """Return the expected calibration error, NaN without queries.

    Source: Naeini, Cooper and Hauskrecht, AAAI 2015.
    """
    if not len(confidence):
        return float("nan")
    rows = reliability(confidence, right)
    return sum(abs(mean - share) * count for mean, share, count in rows) / len(confidence)


def wrong_against_refused(confidence: Numbers, right: Flags) -> list[tuple[float, float]]:
    """Return, for each threshold, the share refused and the share wrong among those named."""
    order = np.argsort(-confidence, kind="stable")
    wrong = np.cumsum(~right[order])
    named = np.arange(1, len(order) + 1)
    return [
        (1 - count / len(order), errors / count)
        for count, errors in zip(named.tolist(), wrong.tolist(), strict=True)
    ]


def share_at_most(count: int, trials: int, certainty: float = CERTAINTY) -> float:
    """Return the upper bound of a share of which `count` in `trials` was seen; NaN without any.

    Source: Clopper and Pearson, Biometrika 26, 1934; one-sided.
    """
    if not trials:
        return float("nan")
    low, high = count / trials, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        if _at_most(count, trials, middle) > 1 - certainty:
            low = middle
        else:
            high = middle
    return high


def _at_most(count: int, trials: int, share: float) -> float:
    """Return the chance of at most `count` in `trials` at a share of 0 to 1."""
    if share >= 1.0:
        return float(count >= trials)
    if share <= 0.0:
        return 1.0
    logs = [
        math.lgamma(trials + 1)
        - math.lgamma(k + 1)
        - math.lgamma(trials - k + 1)
        + k * math.log(share)
        + (trials - k) * math.log1p(-share)
        for k in range(count + 1)
    ]
    return math.fsum(math.exp(value) for value in logs)

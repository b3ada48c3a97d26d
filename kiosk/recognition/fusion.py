"""One answer from the glance and the second look. Pure.

The odds of each candidate against the others are multiplied by what its details say: the ratio
of how likely such details are on the right product and on a wrong one, by a logistic regression
on the inliers, discounted by how little of product and picture they cover:

    support = inliers sqrt(coverage query_coverage)
    log ratio = 1.18 log(1 + support) - 1.44

A product that is not in the catalogue has the ratio 1. Where no candidate has any detail in
common with the picture (fruit), details say nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from kiosk.domain import Candidate, DetailMatch

# Fitted to pairs of benchmarks/second_look.py on snacks and grocery's training photos.
_SLOPE: Final = 1.18
_BIAS: Final = -1.44
_LEAST: Final = 1e-6  # keeps odds finite


def support(match: DetailMatch) -> float:
    """Return the inliers, discounted by how little of product and picture they cover."""
    return match.inliers * math.sqrt(match.coverage * match.query_coverage)


def join_evidence(
    candidates: Sequence[Candidate], known: float
) -> tuple[tuple[Candidate, ...], float]:
    """Weigh candidates by their evidence; return them best first, and what `known` becomes.

    `known` is the probability, 0 to 1, that any product of the catalogue is shown.
    """
    supports = [_support_of(candidate) for candidate in candidates]
    if not any(supports):
        return tuple(candidates), known
    odds = [
        max(candidate.confidence, _LEAST) * math.exp(_BIAS + _SLOPE * math.log1p(each or 0.0))
        for candidate, each in zip(candidates, supports, strict=True)
    ]
    total = sum(odds) + max(1.0 - known, _LEAST)
    joined = [
        replace(candidate, confidence=each / total)
        for candidate, each in zip(candidates, odds, strict=True)
    ]
    joined.sort(key=lambda candidate: -candidate.confidence)
    return tuple(joined), sum(odds) / total


def _support_of(candidate: Candidate) -> float | None:
    details = candidate.evidence.details
    return None if details is None else support(details)

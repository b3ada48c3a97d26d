"""Calibrated probabilities instead of similarities times 100.

Scores are first put on the shop's own scale. Each photo is shown to the catalogue without
its product: 0 is the mean and 1 a standard deviation above the mean of what the best wrong
product then scores (z-norm, as in speaker verification: Auckenthaler, Carey and
Lloyd-Thomas, Digital Signal Processing 10, 2000). Two logistic regressions (Platt,
"Probabilistic outputs for support vector machines", 1999) then give the probability that
the best product is right, and that the product is in the catalogue at all, from three
features of the best product:

    level     its score on the shop's scale
    margin    its lead over the second
    cohesion  how like its own photos are to each other, compared with the shop's products

The weights were learned on photos of other days and of products left out
(`benchmarks/recognition_prior.py`). A shop's own photos are alike, as they were taken in one
go: how like they are to each other flatters. So the scale rests on products that are not
there, and a shop's own photos may lower the confidence, but never raise it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kiosk.domain import Vectors
from kiosk.recognition.holdout import Holdout

Numbers = NDArray[np.float64]
PRIOR_PHOTOS = 30.0  # the prior scale weighs like so many photos; chosen by eye
COHESION_PHOTOS = 3.0  # pseudo-photos of average cohesion in each product; chosen by eye
SMALLEST_SPAN = 0.01  # keeps levels finite where all rivals score alike; chosen by eye


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic regression: sigmoid(bias + level x1 + margin x2 + cohesion x3)."""

    bias: float
    level: float
    margin: float
    cohesion: float

    def probability(self, features: Numbers, shift: float = 0.0) -> Numbers:
        """Return (n,), 0 to 1, for features (n, 3); `shift` is added to the logits."""
        logits = features @ (self.level, self.margin, self.cohesion) + self.bias + shift
        probability: Numbers = 1.0 / (1.0 + np.exp(-np.clip(logits, -60.0, 60.0)))
        return probability


@dataclass(frozen=True, slots=True)
class Prior:
    """Scale and weights of a shop without photos, for one kind of score."""

    low: float
    span: float
    right: Weights
    known: Weights


# Fitted by benchmarks/recognition_prior.py.
PRIORS = {
    "cosine": Prior(
        0.50, 0.12, Weights(-0.59, 0.65, 1.80, -0.53), Weights(1.80, 0.89, 0.44, -0.77)
    ),
    "tuned": Prior(0.46, 0.12, Weights(-0.63, 0.74, 1.99, -0.48), Weights(1.78, 0.96, 0.40, -0.97)),
}
SHARPNESS = 2.0  # of the softmax over what the best product leaves; chosen by eye


@dataclass(frozen=True, slots=True, eq=False)
class ConfidenceParameters:
    """`low` and `span` are the shop's scale; `cohesion` (products,) in its units.

    `shift_right`, 0 or below, is added to the logit of `right`.
    """

    low: float
    span: float
    cohesion: Numbers
    right: Weights
    known: Weights
    shift_right: float = 0.0

    def features(self, best: Numbers, second: Numbers, product: NDArray[np.intp]) -> Numbers:
        """Return level, margin and cohesion, (n, 3).

        `best` and `second` are scores (n,), `product` the numbers (n,) of the best products.
        """
        level, margin = (best - self.low) / self.span, (best - second) / self.span
        return np.stack([level, margin, self.cohesion[product]], axis=1)


def fit_confidence(
    kind: str, products: int, owner: NDArray[np.intp], holdout: Holdout | None
) -> ConfidenceParameters:
    """Fit the parameters for `products` products to leave-one-out, or return the prior.

    `owner` (n,) is the product of each row of `holdout`.
    """
    prior = PRIORS[kind]
    if holdout is None or not holdout.compared.any():
        return ConfidenceParameters(
            prior.low, prior.span, np.zeros(products), prior.right, prior.known
        )
    seen = holdout.compared
    low, span = _scale(holdout.others[:, 0].astype(np.float64), prior)
    own = holdout.own[seen].astype(np.float64)
    counts = np.bincount(owner[seen], minlength=products)
    sums = np.bincount(owner[seen], weights=(own - own.mean()) / span, minlength=products)
    cohesion = sums / (counts + COHESION_PHOTOS)
    plain = ConfidenceParameters(low, span, cohesion, prior.right, prior.known)
    return _with_shift(plain, owner, holdout)


def _scale(rivals: Numbers, prior: Prior) -> tuple[float, float]:
    """Blend mean and standard deviation of the best wrong scores with the prior's."""
    rivals = rivals[rivals > -1]
    share = len(rivals) / (len(rivals) + PRIOR_PHOTOS)
    if not share:
        return prior.low, prior.span
    low = share * float(rivals.mean()) + (1 - share) * prior.low
    span = share * float(rivals.std()) + (1 - share) * prior.span
    return low, max(span, SMALLEST_SPAN)


def _with_shift(
    plain: ConfidenceParameters, owner: NDArray[np.intp], holdout: Holdout
) -> ConfidenceParameters:
    """Lower the logits where fewer photos are recognised than the prior predicts."""
    seen = holdout.compared
    own, others = holdout.own[seen, None].astype(np.float64), holdout.others[seen]
    scores = np.concatenate([own, others.astype(np.float64)], axis=1)
    products = np.concatenate([owner[seen, None], holdout.rivals[seen]], axis=1)
    order = np.argsort(-scores, axis=1, kind="stable")
    every = np.arange(len(scores))
    best, second = scores[every, order[:, 0]], scores[every, order[:, 1]]
    features = plain.features(best, second, products[every, order[:, 0]])
    right = order[:, 0] == 0
    return replace(plain, shift_right=_shift(plain.right, features, right))


def _shift(weights: Weights, features: Numbers, right: NDArray[np.bool_]) -> float:
    """Find the shift, 0 or below, at which the mean probability is the share of `right`."""
    share = float(right.mean())
    low, high = -8.0, 0.0
    if right.all() or weights.probability(features).mean() <= share:
        return 0.0
    for _ in range(40):
        middle = (low + high) / 2
        if weights.probability(features, middle).mean() > share:
            high = middle
        else:
            low = middle
    return low


def candidate_probabilities(
    parameters: ConfidenceParameters, scores: Vectors, order: NDArray[np.intp], agreement: float
) -> tuple[Numbers, float]:
    """Return the probabilities (k,) of the products numbered `order` (k,), best first.

    Args:
        scores: the query's, (products,).
        agreement: share of frames, 0 to 1, that name the same product.

    Returns:
        The probabilities, and the probability that any product is shown: their sum, at most 1.
    """
    best = scores[order].astype(np.float64)
    second = best[1] if len(best) > 1 else parameters.low
    features = parameters.features(best[:1], np.array([second]), order[:1])
    right = float(parameters.right.probability(features, parameters.shift_right)[0])
    known = float(parameters.known.probability(features)[0])
    right, known = right * (0.5 + 0.5 * agreement), max(right, known)
    probabilities = np.zeros(len(best))
    probabilities[0] = right
    if len(best) > 1:
        distance = (best[1:] - best[1]) / parameters.span
        weights = np.exp(SHARPNESS * distance)
        probabilities[1:] = (known - right) * weights / weights.sum()
        np.minimum(probabilities, right, out=probabilities)
    return probabilities, known

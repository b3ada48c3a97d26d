"""Similarity, confidence and decision from a bundle's files alone: the twin of the Swift code.

Written a second time on purpose, after `export/FORMAT.md`: it proves that the phone has
all that it needs to answer as the kiosk does.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from export.bundle.format import ConfidenceEntry, LogisticEntry, MetricEntry, ProductEntry
from kiosk.domain import Candidate, Decision, Recognition, Vectors

TOP = 5  # candidates: the format's own number
Rows = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Metric:
    """The bundle's metric; `mean` (d,) and `projection` (d, k) only where it is tuned."""

    entry: MetricEntry
    mean: Rows | None
    projection: Rows | None

    def apply(self, vectors: Vectors) -> Vectors:
        if self.mean is None or self.projection is None:
            return unit(vectors)
        return unit(np.asarray((vectors - self.mean) @ self.projection, np.float32))


@dataclass(frozen=True, slots=True, eq=False)
class Similarity:
    """`skus[k]` owns the rows `starts[k]` to `starts[k + 1]` of `photos` and `tuned`."""

    skus: tuple[str, ...]
    starts: NDArray[np.intp]
    photos: Rows
    tuned: Rows
    prototypes: Rows
    metric: Metric

    @classmethod
    def of(cls, products: tuple[ProductEntry, ...], vectors: Vectors, metric: Metric) -> Similarity:
        shown = [product for product in products if product.count]
        starts = np.array([product.first for product in shown], dtype=np.intp)
        photos = unit(vectors)
        tuned = metric.apply(photos)
        sums = np.add.reduceat(tuned, starts, axis=0) if len(starts) else tuned
        return cls(
            tuple(product.sku for product in shown), starts, photos, tuned, unit(sums), metric
        )

    def to(self, query: Vectors) -> Rows:
        """Return the similarities (products,), -1 to 1, of one vector (d,) of length 1."""
        if not self.skus:
            return np.zeros(0, np.float32)
        plain = np.maximum.reduceat(self.photos @ query, self.starts)
        if self.metric.entry.kind == "cosine":
            return np.clip(plain, -1, 1)
        z = self.metric.apply(query[None])[0]
        weight = self.metric.entry.nearest_weight
        nearest = np.maximum.reduceat(self.tuned @ z, self.starts)
        mixed = (1 - weight) * (self.prototypes @ z) + weight * nearest
        return np.clip(self._drawn(mixed, plain), -1, 1)

    def _drawn(self, mixed: Rows, plain: Rows) -> Rows:
        """Towards 1 where the plain cosine says that it is the very same picture."""
        identical = self.metric.entry.identical
        same = np.clip((plain - identical) / (1 - 1e-5 - identical), 0, 1)
        return np.asarray(mixed + (1 - mixed) * same, dtype=np.float32)


def unit(rows: Vectors) -> Rows:
    """Scale rows to length 1; zeros stay zeros."""
    wide = rows.astype(np.float64)
    lengths = np.linalg.norm(wide, axis=-1, keepdims=True)
    return np.asarray(wide / np.where(lengths > 0, lengths, 1), dtype=np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Recogniser:
    """`shown` are the products with photos, in the order of `similarity.skus`."""

    similarity: Similarity
    shown: tuple[ProductEntry, ...]
    confidence: ConfidenceEntry

    def recognise(
        self, queries: Vectors, weights: NDArray[np.float32] | None = None
    ) -> Recognition:
        """Answer for several frames (n, d) of one presentation."""
        frames = unit(queries)
        if not self.shown or not len(frames):
            return Recognition(Decision.UNKNOWN)
        shares = _shares(len(frames), weights)
        scores = self.similarity.to(unit((shares @ frames)[None].astype(np.float32))[0])
        order = np.argsort(-scores, kind="stable")[:TOP]
        agreement = 1.0
        if len(frames) > 1:
            winners = self.similarity.prototypes @ self.similarity.metric.apply(frames).T
            agreement = float(shares[np.argmax(winners, axis=0) == order[0]].sum())
        chances, known = self._chances(scores[order].tolist(), order, agreement)
        candidates = tuple(
            Candidate(self.shown[k].sku, float(scores[k]), chance)
            for k, chance in zip(order, chances, strict=True)
        )
        return Recognition(self._decide(chances, known, order), candidates)

    def _chances(
        self, best: list[float], order: NDArray[np.intp], agreement: float
    ) -> tuple[list[float], float]:
        """The chance of each candidate, and the chance that any product is shown."""
        c = self.confidence
        second = best[1] if len(best) > 1 else c.low
        level, margin = (best[0] - c.low) / c.span, (best[0] - second) / c.span
        cohesion = self.shown[order[0]].cohesion
        right = _logistic(c.right, level, margin, cohesion, c.shift_right)
        right *= 0.5 + 0.5 * agreement
        known = max(right, _logistic(c.known, level, margin, cohesion, c.shift_known))
        weights = [math.exp(c.sharpness * (score - second) / c.span) for score in best[1:]]
        others = [min((known - right) * weight / sum(weights), right) for weight in weights]
        return [right, *others], known

    def _decide(self, chances: list[float], known: float, order: NDArray[np.intp]) -> Decision:
        c = self.confidence
        risk = known - chances[0] + c.unknown_cost * (1 - known)
        if len(chances) > 1:
            first, second = (self.shown[k].price_minor for k in order[:2])
            risk += min(chances[1], known) * _price_factor(first, second)
        if chances[0] >= c.least_right and risk <= c.risk_per_budget * c.error_budget:
            return Decision.NAMED
        return Decision.UNSURE if known >= c.least_known else Decision.UNKNOWN


def _logistic(
    weights: LogisticEntry, level: float, margin: float, cohesion: float, shift: float
) -> float:
    logit = (
        weights.bias
        + weights.level * level
        + weights.margin * margin
        + weights.cohesion * cohesion
        + shift
    )
    return 1 / (1 + math.exp(-min(max(logit, -60), 60)))


def _price_factor(first: int, second: int) -> float:
    if first <= 0 or second <= 0:
        return 0.0 if first == second else 1.0
    return min(1.0, abs(math.log2(second / first)))


def _shares(frames: int, weights: NDArray[np.float32] | None) -> NDArray[np.float64]:
    if weights is None:
        return np.full(frames, 1 / frames)
    usable = np.nan_to_num(weights.astype(np.float64), posinf=0, neginf=0).clip(0)
    return usable / usable.sum() if usable.sum() > 0 else np.full(frames, 1 / frames)

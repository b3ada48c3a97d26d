"""Similarity of a picture to each product, by index and metric."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kiosk.domain import Vectors
from kiosk.recognition.index import Index
from kiosk.recognition.metric import (
    IDENTICAL,
    NEAREST_WEIGHT,
    MetricParameters,
    product_means,
    pull_to_identical,
)
from kiosk.vectors import l2_normalise


@dataclass(frozen=True, slots=True, eq=False)
class Scorer:
    """`photos` (n, d) and `means` (products, d) are in the tuned space, rows of norm 1.

    Without a metric `photos` are the index's own vectors and `means` are not used.
    """

    index: Index
    metric: MetricParameters | None
    photos: Vectors
    means: Vectors

    @classmethod
    def of(
        cls, index: Index, metric: MetricParameters | None, tuned: Vectors | None = None
    ) -> Scorer:
        """Make one; `tuned` (n, d) are the vectors in the metric's space if they are known."""
        if metric is None or not index.skus:
            return cls(index, metric, index.vectors, l2_normalise(product_means(index)))
        photos = metric.apply(index.vectors) if tuned is None else tuned
        sums = np.add.reduceat(photos, index.starts[:-1], axis=0)
        return cls(index, metric, photos, l2_normalise(sums))

    def score(self, query: Vectors) -> Vectors:
        """Return each product's similarity (products,), -1 to 1, to one unit vector (d,)."""
        cosines = self.index.vectors @ query
        if self.metric is None:
            return np.clip(self.index.best_of_each(cosines), -1.0, 1.0)
        tuned = self.metric.apply(query[None])[0]
        nearest = self.index.best_of_each(self.photos @ tuned)
        score = (1 - NEAREST_WEIGHT) * (self.means @ tuned) + NEAREST_WEIGHT * nearest
        if len(cosines) and float(cosines.max()) > IDENTICAL:
            score = pull_to_identical(score, self.index.best_of_each(cosines))
        clipped: Vectors = np.clip(score, -1.0, 1.0).astype(np.float32)
        return clipped

    def score_of_means(self, queries: Vectors) -> Vectors:
        """Return a quicker similarity (n, products), by the products' means alone."""
        tuned = queries if self.metric is None else self.metric.apply(queries)
        similar: Vectors = tuned @ self.means.T
        return similar

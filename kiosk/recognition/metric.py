"""The tuned metric: directions that vary within products weigh less.

For a vector x, with the gallery's mean m and projection P,

    z(x) = unit((x - m) P),   P = V diag(sqrt(l / (e + l))) V'

where V and e are eigenvectors and eigenvalues of the pooled within-product covariance and
l its shrinkage: within-class covariance normalisation (Hatch, Kajarekar and Stolcke,
Interspeech 2006) with the covariance shrunk towards the identity (Ledoit and Wolf,
J. Multivariate Analysis 88, 2004, equation 1; here with a fixed weight). A product is then
as like a picture as (Snell, Swersky and Zemel, "Prototypical networks", NeurIPS 2017)

    s = (1 - a) z(q).unit(mean z) + a max z(q).z(photo)

All of it is closed form. Without enough photos there is no projection, and s is the plain
cosine with the nearest photo.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kiosk.domain import Vectors
from kiosk.recognition.index import Index
from kiosk.vectors import l2_normalise

SHRINKAGE = 1.0  # l, in units of the mean within-product variance; chosen by eye
NEAREST_WEIGHT = 0.15  # a: for products of many sides; tried in benchmarks/RESULTS.md
IDENTICAL = 0.995  # plain cosine from which a picture is the stored photo itself; chosen by eye
MIN_RESIDUALS = 8  # photos beyond each product's first; chosen by eye
Covariance = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class MetricParameters:
    """`mean` float32 (d,) and `projection` float32 (d, d): see the module's formula."""

    mean: Vectors
    projection: Vectors

    def apply(self, vectors: Vectors) -> Vectors:
        """Return vectors (n, d) in the tuned space, rows of norm 1."""
        shifted: Vectors = ((vectors - self.mean) @ self.projection).astype(np.float32)
        return l2_normalise(shifted)


@dataclass(frozen=True, slots=True, eq=False)
class Scatter:
    """Sums from which covariances with and without some products follow.

    `total` is the sum of outer products of deviations from the product's mean, (d, d);
    `degrees` how many of them are free.
    """

    total: Covariance
    degrees: int

    def __sub__(self, other: Scatter) -> Scatter:
        return Scatter(self.total - other.total, self.degrees - other.degrees)


def product_means(index: Index) -> Vectors:
    """Return the mean vector of each product, float32 (products, d), not normalised."""
    if not index.skus:
        return np.zeros((0, index.vectors.shape[1]), np.float32)
    sums = np.add.reduceat(index.vectors, index.starts[:-1], axis=0)
    means: Vectors = (sums / index.counts[:, None]).astype(np.float32)
    return means


def scatter(index: Index, means: Vectors, chosen: NDArray[np.bool_] | None = None) -> Scatter:
    """Sum the deviations of photos from their product's mean, of all or `chosen` products.

    `means` are `product_means`, `chosen` (products,) a mask.
    """
    rows = slice(None) if chosen is None else chosen[index.owner]
    deviations = index.vectors[rows] - means[index.owner[rows]]
    counts = index.counts if chosen is None else index.counts[chosen]
    total = (deviations.T @ deviations).astype(np.float64)
    return Scatter(total, int(counts.sum() - len(counts)))


def fit_metric(within: Scatter, means: Vectors) -> MetricParameters | None:
    """Fit the metric to these deviations; None where they are too few or all zero."""
    dimension = means.shape[1]
    if within.degrees < MIN_RESIDUALS or len(means) < 2:
        return None
    covariance = within.total / within.degrees
    level = SHRINKAGE * float(np.trace(covariance)) / dimension
    if not level > 1e-12:
        return None
    values, axes = np.linalg.eigh(covariance)
    gains = np.sqrt(level / (np.maximum(values, 0.0) + level))
    projection = (axes * gains) @ axes.T
    mean = means.astype(np.float64).mean(axis=0)
    return MetricParameters(mean.astype(np.float32), projection.astype(np.float32))


def pull_to_identical(score: Vectors, cosine: Vectors) -> Vectors:
    """Pull scores towards 1 where the plain cosine says that it is the same picture."""
    same = np.clip((cosine - IDENTICAL) / (1 - 1e-5 - IDENTICAL), 0.0, 1.0)
    pulled: Vectors = (score + (1.0 - score) * same).astype(np.float32)
    return pulled

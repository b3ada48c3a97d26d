"""How like a picture is to each product, from a bundle's files alone.

Written a second time on purpose, after `export/FORMAT.md`: it proves that the phone has
all that it needs to answer as the kiosk does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from export.bundle.format import MetricEntry, ProductEntry
from kiosk.domain import Vectors

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
        shown = [one for one in products if one.count]
        starts = np.array([one.first for one in shown], dtype=np.intp)
        photos = unit(vectors)
        tuned = metric.apply(photos)
        sums = np.add.reduceat(tuned, starts, axis=0) if len(starts) else tuned
        return cls(tuple(one.sku for one in shown), starts, photos, tuned, unit(sums), metric)

    def to(self, query: Vectors) -> Rows:
        """Similarity (products,) of one vector (d,) of length 1, -1 to 1."""
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
    """Rows of length 1; zeros stay zeros."""
    wide = rows.astype(np.float64)
    lengths = np.linalg.norm(wide, axis=-1, keepdims=True)
    return np.asarray(wide / np.where(lengths > 0, lengths, 1), dtype=np.float32)

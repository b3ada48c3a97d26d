"""The gallery in memory: immutable, and sorted.

Products are in order of SKU and a product's photos in order of their names, whatever
the order they were enrolled in: the same catalogue gives the same floats.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kiosk.domain import Vectors
from kiosk.errors import BugError
from kiosk.vectors import l2_normalise

VIEW_MARK = "~"
"""Between a photo's name and the number of a view that was made of it."""


def is_view(photo: str) -> bool:
    """Whether the name is that of a made view."""
    return VIEW_MARK in photo


def photo_of(name: str) -> str:
    """Return the photo that a name in the index stands for: of a view, the one it is made of."""
    return name.partition(VIEW_MARK)[0]


@dataclass(frozen=True, slots=True, eq=False)
class ProductVectors:
    """One product's photos: `vectors` float32 (len(photos), d), rows of norm 1 or 0."""

    sku: str
    price_minor: int
    photos: tuple[str, ...]
    vectors: Vectors

    @classmethod
    def of(
        cls, sku: str, price_minor: int, photos: Sequence[str], vectors: Vectors
    ) -> ProductVectors:
        """Make one from vectors (n, d) in any order: sort by photo and normalise.

        Raises:
            BugError: the shapes do not fit together.
        """
        rows = l2_normalise(vectors)
        if len(rows) != len(photos):
            raise BugError(f"{sku}: {len(photos)} photos but {len(rows)} vectors")
        order = sorted(range(len(photos)), key=lambda i: (photos[i], rows[i].tobytes()))
        return cls(sku, price_minor, tuple(photos[i] for i in order), rows[order])


@dataclass(frozen=True, eq=False)
class Index:
    """All products' photos as one matrix.

    Row i of `vectors` (float32, n x d) shows product `skus[owner[i]]` in photo
    `photos[i]`; product k owns the rows `starts[k]` to `starts[k + 1]`.
    """

    skus: tuple[str, ...]
    prices: NDArray[np.int64]
    photos: tuple[str, ...]
    vectors: Vectors
    owner: NDArray[np.intp]
    starts: NDArray[np.intp]

    @classmethod
    def of(cls, products: Iterable[ProductVectors]) -> Index:
        """Join products; those without photos are left out.

        Raises:
            BugError: the vectors differ in dimension.
        """
        kept = sorted((p for p in products if p.photos), key=lambda p: p.sku)
        counts = np.array([len(p.photos) for p in kept], dtype=np.intp)
        dimensions = {p.vectors.shape[1] for p in kept}
        if len(dimensions) > 1:
            raise BugError(f"vectors of several models in one index: {sorted(dimensions)}")
        vectors = [p.vectors for p in kept] or [np.zeros((0, 0), np.float32)]
        return cls(
            skus=tuple(p.sku for p in kept),
            prices=np.array([p.price_minor for p in kept], dtype=np.int64),
            photos=tuple(photo for p in kept for photo in p.photos),
            vectors=np.concatenate(vectors),
            owner=np.repeat(np.arange(len(kept), dtype=np.intp), counts),
            starts=np.concatenate([[0], np.cumsum(counts)]).astype(np.intp),
        )

    @cached_property
    def photo_count(self) -> int:
        """Number of photos, without views that were made of them."""
        return sum(not is_view(name) for name in self.photos)

    @cached_property
    def counts(self) -> NDArray[np.intp]:
        """Number of photos of each product, (products,)."""
        return np.diff(self.starts)

    def rows_of(self, product: int) -> slice:
        """The rows of a product's photos."""
        return slice(int(self.starts[product]), int(self.starts[product + 1]))

    def best_of_each(self, scores: NDArray[np.float32]) -> NDArray[np.float32]:
        """Reduce (..., n) to the highest score of each product's photos, (..., products)."""
        if not self.skus:
            return np.zeros((*scores.shape[:-1], 0), np.float32)
        best: NDArray[np.float32] = np.maximum.reduceat(scores, self.starts[:-1], axis=-1)
        return best


def group_rows(
    skus: Sequence[str], photos: Sequence[str], vectors: Vectors, prices: Mapping[str, int]
) -> dict[str, ProductVectors]:
    """Split one matrix into products, by SKU; arguments as in `Gallery`."""
    rows: dict[str, list[int]] = {}
    for i, sku in enumerate(skus):
        rows.setdefault(sku, []).append(i)
    return {
        sku: ProductVectors.of(sku, prices.get(sku, 0), [photos[i] for i in own], vectors[own])
        for sku, own in rows.items()
    }

"""The catalogue photo by photo, for clients that want pictures rather than products."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from kiosk.domain import Gallery, Vectors
from kiosk.shop import Shop
from kiosk.vectors import search_exactly


@dataclass(frozen=True, slots=True)
class PhotoHit:
    """A stored photo found; `similarity` is the cosine, -1 to 1."""

    sha256: str
    sku: str
    similarity: float


class PhotoTable:
    """The gallery, read when it is first asked for and after each change."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._lock = threading.Lock()
        self._gallery: Gallery | None = None
        self._generation = 0
        shop.on_change(self._forget)

    def nearest(self, vector: Vectors, threshold: float, top: int) -> tuple[list[PhotoHit], int]:
        """Photos with a cosine of at least `threshold` to `vector` (1, dimension), best first,
        and how many were compared."""
        gallery = self._current()
        if not gallery.photos or gallery.vectors.shape[1] != vector.shape[1]:
            return [], 0
        positions, scores = search_exactly(gallery.vectors, vector, top)
        hits = [
            PhotoHit(gallery.photos[int(at)], gallery.skus[int(at)], float(score))
            for at, score in zip(positions[0], scores[0], strict=True)
            if score >= threshold
        ]
        return hits, len(gallery.photos)

    def _current(self) -> Gallery:
        gallery = self._gallery
        if gallery is None:
            generation = self._generation
            gallery = self._shop.gallery()
            with self._lock:
                if generation == self._generation:
                    self._gallery = gallery
        return gallery

    def _forget(self) -> None:
        with self._lock:
            self._generation += 1
            self._gallery = None

"""Where the vectors of the model that serves are compared: in memory, or on the server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kiosk.catalog import CatalogStore, PhotoHit, ProductFilter
from kiosk.domain import Candidate, Evidence, Recognition, Vectors
from kiosk.recognition import (
    ConfidenceParameters,
    ConfusablePair,
    MetricName,
    MetricParameters,
    Rehearsal,
    SearchEngine,
    group_rows,
)
from kiosk.shop.camera_views import gallery_with_views


class ProductIndex(Protocol):
    """Finds products by vectors of one model. All methods are thread-safe.

    `error_budget`, above 0, is the accepted share of customers who are told a wrong name.
    """

    error_budget: float

    @property
    def products(self) -> int:
        """Number of products with photos."""

    @property
    def photos(self) -> int:
        """Number of photos that are searched."""

    @property
    def metric_name(self) -> MetricName:
        """The metric that serves."""

    @property
    def parameters(self) -> tuple[MetricParameters | None, ConfidenceParameters]:
        """What answers are computed with: metric (None: plain cosine) and confidence."""

    def is_behind(self) -> bool:
        """Whether `follow` or `refit` has something to do."""

    def follow(self) -> None:
        """Take over what changed in the catalogue."""

    def update(self, sku: str) -> None:
        """Take over one product that was changed here, before returning."""

    def refit(self) -> None:
        """Fit metric and confidence, where the fit is out of date."""

    def recognise(
        self,
        queries: Vectors,
        weights: NDArray[np.float32] | None = None,
        evidence: Mapping[str, Evidence] | None = None,
    ) -> Recognition:
        """Answer for several frames (n, d) of one presentation; see `SearchEngine.recognise`."""

    def shortlist(
        self, queries: Vectors, weights: NDArray[np.float32] | None = None
    ) -> dict[str, tuple[str, ...]]:
        """Return what a second look compares; see `SearchEngine.shortlist`."""

    def nearest(
        self, vector: Vectors, top: int, chosen: ProductFilter | None = None
    ) -> list[Candidate]:
        """Return at least the `top` products most similar to a vector (1, d), best first.

        With `chosen`, at least `top` that fit are among them; others may be, too.
        """

    def look(
        self,
        vector: Vectors,
        top: int,
        chosen: ProductFilter | None = None,
        evidence: Mapping[str, Evidence] | None = None,
    ) -> tuple[Recognition, list[Candidate]]:
        """Return `recognise` and `nearest` for one picture (1, d)."""

    def nearest_photos(self, vector: Vectors, top: int) -> list[PhotoHit]:
        """Return the `top` photos nearest to a vector (1, d) by the plain cosine, best first."""

    def confusables(self, top: int) -> list[ConfusablePair]:
        """Return the pairs of products that are most easily taken for each other."""

    def rehearse(self, sku: str) -> Rehearsal:
        """Show each photo of `sku` to the catalogue without that photo."""


class MemoryIndex:
    """A `ProductIndex` that holds all vectors; the fit is kept in the file `fit_path`."""

    def __init__(
        self,
        store: CatalogStore,
        model_id: str,
        fit_path: Path,
        *,
        error_budget: float,
        metric: MetricName,
    ) -> None:
        self._store = store
        self._model_id = model_id
        self._fit_path = fit_path
        self._engine = SearchEngine(error_budget=error_budget, metric=metric)
        self._revision = -1
        self.confusables = self._engine.confusables
        self.rehearse = self._engine.rehearse
        self.recognise = self._engine.recognise
        self.shortlist = self._engine.shortlist

    @property
    def error_budget(self) -> float:
        return self._engine.error_budget

    @error_budget.setter
    def error_budget(self, share: float) -> None:
        self._engine.error_budget = share

    @property
    def products(self) -> int:
        return self._engine.products

    @property
    def photos(self) -> int:
        return self._engine.photos

    @property
    def metric_name(self) -> MetricName:
        return self._engine.metric_name

    @property
    def parameters(self) -> tuple[MetricParameters | None, ConfidenceParameters]:
        return self._engine.parameters

    def is_behind(self) -> bool:
        return self._store.revision() != self._revision or not self._engine.is_fitted

    def follow(self) -> None:
        changes = self._store.changes_since(self._revision) if self._revision >= 0 else None
        if changes is None:
            revision = self._store.revision()
            self._engine.replace(gallery_with_views(self._store, self._model_id))
            self._engine.load(self._fit_path)
            self._revision = revision
        elif changes.revision != self._revision:
            self._apply(changes.skus)
            self._revision = changes.revision

    def update(self, sku: str) -> None:
        self._apply([sku])

    def refit(self) -> None:
        if not self._engine.is_fitted:
            self._engine.refit()
            self._engine.save(self._fit_path)

    def nearest(
        self, vector: Vectors, top: int, chosen: ProductFilter | None = None
    ) -> list[Candidate]:
        # A filter may leave only products far down: rank them all then.
        depth = top if chosen is None or not chosen.any else self.products
        return self._engine.nearest(vector, depth)

    def look(
        self,
        vector: Vectors,
        top: int,
        chosen: ProductFilter | None = None,
        evidence: Mapping[str, Evidence] | None = None,
    ) -> tuple[Recognition, list[Candidate]]:
        recognition = self._engine.recognise(vector, evidence=evidence)
        return recognition, self.nearest(vector, top, chosen)

    def nearest_photos(self, vector: Vectors, top: int) -> list[PhotoHit]:
        return [PhotoHit(*found) for found in self._engine.nearest_photos(vector, top)]

    def _apply(self, skus: Sequence[str]) -> None:
        gallery = gallery_with_views(self._store, self._model_id, skus)
        found = group_rows(gallery.skus, gallery.photos, gallery.vectors, gallery.prices)
        for sku in skus:
            product = found.get(sku)
            if product is None:
                self._engine.remove(sku)
            else:
                self._engine.upsert(sku, product.price_minor, product.photos, product.vectors)

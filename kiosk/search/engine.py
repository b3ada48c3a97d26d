"""The search engine: one face over index, metric, confidence and rehearsal.

Writers replace an immutable snapshot under a lock; readers take the reference once
and work on it, so they never wait for a refit and never see half a change.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kiosk.domain import Candidate, Decision, Gallery, Recognition, Vectors
from kiosk.errors import BugError
from kiosk.search.index import Index, ProductVectors, group_rows, unit_rows
from kiosk.search.results import ConfusablePair, FitReport, MetricName, Rehearsal

TOP = 5


class SearchEngine:
    """Finds the product that a picture shows. All methods are thread-safe."""

    def __init__(self, *, error_budget: float = 0.01, metric: MetricName = "tuned") -> None:
        self.error_budget = error_budget
        self._metric = metric
        self._lock = threading.Lock()
        self._products: dict[str, ProductVectors] = {}
        self._index: Index | None = None
        self._fitted: Index | None = None

    @property
    def products(self) -> int:
        return len(self._snapshot().skus)

    @property
    def photos(self) -> int:
        return len(self._snapshot().photos)

    @property
    def metric_name(self) -> MetricName:
        return "cosine"

    @property
    def is_fitted(self) -> bool:
        """False from a change of the gallery until the next `refit` or `load`."""
        return self._fitted is self._snapshot()

    def save(self, path: Path) -> None:
        """Keep the fit for the next start; plain cosine has nothing to keep."""

    def load(self, path: Path) -> bool:
        """Take a kept fit if it belongs to this gallery; plain cosine needs none."""
        return False

    def replace(self, gallery: Gallery) -> None:
        """Swap the whole gallery."""
        products = group_rows(gallery.skus, gallery.photos, gallery.vectors, gallery.prices)
        with self._lock:
            self._products, self._index = products, None

    def upsert(self, sku: str, price_minor: int, photos: Sequence[str], vectors: Vectors) -> None:
        """Replace one product's photos; the next `recognise` sees them."""
        product = ProductVectors.of(sku, price_minor, photos, vectors)
        with self._lock:
            self._products[sku] = product
            self._index = None

    def remove(self, sku: str) -> None:
        """Forget a product; one that is not there is no error."""
        with self._lock:
            if self._products.pop(sku, None) is not None:
                self._index = None

    def refit(self) -> FitReport:
        """Learn the metric and the confidence from the shop's own photos."""
        begin, index = time.perf_counter(), self._snapshot()
        self._fitted = index
        seconds = time.perf_counter() - begin
        return FitReport(False, "cosine", len(index.skus), len(index.photos), 0, 0.0, 0.0, seconds)

    def recognise(
        self, queries: Vectors, weights: NDArray[np.float32] | None = None
    ) -> Recognition:
        """Answer for several frames (n x d) of one presentation.

        `weights`, one per frame, say how much each counts (sharpness, say).
        """
        candidates = self._rank(queries, weights)[:TOP]
        if not candidates:
            return Recognition(Decision.UNKNOWN)
        margin = 1 - self.error_budget**0.5
        if candidates[0].confidence >= margin:
            return Recognition(Decision.NAMED, candidates)
        unsure = sum(c.confidence for c in candidates) >= 0.5
        return Recognition(Decision.UNSURE if unsure else Decision.UNKNOWN, candidates)

    def nearest(self, vector: Vectors, top: int = TOP) -> list[Candidate]:
        """The products whose best photo is most alike, one entry a product."""
        return list(self._rank(vector, None)[:top])

    def confusables(self, top: int = 20) -> list[ConfusablePair]:
        """The pairs of products most alike, first those that win each other's photos."""
        index = self._snapshot()
        if len(index.skus) < 2:
            return []
        means = unit_rows(np.add.reduceat(index.vectors, index.starts[:-1], axis=0))
        alike = means @ means.T
        a, b = np.triu_indices(len(means), 1)
        order = np.argsort(-alike[a, b], kind="stable")[:top]
        return [
            ConfusablePair(index.skus[a[i]], index.skus[b[i]], float(alike[a[i], b[i]]), 0.0)
            for i in order
        ]

    def rehearse(self, sku: str) -> Rehearsal:
        """Show each photo of `sku` to the catalogue without that photo."""
        index = self._snapshot()
        if sku not in index.skus:
            return Rehearsal(sku, 0, 0)
        product = index.skus.index(sku)
        rows = index.rows_of(product)
        scores = index.vectors[rows] @ index.vectors.T
        own = np.arange(rows.start, rows.stop)
        scores[np.arange(len(own)), own] = -2.0
        winners = index.owner[np.argmax(scores, axis=1)] if len(own) > 1 else np.array([], int)
        names, times = np.unique(winners[winners != product], return_counts=True)
        wrong = sorted(zip(names, times, strict=True), key=lambda pair: (-pair[1], pair[0]))
        confused = tuple((index.skus[name], int(count)) for name, count in wrong)
        return Rehearsal(sku, len(winners), int((winners == product).sum()), confused)

    def _snapshot(self) -> Index:
        index = self._index
        if index is None:
            with self._lock:
                index = self._index
                if index is None:
                    index = self._index = Index.of(self._products.values())
        return index

    def _rank(self, queries: Vectors, weights: NDArray[np.float32] | None) -> tuple[Candidate, ...]:
        index = self._snapshot()
        if not index.skus:
            return ()
        query = unit_rows(queries)
        if query.shape[1] != index.vectors.shape[1]:
            raise BugError(f"a query of {query.shape[1]} numbers, {index.vectors.shape[1]} wanted")
        mean = unit_rows(np.average(query, axis=0, weights=weights)[None])[0]
        similarity = index.best_of_each(index.vectors @ mean)
        order = np.argsort(-similarity, kind="stable")
        logits = np.append(similarity[order], 0.82) / 0.03
        share = np.exp(logits - logits.max())
        share /= share.sum()
        return tuple(
            Candidate(index.skus[k], float(np.clip(similarity[k], -1, 1)), float(share[i]))
            for i, k in enumerate(order)
        )

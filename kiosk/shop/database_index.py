"""A `ProductIndex` that holds no vectors: the server finds candidates, and their own photos
are then compared exactly, with the metric and confidence that all services share.

An answer is that of a `SearchEngine` over the whole catalogue, as long as the products which
that would list are among the candidates.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from kiosk.catalog import CatalogStore, PhotoHit, ProductFilter
from kiosk.domain import Candidate, Evidence, Gallery, Recognition, Vectors
from kiosk.recognition import (
    RECIPE_ID,
    UNFITTED,
    ConfidenceParameters,
    ConfusablePair,
    MetricName,
    MetricParameters,
    Rehearsal,
    SearchEngine,
    dump_fit,
    parse_fit,
)
from kiosk.vectors import l2_normalise

log = logging.getLogger(__name__)

CANDIDATES = 20  # products compared exactly at least; four times what an answer lists, by eye
SPARE = 2  # times as many products are compared as are asked for; chosen by eye
FITTED_PHOTOS = 10_000  # a fit of so many is of all: 20 MB of vectors at 512 numbers; chosen by eye
PROBES = 250  # photos that a larger catalogue is sampled by; chosen by eye
RIVALS = 8  # products beside each probe; a holdout keeps five
REST = 20.0  # times as long as a fit took until the next: 5 % of one core; chosen


class DatabaseIndex:
    """Searches on the server. Several may share one catalogue, in any number of processes."""

    def __init__(
        self, store: CatalogStore, model_id: str, *, error_budget: float, metric: MetricName
    ) -> None:
        self.error_budget = error_budget
        self.products = 0
        self.photos = 0
        self._store = store
        self._model_id = model_id
        self._metric: MetricName = metric
        self._recipe = f"{metric[0]}{RECIPE_ID[1:]}"
        self._revision = -1
        self._fit = UNFITTED
        self._fitted_at: datetime | None = None

    @property
    def metric_name(self) -> MetricName:
        return self._fit.name

    @property
    def parameters(self) -> tuple[MetricParameters | None, ConfidenceParameters]:
        return self._fit.metric, self._fit.confidence

    def is_behind(self) -> bool:
        stamp = self._store.fit_stamp(self._model_id, self._recipe)
        revision = self._store.revision()
        if revision != self._revision or stamp is None or stamp.fitted_at != self._fitted_at:
            return True
        rested = datetime.now(UTC) - stamp.fitted_at > timedelta(seconds=REST * stamp.seconds)
        return stamp.revision != revision and rested

    def follow(self) -> None:
        """Count anew, and read the fit of whichever process made one."""
        revision = self._store.revision()
        if revision != self._revision:
            self.products, self.photos = self._store.searched(self._model_id)
            self._revision = revision
        stamp = self._store.fit_stamp(self._model_id, self._recipe)
        if stamp is not None and stamp.fitted_at != self._fitted_at:
            fit = parse_fit(self._store.fit(self._model_id, self._recipe) or b"")
            self._fit, self._fitted_at = fit or UNFITTED, stamp.fitted_at

    def update(self, sku: str) -> None:  # noqa: ARG002
        """Count anew: searches read what is stored."""
        self.follow()

    def refit(self) -> None:
        """Index and fit, unless another process is at it."""
        if not self.is_behind():
            return
        with self._store.database.alone() as mine:
            if not mine:
                return
            if self._store.index_vectors(self._model_id):
                log.info("the server has a new index of %d photos", self.photos)
            if self.is_behind():
                self._fit_now()
        self.follow()

    def recognise(
        self,
        queries: Vectors,
        weights: NDArray[np.float32] | None = None,
        evidence: Mapping[str, Evidence] | None = None,
    ) -> Recognition:
        return self._around(queries).recognise(queries, weights, evidence)

    def shortlist(
        self, queries: Vectors, weights: NDArray[np.float32] | None = None
    ) -> dict[str, tuple[str, ...]]:
        return self._around(queries).shortlist(queries, weights)

    def nearest(
        self, vector: Vectors, top: int, chosen: ProductFilter | None = None
    ) -> list[Candidate]:
        return self.look(vector, top, chosen)[1]

    def look(
        self,
        vector: Vectors,
        top: int,
        chosen: ProductFilter | None = None,
        evidence: Mapping[str, Evidence] | None = None,
    ) -> tuple[Recognition, list[Candidate]]:
        # With those that the filter leaves out, or they would seem more probable than they are.
        skus = self._near(vector, top if chosen is None else 0)
        if chosen is not None:
            skus = list(dict.fromkeys(skus + self._near(vector, top, chosen)))
        engine = self._over(skus)
        return engine.recognise(vector, evidence=evidence), engine.nearest(vector, len(skus))

    def nearest_photos(self, vector: Vectors, top: int) -> list[PhotoHit]:
        return self._store.nearest_photos(self._model_id, l2_normalise(vector)[0], top)

    def confusables(self, top: int) -> list[ConfusablePair]:
        """Among a sample of the products and those most like them, where there are many."""
        return self._over(self._sample()[0]).confusables(top)

    def rehearse(self, sku: str) -> Rehearsal:
        gallery = self._store.gallery(self._model_id, [sku])
        skus = {sku}
        for vector in gallery.vectors:
            skus.update(self._store.nearest_products(self._model_id, vector, RIVALS))
        return self._over(self._store.gallery(self._model_id, sorted(skus))).rehearse(sku)

    def _around(self, queries: Vectors) -> SearchEngine:
        """An engine over the products nearest to the mean of several frames (n, d)."""
        mean = l2_normalise(queries.mean(axis=0, keepdims=True))
        return self._over(self._near(mean, CANDIDATES))

    def _near(self, vector: Vectors, top: int, chosen: ProductFilter | None = None) -> list[str]:
        wanted = max(SPARE * top, CANDIDATES)
        query = l2_normalise(vector)[0]
        return self._store.nearest_products(self._model_id, query, wanted, chosen)

    def _over(self, found: list[str] | Gallery) -> SearchEngine:
        gallery = (
            found if isinstance(found, Gallery) else self._store.gallery(self._model_id, found)
        )
        return SearchEngine.over(gallery, self._fit, error_budget=self.error_budget)

    def _fit_now(self) -> None:
        begin, revision = time.perf_counter(), self._store.revision()
        gallery, probes = self._sample()
        engine = SearchEngine(metric=self._metric)
        engine.replace(gallery)
        engine.refit(probes)
        self._store.put_fit(
            self._model_id,
            self._recipe,
            dump_fit(engine.fit),
            revision=revision,
            seconds=time.perf_counter() - begin,
        )

    def _sample(self) -> tuple[Gallery, frozenset[str]]:
        """Return all photos, or a sample with the rivals of each of its photos; and the sample.

        So each photo of the sample has the rivals that it has in the whole catalogue.
        """
        _, photos = self._store.searched(self._model_id)
        if photos <= FITTED_PHOTOS:
            return self._store.gallery(self._model_id), frozenset()
        probes = self._store.sample_photos(self._model_id, PROBES)
        skus: set[str] = set()
        for probe in probes.values():
            skus.update(self._store.nearest_products(self._model_id, probe, RIVALS))
        gallery = self._store.gallery(self._model_id, sorted(skus))
        return gallery, frozenset(probes)

"""The search engine: index, metric, confidence and rehearsal behind one class.

Writers replace an immutable state under a lock; readers take the reference once and work
on it, so they never wait for a refit and never see half a change.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kiosk.domain import NO_EVIDENCE, Candidate, Evidence, Gallery, Recognition, Vectors
from kiosk.errors import BugError
from kiosk.recognition.confidence import ConfidenceParameters, candidate_probabilities
from kiosk.recognition.fit import UNFITTED, Fit, Trial, fingerprint, fit_gallery, load_fit, save_fit
from kiosk.recognition.fusion import join_evidence
from kiosk.recognition.holdout import Holdout, hold_out_cosine, hold_out_tuned, sample_rows
from kiosk.recognition.index import Index, ProductVectors, group_rows, is_view, photo_of
from kiosk.recognition.metric import MetricParameters
from kiosk.recognition.open_set import decide
from kiosk.recognition.rehearsal import confusable_pairs, rehearse
from kiosk.recognition.results import ConfusablePair, FitReport, MetricName, Rehearsal
from kiosk.recognition.scoring import Scorer
from kiosk.vectors import l2_normalise, search_exactly

TOP = 5  # as many candidates as the screen has tiles
SHORTLIST = 20  # candidates of a second look; benchmarks/second_look.py


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """What one answer is computed from."""

    index: Index
    scorer: Scorer
    confidence: ConfidenceParameters


class SearchEngine:
    """Find the product that a picture shows. All methods are thread-safe.

    `error_budget`, above 0, is the accepted share of customers who are told a wrong name.
    """

    def __init__(self, *, error_budget: float = 0.01, metric: MetricName = "tuned") -> None:
        self.error_budget = error_budget
        self._metric = metric
        self._lock = threading.Lock()
        self._products: dict[str, ProductVectors] = {}
        self._fit = UNFITTED
        self._tuned_rows: dict[str, tuple[ProductVectors, Vectors]] = {}
        self._state: State | None = None
        self._fitted: Index | None = None
        self._holdout: tuple[Index, Holdout] | None = None

    @classmethod
    def over(cls, gallery: Gallery, fit: Fit, *, error_budget: float) -> SearchEngine:
        """Make one over a part of a catalogue, with the fit of the whole."""
        engine = cls(error_budget=error_budget)
        engine._fit = fit
        engine.replace(gallery)
        return engine

    @property
    def fit(self) -> Fit:
        """What `refit` found, or `load` read."""
        return self._fit

    @property
    def products(self) -> int:
        """Number of products with photos."""
        return len(self._current().index.skus)

    @property
    def photos(self) -> int:
        """Number of photos in the index, without views that were made of them."""
        return self._current().index.photo_count

    @property
    def metric_name(self) -> MetricName:
        """The metric that serves."""
        return self._fit.name

    @property
    def is_fitted(self) -> bool:
        """Whether metric and confidence were fitted to the gallery as it is now."""
        return self._fitted is self._current().index

    @property
    def parameters(self) -> tuple[MetricParameters | None, ConfidenceParameters]:
        """What answers are computed with: metric (None: plain cosine) and confidence."""
        state = self._current()
        return state.scorer.metric, state.confidence

    def replace(self, gallery: Gallery) -> None:
        """Replace the whole gallery."""
        products = group_rows(gallery.skus, gallery.photos, gallery.vectors, gallery.prices)
        with self._lock:
            self._products, self._state = products, None

    def upsert(self, sku: str, price_minor: int, photos: Sequence[str], vectors: Vectors) -> None:
        """Replace one product's photos; the next `recognise` sees them."""
        product = ProductVectors.of(sku, price_minor, photos, vectors)
        with self._lock:
            self._products[sku] = product
            self._state = None

    def remove(self, sku: str) -> None:
        """Remove a product; an unknown SKU is no error."""
        with self._lock:
            if self._products.pop(sku, None) is not None:
                self._state = None

    def refit(self, photos: frozenset[str] = frozenset()) -> FitReport:
        """Fit metric and confidence to the gallery; other threads are answered meanwhile.

        Leave out each of `photos` in turn where they are given, else a sample of all.
        """
        begin, index = time.perf_counter(), self._current().index
        rows = np.array([i for i, photo in enumerate(index.photos) if photo in photos], np.intp)
        trial = fit_gallery(index, tuned=self._metric == "tuned", rows=rows if len(rows) else None)
        self._serve(trial.fit, index)
        self._holdout = index, trial.holdout
        reason = _reason_for_cosine(self._metric, trial)
        return FitReport(trial.fit.name, time.perf_counter() - begin, reason)

    def save(self, path: Path) -> None:
        """Save what `refit` found, for a quick start; do nothing while it is out of date.

        Raises:
            StorageError: the file cannot be written.
        """
        index = self._current().index
        if self._fitted is index:
            save_fit(path, self._fit, fingerprint(index))

    def load(self, path: Path) -> bool:
        """Serve a saved fit; return False if the file holds none of exactly this gallery."""
        index = self._current().index
        fit = load_fit(path, fingerprint(index))
        if fit is None or (fit.metric is not None and self._metric == "cosine"):
            return False
        self._serve(fit, index)
        return True

    def recognise(
        self,
        queries: Vectors,
        weights: NDArray[np.float32] | None = None,
        evidence: Mapping[str, Evidence] | None = None,
    ) -> Recognition:
        """Answer for several frames (n, d) of one presentation.

        `weights` (n,), 0 or more, say how much each frame counts, by its sharpness for
        example. Frames are fused by their weighted mean; frames that show different products
        lower the confidence. `evidence` is what a second look said, by SKU.
        """
        state = self._current()
        if not evidence:
            candidates, known, order = _rank(state, queries, weights, TOP)
            return self._answer(state, candidates, known, order)
        glance, known, order = _rank(state, queries, weights, SHORTLIST)
        number = {each.sku: int(k) for each, k in zip(glance, order, strict=True)}
        joined, known = join_evidence(
            [replace(each, evidence=evidence.get(each.sku, NO_EVIDENCE)) for each in glance], known
        )
        order = np.array([number[each.sku] for each in joined], np.intp)
        return self._answer(state, joined[:TOP], known, order[:TOP])

    def shortlist(
        self,
        queries: Vectors,
        weights: NDArray[np.float32] | None = None,
        *,
        top: int = SHORTLIST,
        photos: int = 2,
    ) -> dict[str, tuple[str, ...]]:
        """Return the first `top` products of frames (n, d), each with its nearest `photos`."""
        state = self._current()
        index = state.index
        _, _, order = _rank(state, queries, weights, top)
        if not len(order):
            return {}
        frames = l2_normalise(queries)
        likeness = index.vectors @ (_normalised(weights, len(frames)) @ frames).astype(np.float32)
        found: dict[str, tuple[str, ...]] = {}
        for product in order:
            rows = np.arange(index.starts[product], index.starts[product + 1])
            nearest = rows[np.argsort(-likeness[rows], kind="stable")][:photos]
            names = dict.fromkeys(photo_of(index.photos[row]) for row in nearest)
            found[index.skus[product]] = tuple(names)
        return found

    def nearest(self, vector: Vectors, top: int = TOP) -> list[Candidate]:
        """Return the products most similar to a vector (1, d) or (d,), best first."""
        return _rank(self._current(), vector, None, top)[0]

    def nearest_photos(self, vector: Vectors, top: int) -> list[tuple[str, str, float]]:
        """Return (SKU, photo, plain cosine) of the photos nearest to a vector (1, d)."""
        index = self._current().index
        if not index.photos:
            return []
        # A photo may have views that are nearer.
        depth = top + len(index.photos) - index.photo_count
        rows, cosines = search_exactly(index.vectors, l2_normalise(vector), depth)
        found = [
            (index.skus[index.owner[row]], index.photos[row], float(cosine))
            for row, cosine in zip(rows[0], cosines[0], strict=True)
            if not is_view(index.photos[row])
        ]
        return found[:top]

    def confusables(self, top: int = 20) -> list[ConfusablePair]:
        """Return pairs of products: first those that win each other's photos, then the most
        similar."""
        state = self._current()
        if len(state.index.skus) < 2:
            return []
        return confusable_pairs(state.scorer, self._held_out(state), top)

    def rehearse(self, sku: str) -> Rehearsal:
        """Show each photo of `sku` to the catalogue without that photo."""
        state = self._current()
        if sku not in state.index.skus:
            return Rehearsal(sku, 0, 0)
        return rehearse(state.scorer, state.index.skus.index(sku))

    def _answer(
        self,
        state: State,
        candidates: Sequence[Candidate],
        known: float,
        order: NDArray[np.intp],
    ) -> Recognition:
        probabilities = np.array([candidate.confidence for candidate in candidates])
        decision = decide(probabilities, known, state.index.prices[order], self.error_budget)
        return Recognition(decision, tuple(candidates))

    def _current(self) -> State:
        state = self._state
        if state is None:
            with self._lock:
                state = self._state
                if state is None:
                    state = self._state = self._build()
        return state

    def _build(self) -> State:
        """Join the products; rows that are in the tuned space already are not computed again."""
        index = Index.of(self._products.values())
        metric = self._fit.metric
        if metric is not None and len(metric.mean) != index.vectors.shape[1]:
            metric, self._fit = None, UNFITTED  # another encoder's vectors came in
        scorer = Scorer.of(index, metric, self._tuned(index, metric))
        return State(index, scorer, self._fit.confidence_for(index))

    def _tuned(self, index: Index, metric: MetricParameters | None) -> Vectors | None:
        if metric is None:
            self._tuned_rows = {}
            return None
        rows: dict[str, tuple[ProductVectors, Vectors]] = {}
        for sku in index.skus:
            product = self._products[sku]
            known = self._tuned_rows.get(sku)
            if known is None or known[0] is not product:
                known = product, metric.apply(product.vectors)
            rows[sku] = known
        self._tuned_rows = rows
        return np.concatenate([tuned for _, tuned in rows.values()])

    def _serve(self, fit: Fit, index: Index) -> None:
        """Serve a fit to `index`, which may have been replaced meanwhile."""
        scorer = Scorer.of(index, fit.metric)
        with self._lock:
            self._fit, self._tuned_rows = fit, {}
            if self._state is not None and self._state.index is index:
                self._state = State(index, scorer, fit.confidence_for(index))
                self._fitted = index
            else:
                self._state = None

    def _held_out(self, state: State) -> Holdout:
        kept = self._holdout
        if kept is not None and kept[0] is state.index:
            return kept[1]
        rows = sample_rows(state.index)
        tuned = hold_out_tuned(state.index, rows) if state.scorer.metric is not None else None
        holdout = hold_out_cosine(state.index, rows) if tuned is None else tuned
        self._holdout = state.index, holdout
        return holdout


def _rank(
    state: State, queries: Vectors, weights: NDArray[np.float32] | None, top: int
) -> tuple[list[Candidate], float, NDArray[np.intp]]:
    """Return candidates, the probability that any product is shown, and product numbers."""
    frames = l2_normalise(queries)
    if not state.index.skus or not len(frames):
        return [], 0.0, np.zeros(0, np.intp)
    if frames.shape[1] != state.index.vectors.shape[1]:
        raise BugError(
            f"a query of {frames.shape[1]} numbers, {state.index.vectors.shape[1]} wanted"
        )
    shares = _normalised(weights, len(frames))
    scores = state.scorer.score(l2_normalise((shares @ frames)[None].astype(np.float32))[0])
    order = _best_first(scores, max(top, 2))
    agreement = 1.0
    if len(frames) > 1:
        winners = np.argmax(state.scorer.score_of_means(frames), axis=1)
        agreement = float(shares[winners == order[0]].sum())
    probabilities, known = candidate_probabilities(state.confidence, scores, order, agreement)
    candidates = [
        Candidate(state.index.skus[k], float(scores[k]), float(p))
        for k, p in zip(order, probabilities, strict=True)
    ]
    return candidates[:top], known, order[:top]


def _best_first(scores: Vectors, count: int) -> NDArray[np.intp]:
    """Return the numbers of the `count` highest scores, best first, equal ones by number."""
    chosen = np.arange(len(scores))
    if count < len(scores):
        chosen = np.sort(np.argpartition(-scores, count - 1)[:count])
    return chosen[np.argsort(-scores[chosen], kind="stable")]


def _normalised(weights: NDArray[np.float32] | None, frames: int) -> NDArray[np.float64]:
    """Return weights (frames,) of sum 1; equal ones where none is positive."""
    if weights is None:
        return np.full(frames, 1.0 / frames)
    usable = np.nan_to_num(np.asarray(weights, np.float64), posinf=0.0, neginf=0.0).clip(0.0)
    total = usable.sum()
    return usable / total if total > 0 else np.full(frames, 1.0 / frames)


def _reason_for_cosine(requested: MetricName, trial: Trial) -> str:
    if trial.fit.metric is not None:
        return ""
    if requested == "cosine":
        return "plain cosine is set"
    if trial.tuned is None:
        return "too few photos to learn from"
    return "not better on held-out photos"

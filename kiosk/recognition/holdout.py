"""Leave-one-out over the photos of a gallery, in closed form.

A photo is compared with its own product without that photo, under a metric that was fitted
without that product (products are dealt into four folds by a hash of their SKU), so that
the metric is not tested on what it was fitted to.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kiosk.domain import Vectors
from kiosk.recognition.index import Index
from kiosk.recognition.metric import (
    NEAREST_WEIGHT,
    MetricParameters,
    fit_metric,
    product_means,
    scatter,
)
from kiosk.recognition.scoring import Scorer
from kiosk.vectors import l2_normalise

FOLDS = 4  # each metric is fitted to three quarters of the products; chosen by eye
BLOCK_ROWS = 512  # similarities of 512 rows to 100,000 are 200 MB at most; chosen by eye
MAX_ROWS = 10_000  # photos that can be compared in seconds; chosen by eye
OTHERS = 5  # rivals kept of each photo, as many as an answer has candidates
Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Holdout:
    """Leave-one-out over photos `rows` (n,).

    `own` (n,) is the score of the photo's product, NaN for its only photo. `others`
    (n, 5) are the best other products' scores, descending, -1 where there are fewer;
    `rivals` (n, 5) their numbers, -1 where there are fewer.
    """

    rows: Rows
    own: Vectors
    others: Vectors
    rivals: Rows

    @property
    def compared(self) -> NDArray[np.bool_]:
        """Which photos (n,) have a sibling to be recognised by."""
        mask: NDArray[np.bool_] = ~np.isnan(self.own)
        return mask

    @property
    def top1(self) -> float:
        """Share of the compared photos whose own product scores highest; 0 without any."""
        right = self.own[self.compared] > self.others[self.compared, 0]
        return float(right.mean()) if len(right) else 0.0

    def loss(self) -> float:
        """Cross-entropy of softmax over the scores at its best temperature, in nats."""
        own, others = self.own[self.compared, None], self.others[self.compared]
        if not len(own):
            return float("inf")
        scores = np.concatenate([own, np.where(others > -1, others, -np.inf)], axis=1)
        shifted = scores - own
        losses = [
            float(np.log(np.exp(np.minimum(beta * shifted, 80)).sum(axis=1)).mean())
            for beta in (2.0, 4.0, 8.0, 12.0, 16.0, 24.0, 32.0, 48.0, 64.0, 96.0)
        ]
        return min(losses)


def hold_out_cosine(index: Index, rows: Rows) -> Holdout:
    """Compare the photos `rows` by the plain cosine."""
    return _concatenated(rows, [_compare(Scorer.of(index, None), rows)])


def hold_out_tuned(index: Index, rows: Rows) -> Holdout | None:
    """Compare under metrics fitted to the other folds; None where photos are too few."""
    fold_of_product = np.array([zlib.crc32(sku.encode()) % FOLDS for sku in index.skus])
    means = product_means(index)
    total, parts = scatter(index, means), []
    for fold in range(FOLDS):
        inside = fold_of_product == fold
        fold_rows = rows[inside[index.owner[rows]]]
        if not len(fold_rows):
            continue
        metric = fit_metric(total - scatter(index, means, inside), means)
        if metric is None:
            return None
        parts.append(_compare(Scorer.of(index, metric), fold_rows))
    return _concatenated(rows, parts)


def hold_out_product(index: Index, product: int, *, tuned: bool) -> Holdout:
    """Compare one product's photos under a metric fitted without that product."""
    metric: MetricParameters | None = None
    if tuned:
        means = product_means(index)
        chosen = np.arange(len(index.skus)) == product
        metric = fit_metric(scatter(index, means) - scatter(index, means, chosen), means)
    own = index.rows_of(product)
    rows = np.arange(own.start, own.stop)
    return _concatenated(rows, [_compare(Scorer.of(index, metric), rows)])


def sample_rows(index: Index) -> Rows:
    """Return the numbers of at most 10,000 photos, evenly spread."""
    count = len(index.photos)
    if count <= MAX_ROWS:
        return np.arange(count)
    return np.linspace(0, count - 1, MAX_ROWS).round().astype(np.intp)


def _compare(scorer: Scorer, rows: Rows) -> Holdout:
    sums = np.add.reduceat(scorer.photos, scorer.index.starts[:-1], axis=0)
    return _concatenated(rows, [_compare_block(scorer, sums, block) for block in _blocks(rows)])


def _compare_block(scorer: Scorer, sums: Vectors, rows: Rows) -> Holdout:
    index, photos = scorer.index, scorer.photos
    queries, owner = photos[rows], index.owner[rows]
    every = np.arange(len(rows))
    similar = queries @ photos.T
    similar[every, rows] = -1.0
    scores = index.best_of_each(similar)
    alone = index.counts[owner] < 2
    if scorer.metric is not None:
        by_mean = queries @ scorer.means.T
        without = l2_normalise(sums[owner] - queries)
        by_mean[every, owner] = np.sum(queries * without, axis=1)
        scores = (1 - NEAREST_WEIGHT) * by_mean + NEAREST_WEIGHT * scores
    own = np.where(alone, np.nan, scores[every, owner]).astype(np.float32)
    scores[every, owner] = -1.0
    others, rivals = _best(scores)
    return Holdout(rows, own, others, rivals)


def _best(scores: Vectors) -> tuple[Vectors, Rows]:
    """Return the five highest of each row and their numbers, padded with -1."""
    count = min(OTHERS, scores.shape[1] - 1)
    values = np.full((len(scores), OTHERS), -1.0, np.float32)
    numbers = np.full((len(scores), OTHERS), -1, np.intp)
    if count > 0:
        order = np.argpartition(-scores, count - 1, axis=1)[:, :count]
        order.sort(axis=1)  # so that equal ones come in the order of their SKU
        inner = np.argsort(-np.take_along_axis(scores, order, axis=1), axis=1, kind="stable")
        order = np.take_along_axis(order, inner, axis=1)
        values[:, :count] = np.take_along_axis(scores, order, axis=1)
        numbers[:, :count] = order
    return values, numbers


def _concatenated(rows: Rows, parts: list[Holdout]) -> Holdout:
    """Join the parts in the order of `rows`."""
    if not parts:
        return Holdout(
            rows,
            np.zeros(0, np.float32),
            np.zeros((0, OTHERS), np.float32),
            np.zeros((0, OTHERS), np.intp),
        )
    order = np.argsort(np.concatenate([part.rows for part in parts]), kind="stable")
    return Holdout(
        np.concatenate([part.rows for part in parts])[order],
        np.concatenate([part.own for part in parts])[order],
        np.concatenate([part.others for part in parts])[order],
        np.concatenate([part.rivals for part in parts])[order],
    )


def _blocks(rows: Rows) -> Iterator[Rows]:
    for start in range(0, len(rows), BLOCK_ROWS):
        yield rows[start : start + BLOCK_ROWS]

"""Every photo shown to a catalogue that has not seen it: leave-one-out, in closed form.

A photo is compared with its own product without that photo, under a metric that was fitted
without that product (products are dealt into four folds by a hash of their SKU), so that
the shop's figures for its own photos are not learned by heart.
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

FOLDS = 4
BLOCK_ROWS = 512
MOST_ROWS = 10_000
OTHERS = 5
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
        """Photos that have a sibling to be recognised by."""
        seen: NDArray[np.bool_] = ~np.isnan(self.own)
        return seen

    @property
    def top1(self) -> float:
        """Share of those photos whose own product wins; 0 without any."""
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
    """With the plain cosine."""
    return _joined(rows, [_compare(Scorer.of(index, None), rows)])


def hold_out_tuned(index: Index, rows: Rows) -> Holdout | None:
    """With metrics fitted on the other folds; None where there are too few photos."""
    fold_of_product = np.array([zlib.crc32(sku.encode()) % FOLDS for sku in index.skus])
    means = product_means(index)
    whole, parts = scatter(index, means), []
    for fold in range(FOLDS):
        inside = fold_of_product == fold
        mine = rows[inside[index.owner[rows]]]
        if not len(mine):
            continue
        metric = fit_metric(whole - scatter(index, means, inside), means)
        if metric is None:
            return None
        parts.append(_compare(Scorer.of(index, metric), mine))
    return _joined(rows, parts)


def hold_out_product(index: Index, product: int, *, tuned: bool) -> Holdout:
    """One product's photos, under a metric fitted without that product."""
    metric: MetricParameters | None = None
    if tuned:
        means = product_means(index)
        chosen = np.arange(len(index.skus)) == product
        metric = fit_metric(scatter(index, means) - scatter(index, means, chosen), means)
    own = index.rows_of(product)
    rows = np.arange(own.start, own.stop)
    return _joined(rows, [_compare(Scorer.of(index, metric), rows)])


def sample_rows(index: Index) -> Rows:
    """All photos, or so many of them, evenly spread, as can be compared in seconds."""
    count = len(index.photos)
    if count <= MOST_ROWS:
        return np.arange(count)
    return np.linspace(0, count - 1, MOST_ROWS).round().astype(np.intp)


def _compare(scorer: Scorer, rows: Rows) -> Holdout:
    sums = np.add.reduceat(scorer.photos, scorer.index.starts[:-1], axis=0)
    return _joined(rows, [_compare_block(scorer, sums, block) for block in _blocks(rows)])


def _compare_block(scorer: Scorer, sums: Vectors, rows: Rows) -> Holdout:
    index, photos = scorer.index, scorer.photos
    queries, owner = photos[rows], index.owner[rows]
    line = np.arange(len(rows))
    similar = queries @ photos.T
    similar[line, rows] = -1.0
    scores = index.best_of_each(similar)
    alone = index.counts[owner] < 2
    if scorer.metric is not None:
        by_mean = queries @ scorer.means.T
        without = l2_normalise(sums[owner] - queries)
        by_mean[line, owner] = np.sum(queries * without, axis=1)
        scores = (1 - NEAREST_WEIGHT) * by_mean + NEAREST_WEIGHT * scores
    own = np.where(alone, np.nan, scores[line, owner]).astype(np.float32)
    scores[line, owner] = -1.0
    others, rivals = _best(scores)
    return Holdout(rows, own, others, rivals)


def _best(scores: Vectors) -> tuple[Vectors, Rows]:
    """The five highest of each row, padded with -1."""
    count = min(OTHERS, scores.shape[1] - 1)
    values = np.full((len(scores), OTHERS), -1.0, np.float32)
    numbers = np.full((len(scores), OTHERS), -1, np.intp)
    if count > 0:
        order = np.argpartition(-scores, count - 1, axis=1)[:, :count]
        order.sort(axis=1)  # so that equals come in the order of their SKU
        inner = np.argsort(-np.take_along_axis(scores, order, axis=1), axis=1, kind="stable")
        order = np.take_along_axis(order, inner, axis=1)
        values[:, :count] = np.take_along_axis(scores, order, axis=1)
        numbers[:, :count] = order
    return values, numbers


def _joined(rows: Rows, parts: list[Holdout]) -> Holdout:
    """Parts in the order of `rows`."""
    if not parts:
        return Holdout(rows, *_nothing())
    order = np.argsort(np.concatenate([part.rows for part in parts]), kind="stable")
    return Holdout(
        np.concatenate([part.rows for part in parts])[order],
        np.concatenate([part.own for part in parts])[order],
        np.concatenate([part.others for part in parts])[order],
        np.concatenate([part.rivals for part in parts])[order],
    )


def _nothing() -> tuple[Vectors, Vectors, Rows]:
    empty = np.zeros((0, OTHERS), np.float32)
    return np.zeros(0, np.float32), empty, np.zeros((0, OTHERS), np.intp)


def _blocks(rows: Rows) -> Iterator[Rows]:
    for start in range(0, len(rows), BLOCK_ROWS):
        yield rows[start : start + BLOCK_ROWS]

"""How well products can be told apart, by leave-one-out over their own photos."""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from kiosk.domain import Vectors
from kiosk.recognition.holdout import Holdout, hold_out_product
from kiosk.recognition.index import Index, is_view
from kiosk.recognition.results import ConfusablePair, Rehearsal
from kiosk.recognition.scoring import Scorer

OUTLIER_PHOTOS = 4  # fewer cannot outvote one
OUTLIER_DEVIATIONS = 3.0  # the usual three sigma
SMALLEST_DEVIATION = 0.04  # of cosines; photos of one sitting differ less; chosen by eye
RIVALS = 8  # of each product that become pairs; chosen by eye
BLOCK_ROWS = 1024  # similarities of 1,024 products to 10,000 are 40 MB; chosen by eye


def rehearse(scorer: Scorer, product: int) -> Rehearsal:
    """Recognise each photo of a product by a catalogue that it was left out of.

    A product with views of its only photo has none to be recognised from.
    """
    index = scorer.index
    if any(map(is_view, index.photos[index.starts[product] : index.starts[product + 1]])):
        return Rehearsal(index.skus[product], 0, 0)
    held = hold_out_product(index, product, tuned=scorer.metric is not None)
    tried = held.compared
    right = tried & (held.own > held.others[:, 0])
    wrong = Counter(index.skus[rival] for rival in held.rivals[tried & ~right, 0])
    return Rehearsal(
        index.skus[product],
        int(tried.sum()),
        int(right.sum()),
        tuple(sorted(wrong.items(), key=lambda item: (-item[1], item[0]))),
        tuple(index.photos[row] for row in held.rows[tried & ~right & _is_outlier(held.own)]),
    )


def _is_outlier(own: Vectors) -> NDArray[np.bool_]:
    """Find photos far less similar to their siblings than the median photo.

    The deviation is 1.4826 times the median absolute deviation, as for a normal distribution.
    """
    if len(own) < OUTLIER_PHOTOS:
        return np.zeros(len(own), np.bool_)
    middle = np.median(own)
    deviation = max(1.4826 * float(np.median(np.abs(own - middle))), SMALLEST_DEVIATION)
    far: NDArray[np.bool_] = own < middle - OUTLIER_DEVIATIONS * deviation
    return far


def confusable_pairs(scorer: Scorer, holdout: Holdout, top: int) -> list[ConfusablePair]:
    """Return pairs of products: first those that win each other's photos, then the most
    similar."""
    index = scorer.index
    won, tried = _wins(index, holdout)
    found = []
    for a, b in won.keys() | _nearest_pairs(scorer):
        similarity = float(np.clip(scorer.means[a] @ scorer.means[b], -1.0, 1.0))
        confused = won[a, b] / max(int(tried[a] + tried[b]), 1)
        found.append(ConfusablePair(index.skus[a], index.skus[b], similarity, confused))
    found.sort(key=lambda pair: (-pair.confused, -pair.similarity, pair.sku_a, pair.sku_b))
    return found[:top]


def _wins(index: Index, holdout: Holdout) -> tuple[Counter[tuple[int, int]], NDArray[np.intp]]:
    """Count how often products of a pair won each other's photos, and the photos of each."""
    compared = holdout.compared
    owner, rival = index.owner[holdout.rows[compared]], holdout.rivals[compared, 0]
    lost = holdout.others[compared, 0] >= holdout.own[compared]
    won = Counter(
        (int(min(a, b)), int(max(a, b))) for a, b in zip(owner[lost], rival[lost], strict=True)
    )
    return won, np.bincount(owner, minlength=len(index.skus))


def _nearest_pairs(scorer: Scorer) -> set[tuple[int, int]]:
    means, pairs = scorer.means, set[tuple[int, int]]()
    count = min(RIVALS, len(means) - 1)
    for start in range(0, len(means), BLOCK_ROWS):
        block = means[start : start + BLOCK_ROWS] @ means.T
        block[np.arange(len(block)), np.arange(start, start + len(block))] = -2.0
        order = np.argsort(-block, axis=1, kind="stable")[:, :count]
        for row, rivals in enumerate(order.tolist(), start):
            pairs |= {(min(row, rival), max(row, rival)) for rival in rivals}
    return pairs

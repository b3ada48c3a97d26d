"""Search by words, by picture, or by both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kiosk.domain import Product

RANK_CONSTANT = 60


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One product found.

    `similarity` is the cosine to the query picture, -1 to 1; `confidence` the calibrated
    probability, 0 to 1, that it is what the picture shows. Both are None for products
    that only words have found.
    """

    product: Product
    similarity: float | None
    confidence: float | None


def fuse_ranks(rankings: Iterable[tuple[float, Sequence[str]]]) -> list[str]:
    """Join weighted rankings by reciprocal rank fusion, best first.

    Each ranking is (weight, SKUs best first); a SKU scores the sum of
    weight / (60 + rank), ranks from 1. Ties are broken by SKU.

    Source: Cormack, Clarke, Büttcher, "Reciprocal Rank Fusion outperforms Condorcet
    and individual Rank Learning Methods", SIGIR 2009.
    """
    scores: dict[str, float] = {}
    for weight, skus in rankings:
        for rank, sku in enumerate(skus, start=1):
            scores[sku] = scores.get(sku, 0.0) + weight / (RANK_CONSTANT + rank)
    return sorted(scores, key=lambda sku: (-scores[sku], sku))

"""Search by words, by picture, or by both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kiosk.catalog import CatalogStore
from kiosk.domain import Candidate, Product, Vectors
from kiosk.errors import UnknownProductError
from kiosk.recognition import SearchEngine
from kiosk.shop.query import TextQuery, parse_query, query_vector
from kiosk.vision.encoders import TextEncoder

RANK_CONSTANT = 60
DEPTH = 50


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One product found.

    `similarity` is the cosine to the query, -1 to 1; `confidence` the calibrated
    probability, 0 to 1, that it is what the query picture shows. Each is None where
    nothing of the kind was asked or measured.
    """

    product: Product
    similarity: float | None
    confidence: float | None


@dataclass(frozen=True, slots=True)
class Finder:
    """Searches one shop; `text_encoder` is None where the model reads no words."""

    store: CatalogStore
    engine: SearchEngine
    text_encoder: TextEncoder | None

    def find(
        self, image: Vectors | None, text: str, *, image_weight: float, top: int, category: str
    ) -> list[SearchHit]:
        """Products by embedding of a picture (1, dimension), by words, or both, best first.

        Words are matched with names and descriptions and, where the model reads them,
        with the photos; the rankings are fused. Words after a minus are left out.
        """
        query = parse_query(text)
        words = [sku for sku, _ in self.store.find_text(query.wanted, limit=max(4 * top, DEPTH))]
        seen = self._seen(query, image, image_weight, max(top, DEPTH))
        share = image_weight if image is not None else 0.5
        rankings = [(share, list(seen)), (1 - share, words)] if query.wanted else [(1, list(seen))]
        hits = []
        for sku in fuse_ranks(rankings):
            product = self._product(sku)
            if product is not None and _fits(product, query, category):
                hits.append(_hit(product, seen.get(sku), image is not None))
            if len(hits) == top:
                break
        return hits

    def _product(self, sku: str) -> Product | None:
        try:
            return self.store.product(sku)
        except UnknownProductError:  # deleted since it was ranked
            return None

    def _seen(
        self, query: TextQuery, image: Vectors | None, image_weight: float, top: int
    ) -> dict[str, Candidate]:
        reads = self.text_encoder is not None and bool(query.wanted)
        vector = query_vector(self.text_encoder, query, image, image_weight)
        if vector is None:
            return {}
        known = self.engine.recognise(vector).candidates if image is not None and not reads else ()
        found = {candidate.sku: candidate for candidate in known}
        for candidate in self.engine.nearest(vector, top):
            found.setdefault(candidate.sku, candidate)
        return found


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


def _fits(product: Product, query: TextQuery, category: str) -> bool:
    told = f"{product.name} {product.category} {product.description}".casefold()
    unwanted = any(word in told for word in query.unwanted)
    return product.active and not unwanted and category in ("", product.category)


def _hit(product: Product, found: Candidate | None, pictured: bool) -> SearchHit:
    if found is None:
        return SearchHit(product, None, None)
    return SearchHit(product, found.similarity, found.confidence if pictured else None)

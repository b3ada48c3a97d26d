"""Search products by words, by picture, or by both."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from kiosk.catalog import CatalogStore, ProductFilter
from kiosk.domain import (
    NO_EVIDENCE,
    Candidate,
    Decision,
    Evidence,
    Product,
    Recognition,
    Scan,
    Vectors,
)
from kiosk.shop.product_index import ProductIndex
from kiosk.shop.query import TextQuery, parse_query, query_vector
from kiosk.vision.encoders import TextEncoder

RANK_CONSTANT = 60  # Cormack, Clarke and Büttcher, see `fuse_ranks`
DEPTH = 50  # ranks that are fused at least; chosen by eye
SPARE = 10  # products ranked beyond those asked for, as some may be gone; chosen by eye
NO_WORDS = TextQuery("")


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One product found.

    `similarity` is the cosine to the query, -1 to 1; `confidence` the calibrated
    probability, 0 to 1, that it is what the query picture shows. Each is None where
    nothing of the kind was asked or measured. `is_scanned`: a barcode says that it is this;
    its price is the one in the code where that holds one. `evidence` is what a second look said.
    """

    product: Product
    similarity: float | None
    confidence: float | None
    is_scanned: bool = False
    evidence: Evidence = NO_EVIDENCE


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Products, best first; `decision` on the picture is None where only words were given.

    `scan` is the barcode that was given or is in the picture; its product comes first.
    """

    decision: Decision | None
    hits: tuple[SearchHit, ...]
    scan: Scan | None = None

    @property
    def products(self) -> list[Product]:
        return [hit.product for hit in self.hits]


@dataclass(frozen=True, slots=True)
class ProductSearch:
    """Searches one catalogue; `text_encoder` is None where the model has no text tower.

    `lookup` returns those of some products, by SKU, that were not removed since the ranking.
    """

    catalog: CatalogStore
    index: ProductIndex
    text_encoder: TextEncoder | None
    lookup: Callable[[Sequence[str]], Mapping[str, Product]]

    def find(
        self,
        image: Vectors | None,
        text: str,
        *,
        image_weight: float,
        top: int,
        filters: ProductFilter,
        threshold: float | None = None,
        evidence: Mapping[str, Evidence] | None = None,
    ) -> SearchResult:
        """Find at most `top` products by an embedding (1, dimension), by words, or by both.

        Words are matched with names and descriptions and, where the model reads them,
        with the photos; the rankings are fused. Words after a minus are left out.
        `threshold` is the least cosine; products found by words alone have none and pass.
        `evidence` is what a second look at the picture said, by SKU.
        """
        query = parse_query(text)
        recognition, similar = self._similar(query, image, image_weight, top, filters, evidence)
        hits = (
            hit
            for hit in self._ranked(query, similar, image, image_weight, top, filters)
            if filters.match(hit.product)
            and not _has_word(hit.product, query.unwanted)
            and (threshold is None or hit.similarity is None or hit.similarity >= threshold)
        )
        decision = None if recognition is None else recognition.decision
        return SearchResult(decision, tuple(islice(hits, top)))

    def _ranked(
        self,
        query: TextQuery,
        similar: dict[str, Candidate],
        image: Vectors | None,
        image_weight: float,
        top: int,
        filters: ProductFilter,
    ) -> Iterator[SearchHit]:
        rankings: list[tuple[float, Sequence[str]]] = [(1.0, list(similar))]
        if query.wanted:
            depth = max(4 * top, DEPTH)
            found = self.catalog.find_text(query.wanted, limit=depth, chosen=filters)
            share = image_weight if image is not None else 0.5
            rankings = [(share, list(similar)), (1 - share, [sku for sku, _ in found])]
        ranked = fuse_ranks(rankings)
        portion = top + SPARE
        for start in range(0, len(ranked), portion):
            skus = ranked[start : start + portion]
            products = self.lookup(skus)
            for sku in skus:
                if sku in products:
                    yield _hit(products[sku], similar.get(sku), image is not None)

    def _similar(
        self,
        query: TextQuery,
        image: Vectors | None,
        image_weight: float,
        top: int,
        filters: ProductFilter,
        evidence: Mapping[str, Evidence] | None,
    ) -> tuple[Recognition | None, dict[str, Candidate]]:
        """Return the answer to the picture, and candidates by SKU, best first.

        Calibrated ones come first where only a picture is asked.
        """
        vector = query_vector(self.text_encoder, query, image, image_weight)
        if vector is None:
            return None, {}
        chosen = filters if filters.any else None
        recognition: Recognition | None = None
        if image is not None and query == NO_WORDS:
            recognition, nearest = self.index.look(image, top + SPARE, chosen, evidence)
        else:
            recognition = None if image is None else self.index.recognise(image)
            nearest = self.index.nearest(vector, max(top, DEPTH), chosen)
        is_mixed = self.text_encoder is not None and bool(query.wanted)
        calibrated = () if recognition is None or is_mixed else recognition.candidates
        found = {candidate.sku: candidate for candidate in calibrated}
        for candidate in nearest:
            found.setdefault(candidate.sku, candidate)
        return recognition, found


def scanned_first(result: SearchResult, scan: Scan, product: Product, top: int) -> SearchResult:
    """Put the `product` of a code before what was found otherwise; at most `top` of all."""
    same = next((hit for hit in result.hits if hit.product.sku == product.sku), None)
    priced = replace(product, price=scan.price or product.price)
    first = SearchHit(priced, same.similarity if same else None, None, is_scanned=True)
    others = (hit for hit in result.hits if hit is not same)
    return SearchResult(Decision.NAMED, (first, *others)[:top], scan)


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


def _has_word(product: Product, words: Sequence[str]) -> bool:
    text = f"{product.name} {product.category} {product.description}".casefold()
    return any(word in text for word in words)


def _hit(product: Product, found: Candidate | None, has_picture: bool) -> SearchHit:
    if found is None:
        return SearchHit(product, None, None)
    confidence = found.confidence if has_picture else None
    return SearchHit(product, found.similarity, confidence, evidence=found.evidence)

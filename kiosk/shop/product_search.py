"""Search products by words, by picture, or by both."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from kiosk.catalog import CatalogStore, ProductFilter
from kiosk.domain import Candidate, Decision, Product, Recognition, Scan, Vectors
from kiosk.recognition import SearchEngine
from kiosk.shop.query import TextQuery, parse_query, query_vector
from kiosk.vision.encoders import TextEncoder

RANK_CONSTANT = 60  # Cormack, Clarke and Büttcher, see `fuse_ranks`
DEPTH = 50  # ranks that are fused at least; chosen by eye
FILTERED_DEPTH = 200  # products beside those in the index that words may find; chosen by eye


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One product found.

    `similarity` is the cosine to the query, -1 to 1; `confidence` the calibrated
    probability, 0 to 1, that it is what the query picture shows. Each is None where
    nothing of the kind was asked or measured. `is_scanned`: a barcode says that it is this;
    its price is the one in the code where that holds one.
    """

    product: Product
    similarity: float | None
    confidence: float | None
    is_scanned: bool = False


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

    `lookup` returns a product by its SKU, or None where it was removed since the ranking.
    """

    catalog: CatalogStore
    engine: SearchEngine
    text_encoder: TextEncoder | None
    lookup: Callable[[str], Product | None]

    def find(
        self,
        image: Vectors | None,
        text: str,
        *,
        image_weight: float,
        top: int,
        filters: ProductFilter,
        threshold: float | None = None,
    ) -> SearchResult:
        """Find at most `top` products by an embedding (1, dimension), by words, or by both.

        Words are matched with names and descriptions and, where the model reads them,
        with the photos; the rankings are fused. Words after a minus are left out.
        `threshold` is the least cosine; products found by words alone have none and pass.
        """
        query = parse_query(text)
        # A filter may leave only products far down: rank them all then.
        depth = self.engine.products + FILTERED_DEPTH if filters.any else top
        recognition = None if image is None else self.engine.recognise(image)
        similar = self._similar(query, image, image_weight, max(depth, DEPTH), recognition)
        hits = (
            hit
            for hit in self._ranked(query, similar, image, image_weight, depth)
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
        depth: int,
    ) -> Iterator[SearchHit]:
        rankings: list[tuple[float, Sequence[str]]] = [(1.0, list(similar))]
        if query.wanted:
            found = self.catalog.find_text(query.wanted, limit=max(4 * depth, DEPTH))
            share = image_weight if image is not None else 0.5
            rankings = [(share, list(similar)), (1 - share, [sku for sku, _ in found])]
        for sku in fuse_ranks(rankings):
            product = self.lookup(sku)
            if product is not None:
                yield _hit(product, similar.get(sku), image is not None)

    def _similar(
        self,
        query: TextQuery,
        image: Vectors | None,
        image_weight: float,
        top: int,
        recognition: Recognition | None,
    ) -> dict[str, Candidate]:
        """Candidates by SKU, best first; calibrated ones first where only a picture is asked."""
        vector = query_vector(self.text_encoder, query, image, image_weight)
        if vector is None:
            return {}
        is_mixed = self.text_encoder is not None and bool(query.wanted)
        calibrated = () if recognition is None or is_mixed else recognition.candidates
        found = {candidate.sku: candidate for candidate in calibrated}
        for candidate in self.engine.nearest(vector, top):
            found.setdefault(candidate.sku, candidate)
        return found


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
    return SearchHit(product, found.similarity, found.confidence if has_picture else None)

"""Search for the API: by vector, by words or by both, with filters and a threshold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from kiosk.api.problems import unprocessable
from kiosk.api.product_table import ProductTable
from kiosk.domain import Decision, Product, Vectors
from kiosk.shop import SearchHit, Shop

WORDS_DEEP = 200


@dataclass(frozen=True, slots=True)
class Filters:
    """Prices are minor units, both ends included; every metadata field must be equal.

    A price that is not set lies within no limits.
    """

    category: str = ""
    price_min: int | None = None
    price_max: int | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)

    @property
    def any(self) -> bool:
        return bool(
            self.category
            or self.metadata
            or self.price_min is not None
            or self.price_max is not None
        )

    def match(self, product: Product) -> bool:
        return (
            (not self.category or product.category == self.category)
            and (self.price_min is None or product.price.minor >= max(self.price_min, 1))
            and (self.price_max is None or 0 < product.price.minor <= self.price_max)
            and all(product.metadata.get(key) == value for key, value in self.metadata.items())
        )


@dataclass(frozen=True, slots=True)
class Found:
    """`decision` is None when only words were given."""

    decision: Decision | None
    hits: tuple[SearchHit, ...]


def find(
    shop: Shop,
    table: ProductTable,
    *,
    vector: Vectors | None = None,
    text: str = "",
    filters: Filters,
    top: int,
    threshold: float | None = None,
    image_weight: float | None = None,
) -> Found:
    """The products nearest to `vector` (1, dimension) and `text`, one entry a product.

    `threshold` is the least cosine similarity; products found by words alone have none
    and pass.
    """
    if vector is not None and vector.shape[1] != shop.encoder.dimension:
        raise unprocessable(
            f"The vector has {vector.shape[1]} numbers; {shop.encoder.model_id} has "
            f"{shop.encoder.dimension}.",
            "Extract it with the model in use.",
        )
    decision = None
    if vector is not None and not text.strip():
        decision, ranked = _by_vector(shop, table, vector, filters, top)
    else:
        # A filter may leave only products far down: rank them all then.
        ranked = iter(
            shop.search(
                vector=vector,
                text=text,
                top=shop.engine.products + WORDS_DEEP if filters.any else top,
                category=filters.category,
                image_weight=image_weight,
            )
        )
        if vector is not None:
            decision = shop.engine.recognise(vector).decision
    hits = (
        hit
        for hit in ranked
        if filters.match(hit.product)
        and (threshold is None or hit.similarity is None or hit.similarity >= threshold)
    )
    return Found(decision, tuple(islice(hits, top)))


def _by_vector(
    shop: Shop, table: ProductTable, vector: Vectors, filters: Filters, top: int
) -> tuple[Decision, Iterator[SearchHit]]:
    """Decision and products best first, from memory alone."""
    engine = shop.engine
    recognition = engine.recognise(vector)
    seen = {candidate.sku: candidate for candidate in recognition.candidates}
    for near in engine.nearest(vector, engine.products if filters.any else top):
        seen.setdefault(near.sku, near)
    hits = (
        SearchHit(product, candidate.similarity, candidate.confidence)
        for sku, candidate in seen.items()
        if (product := table.get(sku)) is not None
    )
    return recognition.decision, hits

"""Search for the API: by vector, by words or by both, with filters and a threshold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kiosk.api.problems import unprocessable
from kiosk.api.product_table import ProductTable
from kiosk.domain import Candidate, Decision, Product, Vectors
from kiosk.shop import SearchHit, Shop
from kiosk.shop.finding import fuse_ranks

WORDS_DEEP = 200


@dataclass(frozen=True, slots=True)
class Filters:
    """Prices are minor units, both ends included; every metadata field must be equal."""

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
            and (self.price_min is None or product.price.minor >= self.price_min)
            and (self.price_max is None or product.price.minor <= self.price_max)
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
    seen: dict[str, Candidate] = {}
    decision = None
    if vector is not None:
        engine = shop.engine
        if vector.shape[1] != shop.encoder.dimension:
            raise unprocessable(
                f"The vector has {vector.shape[1]} numbers; {shop.encoder.model_id} has "
                f"{shop.encoder.dimension}.",
                "Extract it with the model in use.",
            )
        recognition = engine.recognise(vector)
        decision = recognition.decision
        seen = {candidate.sku: candidate for candidate in recognition.candidates}
        # A filter may leave only products far down: rank them all then.
        deep = engine.products if filters.any else max(top, len(seen))
        for near in engine.nearest(vector, deep):
            seen.setdefault(near.sku, near)
    words = _by_words(shop, text, filters.category) if text.strip() else []
    weight = shop.settings.image_weight if image_weight is None else image_weight
    order = (
        fuse_ranks([(weight, list(seen)), (1 - weight, words)])
        if seen and words
        else (list(seen) or words)
    )
    hits = []
    for sku in order:
        product, candidate = table.get(sku), seen.get(sku)
        if product is None or not filters.match(product):
            continue
        if threshold is not None and candidate is not None and candidate.similarity < threshold:
            continue
        hits.append(
            SearchHit(
                product,
                candidate.similarity if candidate else None,
                candidate.confidence if candidate else None,
            )
        )
        if len(hits) == top:
            break
    return Found(decision, tuple(hits))


def _by_words(shop: Shop, text: str, category: str) -> list[str]:
    return [hit.product.sku for hit in shop.search(text=text, top=WORDS_DEEP, category=category)]

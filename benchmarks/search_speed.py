"""Exact search against a loop over products: `python -m benchmarks.search_speed`.

Both answer the same question: each product's best photo for one query, best product first.
"""

from __future__ import annotations

import numpy as np

from benchmarks.stopwatch import median_ms
from kiosk.domain import Gallery, Vectors
from kiosk.recognition import SearchEngine
from kiosk.vectors import l2_normalise

DIMENSION = 512
PHOTOS = 5
QUERIES = 7


def per_product_loop(products: dict[str, Vectors], query: Vectors) -> list[tuple[float, str]]:
    """What a catalogue of product objects would do."""
    best = []
    for sku, photos in products.items():
        best.append((max(float(np.dot(photo, query)) for photo in photos), sku))
    return sorted(best, reverse=True)[:5]


def main() -> None:
    print("vectors   loop ms   engine ms   ratio")
    for count in (1_000, 10_000, 100_000):
        rng = np.random.default_rng(0)
        vectors = l2_normalise(rng.standard_normal((count, DIMENSION)).astype(np.float32))
        skus = tuple(f"S{i // PHOTOS:06d}" for i in range(count))
        products: dict[str, Vectors] = {
            skus[i]: vectors[i : i + PHOTOS] for i in range(0, count, PHOTOS)
        }
        engine = SearchEngine(metric="cosine")
        photos = tuple(f"{i:06d}" for i in range(count))
        engine.replace(Gallery("random", vectors, skus, photos))
        query = vectors[count // 2]
        found = engine.nearest(query[None], 5)
        assert found[0].sku == per_product_loop(products, query)[0][1]
        loop = median_ms(lambda p=products, q=query: per_product_loop(p, q), QUERIES)
        fast = median_ms(lambda e=engine, q=query: e.nearest(q[None], 5), QUERIES)
        print(f"{count:<10}{loop:<10.2f}{fast:<12.3f}{loop / fast:<8.0f}")


if __name__ == "__main__":
    main()

"""The engine in memory: against a loop over products, and as a shop grows.

    python -m benchmarks.search_speed [--products 200 2000 20000] [--real FILE]

Prints how long an answer takes (beside a loop over products, which answers the plain cosine
alone), a start from the catalogue's rows, a refit, one product's change, and the memory of
it all. Vectors are like those of real photos, see `shop_vectors`; FILE keeps the real ones.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import time
from pathlib import Path

import numpy as np
import psutil

from benchmarks.shop_vectors import PHOTOS, ShopVectors, real_vectors
from benchmarks.stopwatch import median_ms
from kiosk.domain import Gallery, Vectors
from kiosk.recognition import SearchEngine

QUERIES = 15
LOOPED = 20_000  # products that the loop still answers within a second


def per_product_loop(products: dict[str, Vectors], query: Vectors) -> list[tuple[float, str]]:
    """What a catalogue of product objects would do."""
    best = []
    for sku, photos in products.items():
        best.append((max(float(np.dot(photo, query)) for photo in photos), sku))
    return sorted(best, reverse=True)[:5]


def gallery_of(drawn: ShopVectors, products: int) -> tuple[Gallery, Vectors]:
    """Return five photos of each product, and one more of each."""
    centres = drawn.centres(products)
    vectors = np.empty((products * PHOTOS, centres.shape[1]), np.float32)
    for view in range(PHOTOS):
        vectors[view::PHOTOS] = drawn.photos(centres)
    skus = tuple(f"S{i // PHOTOS:06d}" for i in range(len(vectors)))
    photos = tuple(f"{i:07d}" for i in range(len(vectors)))
    prices = dict.fromkeys(skus, 100)
    return Gallery("drawn", vectors, skus, photos, prices), drawn.photos(centres)


def measure(products: int, real: Path) -> None:
    gallery, asked = gallery_of(ShopVectors(*real_vectors(real)), products)
    before = psutil.Process().memory_info().rss
    engine = SearchEngine()
    began = time.perf_counter()
    engine.replace(gallery)
    engine.nearest(asked[:1], 5)
    start_s = time.perf_counter() - began
    began = time.perf_counter()
    report = engine.refit()
    refit_s = time.perf_counter() - began
    queries = iter(np.resize(asked, (10 * QUERIES, asked.shape[1])))
    answer_ms = median_ms(lambda: engine.recognise(next(queries)[None]), QUERIES)
    memory_mb = (psutil.Process().memory_info().rss - before) / 1e6
    began = time.perf_counter()
    engine.upsert("S000001", 100, ["a"], asked[1:2])
    engine.nearest(asked[:1], 5)
    change_s = time.perf_counter() - began
    right = np.mean([engine.nearest(asked[i][None], 1)[0].sku == f"S{i:06d}" for i in range(2, 99)])
    looped = ""
    if products <= LOOPED:
        rows = {
            f"S{i:06d}": gallery.vectors[i * PHOTOS : (i + 1) * PHOTOS] for i in range(products)
        }
        loop_ms = median_ms(lambda: per_product_loop(rows, asked[5]), 3)
        looped = f", a loop {loop_ms / answer_ms:.0f} times as long"
    print(
        f"{products} products: answer {answer_ms:.2f} ms{looped}; start {start_s:.2f} s, refit "
        f"{refit_s:.1f} s ({report.metric}), a change {1000 * change_s:.0f} ms, "
        f"{memory_mb:.0f} MB beside the gallery's {gallery.vectors.nbytes / 1e6:.0f}; first right "
        f"{right:.2f}; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores",
        flush=True,
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--products", type=int, nargs="+", default=[200, 2000, 20_000])
    options.add_argument("--real", type=Path, default=Path("real.npz"))
    given = options.parse_args()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the kiosk and the service run
    spawned = multiprocessing.get_context("spawn")  # so that each has its own memory
    for products in given.products:
        child = spawned.Process(target=measure, args=(products, given.real))
        child.start()
        child.join()


if __name__ == "__main__":
    main()

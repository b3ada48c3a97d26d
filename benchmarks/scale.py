"""An index of many vectors in one process: time, recall and memory, by kind.

    python -m benchmarks.scale DATA [--rows 100000 300000 1000000] [--kinds ...] [--searches 200]

DATA is a folder that is kept, with the vectors of real photos (see `shop_vectors`) and the
indexes. Each index is searched in a process of its own, whose memory is then all the
collection costs. Queries are new photos of stored products.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil

from benchmarks.shop_vectors import PHOTOS, ShopVectors, real_vectors
from kiosk.domain import Vectors
from kiosk.vectors import Rows, search_exactly
from kiosk.vectorstore import IndexKind, open_index, read_manifest, write_index

BLOCK = 10_000  # products drawn at once
MEASURED = 64  # queries whose recall is measured


def blocks(drawn: ShopVectors, rows: int) -> Iterator[tuple[Rows, Vectors]]:
    """Yield row numbers and vectors, five photos of each product."""
    done = 0
    while done < rows:
        centres = drawn.centres(min(BLOCK, (rows - done) // PHOTOS))
        for _ in range(PHOTOS):
            yield np.arange(done, done + len(centres)), drawn.photos(centres)
            done += len(centres)


def queries(drawn: ShopVectors, number: int) -> Vectors:
    """Return new photos of the first products that `blocks` draws."""
    return drawn.photos(drawn.centres(BLOCK)[:number])


def search(folder: Path, asked: Vectors, wanted: Rows, answers: object) -> None:
    """Open an index and search it; put memory, times and recall into the queue `answers`."""
    process = psutil.Process()
    began = time.perf_counter()
    index = open_index(folder, fingerprint="benchmark")
    assert index is not None
    opened_s = time.perf_counter() - began
    times, found = [], []
    for query in asked:
        began = time.perf_counter()
        rows, _ = index.search(query[None], 10)
        times.append(1000 * (time.perf_counter() - began))
        found.append(rows[0])
    hits = [len(np.intersect1d(f, w)) for f, w in zip(found[: len(wanted)], wanted, strict=True)]
    info = process.memory_full_info()
    line = (
        f"opened {opened_s:.1f} s, p50 {np.percentile(times, 50):.1f} ms, "
        f"p95 {np.percentile(times, 95):.1f} ms, recall@10 {np.sum(hits) / wanted.size:.4f}, "
        f"{info.rss / 1e6:.0f} MB ({info.uss / 1e6:.0f} MB of them not the system's cache)"
    )
    answers.put(line)  # type: ignore[attr-defined]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("data", type=Path)
    options.add_argument("--rows", type=int, nargs="+", default=[100_000, 300_000, 1_000_000])
    options.add_argument("--kinds", nargs="+", default=[kind.name for kind in IndexKind])
    options.add_argument("--searches", type=int, default=200)
    given = options.parse_args()
    given.data.mkdir(parents=True, exist_ok=True)
    vectors, skus = real_vectors(given.data / "real.npz")
    spawned = multiprocessing.get_context("spawn")
    for rows in given.rows:
        asked = queries(ShopVectors(vectors, skus), given.searches)
        wanted = None
        for kind in (IndexKind[name] for name in given.kinds):
            folder = given.data / f"{kind.name}-{rows}"
            manifest = read_manifest(folder)
            if manifest is None or manifest.rows != rows:
                began = time.perf_counter()
                drawn = ShopVectors(vectors, skus)
                write_index(folder, blocks(drawn, rows), fingerprint="benchmark", kind=kind).close()
                print(f"{rows} {kind.name}: built in {time.perf_counter() - began:.0f} s")
            if wanted is None:
                stored = np.memmap(folder / "vectors.f32", "<f4", "r").reshape(rows, -1)
                wanted, _ = search_exactly(stored, asked[:MEASURED], 10)
            answers = spawned.Queue()
            child = spawned.Process(target=search, args=(folder, asked, wanted, answers))
            child.start()
            print(f"{rows} {kind.name}: {answers.get()}", flush=True)
            child.join()
        print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", flush=True)


if __name__ == "__main__":
    main()

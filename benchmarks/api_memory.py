"""Memory of the service: `python -m benchmarks.api_memory [--vectors]`.

The light setting: 100 products, 200 searches by picture. With `--vectors`: 100,000 vectors of
2,048 numbers, exact and quantised. Figures are peaks of the service's own process and, apart,
what its children add (proportional set size, shared pages counted once).
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import httpx
import numpy as np

from kiosk.settings import Settings
from kiosk.shop import Shop
from tests.api.conftest import jpeg, picture, product

LIGHT = {
    "LAZY_LOAD_MODEL": "false",
    "ENABLE_GC": "true",
    "CACHE_PRODUCTS": "true",
    "MAX_PRODUCTS": "100",
    "MAX_BATCH_SIZE": "1",
    "KIOSK_API_DECODE_WORKERS": "1",
    "KIOSK_THREADS": "2",
    "KIOSK_METRIC": "cosine",
    "MALLOC_ARENA_MAX": "2",
}
PROGRAM = """
import sys
from kiosk.api import serve
from kiosk.api import load_api_settings
from kiosk.settings import load_settings
sys.exit(serve(load_settings(db=sys.argv[1]), load_api_settings(port=0)))
"""
SEARCHES = """
import sys, numpy as np
from pathlib import Path
from kiosk.vectorstore import open_index
def status(name):
    line = next(l for l in open("/proc/self/status") if l.startswith(name))
    return int(line.split()[1]) / 1000
index = open_index(Path(sys.argv[1]), fingerprint="bench")
queries = np.random.default_rng(1).standard_normal((200, index.dimension)).astype(np.float32)
queries /= np.linalg.norm(queries, axis=1, keepdims=True)
for query in queries:
    index.search(query[None], 10)
print(round(status("VmHWM")))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--vectors", action="store_true")
    parser.add_argument("--rows", type=int, default=100_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if options.vectors:
            measure_index_kinds(Path(folder), options.rows)
        else:
            measure_light(Path(folder))


def measure_light(folder: Path) -> None:
    with Shop.open(Settings(db=str(folder)), background=False) as shop:
        for number in range(100):
            shop.enrol(product(number), [picture(number)])
        shop.refresh()
    service = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(folder)],
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, **LIGHT},
    )
    assert service.stdout is not None
    address = service.stdout.readline().split()[-1].removesuffix("/ui")
    try:
        with httpx.Client(base_url=address, timeout=60, trust_env=False) as http:
            print(f"after the start: {status_mb(service.pid, 'VmHWM'):.0f} MB")
            for number in range(200):
                answer = http.post("/api/v1/search", files={"file": jpeg(number % 100, 7)})
                answer.raise_for_status()
        own = status_mb(service.pid, "VmHWM")
        children = [int(pid) for pid in children_of(service.pid)]
        print(f"100 products, 200 searches: {own:.0f} MB at most, of its own")
        print(f"decoder children: {sum(shared_mb(pid) for pid in children):.0f} MB beside it")
    finally:
        service.send_signal(signal.SIGTERM)
        service.wait(60)


def measure_index_kinds(folder: Path, rows: int) -> None:
    from kiosk.vectorstore import IndexKind, read_manifest, write_index

    random = np.random.default_rng(0)
    centres = random.standard_normal((1000, 2048)).astype(np.float32)

    def blocks():  # type: ignore[no-untyped-def]
        for start in range(0, rows, 1000):
            near = centres[random.integers(0, 1000, 1000)]
            yield (
                np.arange(start, start + 1000),
                near + random.standard_normal((1000, 2048), np.float32),
            )

    for kind in (IndexKind.FLAT, IndexKind.SQ8):
        random = np.random.default_rng(0)
        write_index(folder / kind, blocks(), fingerprint="bench", kind=kind).close()
        manifest = read_manifest(folder / kind)
        assert manifest is not None
        peak = subprocess.run(
            [sys.executable, "-c", SEARCHES, str(folder / kind)],
            check=True,
            capture_output=True,
            encoding="utf-8",
        ).stdout.strip()
        print(
            f"{kind}, {rows} x 2048: {peak} MB at most, {manifest.search_ms:.1f} ms a query, "
            f"recall@10 {manifest.recall_at_10:.3f}"
        )


def status_mb(pid: int, name: str) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(name)).split()[1]) / 1000


def shared_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("Pss:")).split()[1]) / 1000


def children_of(pid: int) -> list[str]:
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return [child for task in tasks for child in (task / "children").read_text().split()]


if __name__ == "__main__":
    main()

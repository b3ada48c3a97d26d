"""Load on loopback: `python -m benchmarks.api_load [--seconds 6] [--only images,vectors,sync]`.

The service runs in a process of its own with its default settings, the clients in this one.
Figures: requests a second, and the time of one request at the 50th, 95th and 99th percentile,
with 1, 8 and 32 clients that each send the next request when the last was answered.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import numpy as np

from kiosk.domain import Image
from kiosk.pictures import encode_jpeg
from kiosk.settings import Settings
from kiosk.shop import Shop
from tests.api.conftest import picture, product

CLIENTS = (1, 8, 32)
PRODUCTS = 100
QUERIES = 32
UNIQUE = b"0123456789abcdef"
"""Stands behind each picture; another number in each request keeps it from being remembered."""
PROGRAM = """
import sys
from kiosk.api import serve
from kiosk.api import load_api_settings
from kiosk.settings import load_settings
sys.exit(serve(load_settings(db=sys.argv[1]), load_api_settings(port=0, source_folder=sys.argv[2])))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--only", default="images,vectors,sync")
    parser.add_argument("--pictures", type=int, default=3000)
    options = parser.parse_args()
    wanted = options.only.split(",")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "pictures").mkdir()
        fill(root / "db")
        if "sync" in wanted:
            draw(root / "pictures", options.pictures)
        with service(root) as address:
            if "images" in wanted:
                images(address, options.seconds)
            if "vectors" in wanted:
                for rows, dimension in ((10_000, 512), (100_000, 512), (10_000, 2048)):
                    vectors(address, rows, dimension, options.seconds)
            if "sync" in wanted:
                sync(address)


def fill(db: Path) -> None:
    with Shop.open(Settings(db=str(db)), background=False) as shop:
        for number in range(PRODUCTS):
            shop.enrol(product(number), [photo(number, 0)])
        shop.refresh()


def photo(seed: int, shade: int) -> Image:
    """640 x 480, with detail, so that it weighs what a photo weighs."""
    noise = np.random.default_rng(seed * 1000 + shade).integers(0, 48, (480, 640, 3))
    return np.clip(picture(seed, shade, (480, 640)) + noise, 0, 255).astype(np.uint8)


def draw(folder: Path, count: int) -> None:
    for number in range(count):
        data = encode_jpeg(photo(number, 3), 85)
        (folder / f"picture-{number:05}.jpg").write_bytes(data)


@contextmanager
def service(root: Path) -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(root / "db"), str(root / "pictures")],
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},  # as `kiosk serve` sets it
    )
    assert process.stdout is not None
    try:
        yield process.stdout.readline().split()[-1].removesuffix("/ui")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def images(address: str, seconds: float) -> None:
    bodies = [encode_jpeg(photo(number, 5), 85) for number in range(QUERIES)]
    print(f"image search, {PRODUCTS} products, 640x480 JPEG of {len(bodies[0]) // 1000} kB")
    requests = [form(address, "/api/v1/search", body + UNIQUE) for body in bodies]
    for clients in CLIENTS:
        measure(address, requests, clients, seconds)


def vectors(address: str, rows: int, dimension: int, seconds: float) -> None:
    random = np.random.default_rng(rows)
    centres = random.standard_normal((500, dimension))
    path = f"/api/v1/collections/bench-{rows}-{dimension}"
    with httpx.Client(base_url=address, timeout=120, trust_env=False) as http:
        for _ in range(0, rows, 250):
            near = centres[random.integers(0, 500, 250)] + random.standard_normal((250, dimension))
            body = [{"vector": np.round(row, 4).tolist()} for row in near]
            http.post(f"{path}/vectors", json=body).raise_for_status()
        asked = centres[:QUERIES] + random.standard_normal((QUERIES, dimension))
        requests = [
            raw(
                address,
                f"{path}/search",
                "application/json",
                json.dumps({"vector": np.round(row, 4).tolist(), "top_k": 10}).encode(),
            )
            for row in asked
        ]
        measure(address, requests, 1, 1.0, quiet=True)
        time.sleep(2)  # an index that is due is built in the background
        described = http.get(path).json()
    print(
        f"vector search, {rows} x {dimension}: tier {described['tier']}, "
        f"recall@10 {described['recall_at_10']}, "
        f"exact {described['exact_ms'] or 0:.2f} ms, tier {described['tier_ms'] or 0:.2f} ms"
    )
    for clients in CLIENTS:
        measure(address, requests, clients, seconds)


def sync(address: str) -> None:
    with httpx.Client(base_url=address, timeout=900, trust_env=False) as http:
        for what in ("indexing", "nothing new"):
            began = time.perf_counter()
            report = http.post("/api/v1/preprocess").json()
            took = time.perf_counter() - began
            print(f"{what}: {report['new_images']} of {report['total_images']} in {took:.2f} s")


def form(address: str, path: str, data: bytes) -> bytes:
    edge = "bench-edge"
    head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'
    body = head.encode() + data + f"\r\n--{edge}--\r\n".encode()
    return raw(address, path, f"multipart/form-data; boundary={edge}", body)


def raw(address: str, path: str, kind: str, body: bytes) -> bytes:
    """A whole request; a client library would cost as much time as the service."""
    host = urlsplit(address).netloc
    head = f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: {kind}\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def measure(
    address: str, requests: list[bytes], clients: int, seconds: float, *, quiet: bool = False
) -> None:
    times = asyncio.run(_measure(address, requests, clients, seconds))
    if quiet:
        return
    p50, p95, p99 = np.percentile(times, [50, 95, 99]) * 1000
    rate = len(times) / seconds
    print(
        f"  {clients:2} clients: {rate:7.1f} requests/s, "
        f"p50 {p50:.1f} ms, p95 {p95:.1f} ms, p99 {p99:.1f} ms"
    )


async def _measure(
    address: str, requests: list[bytes], clients: int, seconds: float
) -> list[float]:
    parts = urlsplit(address)
    assert parts.hostname is not None
    assert parts.port is not None
    times: list[float] = []
    numbers = itertools.count()
    ends = time.perf_counter() + seconds

    async def client(number: int) -> None:
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        step = number
        while time.perf_counter() < ends:
            began = time.perf_counter()
            writer.write(requests[step % len(requests)].replace(UNIQUE, b"%016d" % next(numbers)))
            head = await reader.readuntil(b"\r\n\r\n")
            assert b" 200 " in head.split(b"\r\n", 1)[0], head
            length = next(
                int(line.split(b":")[1])
                for line in head.lower().split(b"\r\n")
                if line.startswith(b"content-length")
            )
            await reader.readexactly(length)
            times.append(time.perf_counter() - began)
            step += 1
        writer.close()

    await asyncio.gather(*(client(number) for number in range(clients)))
    return times


if __name__ == "__main__":
    main()

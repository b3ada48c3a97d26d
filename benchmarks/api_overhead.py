"""What a picture costs beside the encoder: `python -m benchmarks.api_overhead [--pictures 1000]`.

Processor time, so that a busy machine disturbs little, of a service whose encoder costs nothing:
indexing a folder of 640x480 JPEG files (read, hash, decode in child processes, store), and search
by picture with 8 clients (parse, decode, search, answer).
"""

from __future__ import annotations

import argparse
import asyncio
import pickle
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import numpy as np
import psutil

from benchmarks.api_load import QUERIES, UNIQUE, _measure, draw, form, photo
from kiosk.api import ApiServer, ApiSettings, create_app, listen
from kiosk.domain import Image, Vectors
from kiosk.pictures import encode_jpeg
from kiosk.settings import Settings
from kiosk.shop import Shop
from kiosk.vision.encoders import Encoder, fitting_of
from kiosk.vision.models import find_model

CLIENTS, SECONDS = 8, 5.0
CLIENT = """
import asyncio, pickle, sys
from benchmarks.api_load import _measure
address, seconds, requests = pickle.load(sys.stdin.buffer)
print(len(asyncio.run(_measure(address, requests, {clients}, seconds))))
"""


class NoEncoder(Encoder):
    """Different vectors for different pictures, at no cost."""

    model_id = fingerprint = "none"
    dimension = 512

    def __init__(self) -> None:
        self.fitting = fitting_of(find_model("efficientnet_lite0").card)

    def encode(self, images: Sequence[Image]) -> Vectors:
        parts = [image[::16, ::16].reshape(-1)[: self.dimension] for image in images]
        rows = np.array([np.resize(part, self.dimension) for part in parts], np.float32) - 127.5
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)

    def close(self) -> None: ...


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pictures", type=int, default=1000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "pictures"
        folder.mkdir()
        draw(folder, options.pictures)
        settings = ApiSettings(port=0, source_folder=folder)
        with (
            Shop.open(
                Settings(db=str(Path(name) / "db"), metric="cosine"),
                encoder=NoEncoder(),
                background=False,
            ) as shop,
            served(shop, settings) as address,
        ):
            requests = [
                form(address, "/api/v1/search", encode_jpeg(photo(number, 5), 85) + UNIQUE)
                for number in range(QUERIES)
            ]
            asyncio.run(_measure(address, requests, 2, 0.5))  # starts the children
            before = processor_ms()
            httpx.post(f"{address}/api/v1/preprocess", timeout=900).raise_for_status()
            told("indexing, a picture", before, options.pictures)
            before = processor_ms()
            told("search, a request", before, search(address, requests))


def search(address: str, requests: list[bytes]) -> int:
    """How many requests a process of its own got answered."""
    done = subprocess.run(
        [sys.executable, "-c", CLIENT.format(clients=CLIENTS)],
        input=pickle.dumps((address, SECONDS, requests)),
        stdout=subprocess.PIPE,
        check=True,
    )
    return int(done.stdout)


def processor_ms() -> tuple[float, float]:
    """Of this process, and of the children that decode."""
    own = psutil.Process()
    times = [sum(process.cpu_times()[:2]) * 1000 for process in (own, *own.children())]
    return times[0], sum(times[1:])


def told(what: str, before: tuple[float, float], count: int) -> None:
    service, children = (
        (now - then) / count for now, then in zip(processor_ms(), before, strict=True)
    )
    print(f"{what}: {service:.2f} ms in the service, {children:.2f} ms in its children ({count})")


@contextmanager
def served(shop: Shop, settings: ApiSettings) -> Iterator[str]:
    listener = listen(settings)
    server = ApiServer(create_app(shop, settings), settings)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


if __name__ == "__main__":
    main()

"""What a request costs, stage by stage: `python -m benchmarks.api_overhead [--model ID]`.

Processor time, so that a busy machine disturbs less, of indexing a folder of 640x480 JPEG files
(read, hash, decode in child processes, store) and of search by picture with 8 clients (parse,
decode, encode, search, answer). By default the encoder costs
nothing but fitting the picture to its size. With `--model` the last
line is what the bare encoder needs for a picture, beside all that a request needs: the share of
two busy cores that is left to the encoder.
"""

from __future__ import annotations

import argparse
import asyncio
import pickle
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import numpy as np
import psutil

from benchmarks.api_load import QUERIES, UNIQUE, _measure, draw, form, photo
from kiosk.api import ApiServer, ApiSettings, create_app, listen
from kiosk.domain import Image, Vectors
from kiosk.fitting import Fitting
from kiosk.pictures import encode_jpeg
from kiosk.settings import Settings
from kiosk.shop import Shop
from kiosk.vision.encoders import Encoder, load_encoder

CLIENTS, SECONDS = 8, 5.0
CLIENT = """
import asyncio, pickle, sys, time
from benchmarks.api_load import _measure
address, seconds, requests = pickle.load(sys.stdin.buffer)
began = time.process_time()
count = len(asyncio.run(_measure(address, requests, {clients}, seconds)))
print(count, time.process_time() - began)
"""


class NoEncoder(Encoder):
    """Different vectors for different pictures, at no cost."""

    model_id = fingerprint = "none"
    dimension = 512

    def __init__(self) -> None:
        self.fitting = Fitting(320, 320, "shortest")

    def encode(self, images: Sequence[Image]) -> Vectors:
        parts = [image[::16, ::16].reshape(-1)[: self.dimension] for image in images]
        rows = np.array([np.resize(part, self.dimension) for part in parts], np.float32) - 127.5
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)

    def close(self) -> None: ...


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pictures", type=int, default=1000)
    parser.add_argument("--model", default="")
    options = parser.parse_args()
    encoder = load_encoder(options.model) if options.model else NoEncoder()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "pictures"
        folder.mkdir()
        draw(folder, options.pictures)
        settings = ApiSettings(port=0, source_folder=folder)
        with (
            Shop.open(
                Settings(db=str(Path(name) / "db"), metric="cosine"),
                encoder=encoder,
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
            show("indexing, a picture", before, options.pictures)
            before, stages = processor_ms(), stage_ms(address)
            count, client_ms = search(address, requests)
            spent = show("search, a request", before, count) + client_ms / count
            print(f"  {client_ms / count:.2f} ms in the clients")
            for stage, total in stage_ms(address).items():
                mean = (total - stages.get(stage, 0.0)) / count
                print(f"  {stage:8} {mean:6.2f} ms on the clock, waiting included")
            if options.model:
                bare = bare_ms(encoder)
                print(f"the bare encoder: {bare:.2f} ms, {bare / spent:.2f} of the request")


def search(address: str, requests: list[bytes]) -> tuple[int, float]:
    """How many requests a process of its own got answered, and its processor milliseconds."""
    done = subprocess.run(
        [sys.executable, "-c", CLIENT.format(clients=CLIENTS)],
        input=pickle.dumps((address, SECONDS, requests)),
        stdout=subprocess.PIPE,
        check=True,
    )
    count, seconds = done.stdout.split()
    return int(count), 1000 * float(seconds)


def stage_ms(address: str) -> dict[str, float]:
    """Milliseconds that each stage took so far, by the service's own metrics."""
    page = httpx.get(f"{address}/api/v1/metrics").raise_for_status().text
    found = re.findall(r'shelflens_stage_seconds_sum{stage="(\w+)"} (\S+)', page)
    return {stage: 1000 * float(seconds) for stage, seconds in found}


def bare_ms(encoder: Encoder) -> float:
    """Processor milliseconds of one picture, 640x480, preprocessing included."""
    images = [photo(number, 5) for number in range(QUERIES)]
    began = time.process_time()
    for image in images:
        encoder.encode([image])
    return 1000 * (time.process_time() - began) / len(images)


def processor_ms() -> tuple[float, float]:
    """Of this process, and of the children that decode."""
    own = psutil.Process()
    times = [sum(process.cpu_times()[:2]) * 1000 for process in (own, *own.children())]
    return times[0], sum(times[1:])


def show(what: str, before: tuple[float, float], count: int) -> float:
    """Print what each of `count` took since `before`; return the sum in milliseconds."""
    service, children = (
        (now - then) / count for now, then in zip(processor_ms(), before, strict=True)
    )
    print(f"{what}: {service:.2f} ms in the service, {children:.2f} ms in its children ({count})")
    return service + children


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

"""Kill the service again and again while it writes and indexes; nothing acknowledged is lost."""

from __future__ import annotations

import contextlib
import json
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.api.conftest import jpeg

PROGRAM = """
import json, sys
from kiosk.api import load_api_settings, serve
from kiosk.settings import load_settings
settings = load_api_settings(port=0, decode_workers=1, **json.loads(sys.argv[2]))
sys.exit(serve(load_settings(db=sys.argv[1], threads=1), settings))
"""
MOST_ACKNOWLEDGED = 5
LONGEST_S = 0.1


@dataclass
class Acknowledged:
    """What the service said it has stored."""

    products: set[str] = field(default_factory=set)
    photos: set[tuple[str, str]] = field(default_factory=set)
    vectors: set[int] = field(default_factory=set)
    one_more: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    """Released for each product and photo; vectors are too quick to count."""


class ServiceProcess:
    """The service in a process of its own, as an operator starts it."""

    def __init__(self, db: Path, **settings: object) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(db), json.dumps(settings)],
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        assert self._process.stdout is not None
        said = self._process.stdout.readline()
        assert said.startswith("Shelflens is at http://"), said
        self.pid = self._process.pid
        self.address = said.split()[-1].removesuffix("/ui")

    def end(self, how: signal.Signals) -> int:
        self._process.send_signal(how)
        status = self._process.wait(60)
        assert self._process.stdout is not None
        self._process.stdout.close()
        return status


def run(folder: Path, rounds: int, pictures: int, tell: Callable[[str], None]) -> Acknowledged:
    """Kill the service `rounds` times, then start it once more and check everything."""
    source = folder / "pictures"
    source.mkdir(parents=True)
    for number in range(pictures):
        (source / f"picture-{number}.jpg").write_bytes(jpeg(5000 + number))
    told, rng = Acknowledged(), random.Random(3)
    for number in range(rounds):
        service = started(folder / "db", source, told)
        stop = threading.Event()
        works = (write_products, write_vectors, index)
        threads = [
            threading.Thread(target=until_killed, args=(work, service.address, told, number, stop))
            for work in works
        ]
        for thread in threads:
            thread.start()
        for _ in range(rng.randint(1, MOST_ACKNOWLEDGED)):
            told.one_more.acquire(timeout=60)
        stop.wait(rng.uniform(0, LONGEST_S))
        service.end(signal.SIGKILL)
        stop.set()
        for thread in threads:
            thread.join(30)
        tell(
            f"kill {number + 1}: {len(told.products)} products, {len(told.photos)} photos, "
            f"{len(told.vectors)} vectors acknowledged"
        )
    service = started(folder / "db", source, told)
    with client(service.address) as http:
        report = http.post("/api/v1/preprocess").json()
        assert report["success"], report
        status = http.get("/api/v1/preprocess/status").json()
        assert (status["processed_images"], status["pending_images"]) == (pictures, 0)
    assert service.end(signal.SIGTERM) in (0, -signal.SIGTERM)
    return told


def started(db: Path, source: Path, told: Acknowledged) -> ServiceProcess:
    """The service, running and complete; it does not outlive a failed check."""
    service = ServiceProcess(db, source_folder=str(source), max_batch_size=4)
    try:
        check(service.address, told)
    except BaseException:
        service.end(signal.SIGKILL)
        raise
    return service


def check(address: str, told: Acknowledged) -> None:
    """Everything that was acknowledged is there."""
    with client(address) as http:
        for sku in told.products:
            assert http.get(f"/api/v1/products/{sku}").status_code == 200, sku
        for sku in {sku for sku, _ in told.photos}:
            there = {photo["id"] for photo in http.get(f"/api/v1/products/{sku}/photos").json()}
            assert {photo for other, photo in told.photos if other == sku} <= there
        for _, photo in told.photos:
            assert http.get(f"/api/v1/photos/{photo}", params={"side": 32}).status_code == 200
        for key in told.vectors:
            found = http.get(f"/api/v1/collections/events/vectors/{key}")
            assert found.status_code == 200, key


def client(address: str) -> httpx.Client:
    return httpx.Client(base_url=address, timeout=60, trust_env=False)


def until_killed(
    work: Callable[[httpx.Client, Acknowledged, int, int], None],
    address: str,
    told: Acknowledged,
    number: int,
    stop: threading.Event,
) -> None:
    with client(address) as http, contextlib.suppress(httpx.TransportError):
        step = 0
        while not stop.is_set():
            work(http, told, number, step)
            step += 1


def write_products(http: httpx.Client, told: Acknowledged, number: int, step: int) -> None:
    sku = f"K-{number}-{step}"
    body = {"sku": sku, "name": f"Thing {sku}", "price": 100 + step}
    if http.post("/api/v1/products", json=body).status_code == 201:
        told.products.add(sku)
        told.one_more.release()
    files = {"photos": jpeg(number * 100 + step)}
    answer = http.post(f"/api/v1/products/{sku}/photos", files=files)
    if answer.status_code == 201:
        told.photos.update((sku, photo["id"]) for photo in answer.json())
        told.one_more.release()


def write_vectors(http: httpx.Client, told: Acknowledged, number: int, step: int) -> None:
    vector = [float(number), float(step), 1.0, 0.5]
    body = {"filename": f"{number}-{step}.jpg", "vector": vector, "event_code": "E"}
    answer = http.post("/add_image", json=body)
    if answer.status_code == 200:
        told.vectors.add(answer.json()["id"])


def index(http: httpx.Client, _told: Acknowledged, _number: int, _step: int) -> None:
    http.post("/api/v1/preprocess", params={"batch_size": 2})

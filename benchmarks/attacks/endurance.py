"""Hours of a kiosk and of a service, compressed: what grows, and what does not come back."""

from __future__ import annotations

import http.server
import itertools
import queue
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import psutil

from benchmarks.attacks.report import SLOW_S, Budget, Growth, Outcome
from kiosk.camera import CameraState, CameraStatus, Capture, Frame, FrameSlot, open_source
from kiosk.camera.watchdog import BackOff, Limits
from kiosk.demo import FRAMES_PER_S, DemoCamera, fill_demo_shop
from kiosk.live import LivePipeline
from kiosk.settings import load_settings
from kiosk.shop import Shop
from tests.api.conftest import jpeg
from tests.api.crashing import ServiceProcess

SHOWS = 12  # of the demo camera, played again and again: what is drawn once costs no time
EVERY = 3  # as on a slow machine
CLIENTS = 4  # chosen by eye
PATIENCE_S = 30.0  # for a camera that is back
REQUESTS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("GET", "/api/v1/health", {}),
    ("GET", "/api/v1/products?limit=20", {}),
    ("GET", "/api/v1/search?text=thing", {}),
    ("GET", "/ui/", {}),
    ("GET", "/api/v1/products/none", {}),
    ("POST", "/api/v1/products", {"json": {"sku": "A", "name": "A thing"}}),
    ("POST", "/api/v1/search", {"data": {"text": "thing"}}),
    ("POST", "/api/v1/search", {"json": {"a": "\u0000"}}),
)


def watch(folder: Path, budget: Budget) -> Outcome:
    """Play the demo camera into the live pipeline, with the shipped encoder, without waiting."""
    fill_demo_shop(str(folder))
    outcome, growth = Outcome(), Growth(psutil.Process())
    settings = load_settings(db=str(folder), source="demo")
    camera = DemoCamera(width=640, height=360, seed=budget.seed, shows=SHOWS)
    camera.open()
    images = [frame.image for frame in iter(camera.read, None)]
    changes = 0
    with Shop.open(settings, background=False) as shop:
        shop.refresh()
        pipeline = LivePipeline(shop, every=EVERY, codes=shop)
        for number in budget.rounds():
            t_ms = number * 1000 // FRAMES_PER_S
            frame = Frame(images[number % len(images)], number, t_ms)
            changes += pipeline.step(frame) is not None
            if number % 500 == 0:
                growth.sample(number / FRAMES_PER_S / 3600)
            outcome.rounds += 1
    hours = outcome.rounds / FRAMES_PER_S / 3600
    outcome.figures = f"{hours:.2f} h of kiosk time, {changes} overlays; {growth.slopes(1, 'hour')}"
    if not changes:
        outcome.found.append("nothing was ever seen")
    return outcome


def ask(folder: Path, budget: Budget) -> Outcome:
    """Send requests of every family from several clients; sample the service's process."""
    outcome = Outcome()
    service = ServiceProcess(folder / "db")
    growth, numbers = Growth(psutil.Process(service.pid)), iter(budget.rounds())
    lock = threading.Lock()

    def client() -> None:
        with httpx.Client(base_url=service.address, timeout=60, trust_env=False) as http_client:
            while True:
                with lock:
                    number = next(numbers, None)
                if number is None:
                    return
                began = time.monotonic()
                method, path, given = REQUESTS[number % len(REQUESTS)]
                if number % 1000 == 999:  # now and then a picture
                    method, path = "POST", "/api/v1/search"
                    given = {"files": {"file": jpeg(number % 7)}}
                status = http_client.request(method, path, **given).status_code
                with lock:
                    outcome.rounds += 1
                    outcome.slow += time.monotonic() - began > SLOW_S
                    if status >= 500:
                        outcome.found.append(f"{method} {path}: {status}")
                    if number % 500 == 0:
                        growth.sample(number)

    try:
        with ThreadPoolExecutor(CLIENTS) as pool:
            for ended in [pool.submit(client) for _ in range(CLIENTS)]:
                ended.result()
    finally:
        service.end(signal.SIGTERM)
    outcome.figures = growth.slopes(100_000, "100,000 requests")
    return outcome


class _Stream(http.server.BaseHTTPRequestHandler):
    """A network camera whose connection breaks after ten frames."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=b")
        self.end_headers()
        for number in itertools.islice(itertools.count(), 10):
            data = jpeg(number)
            head = f"--b\r\nContent-Type: image/jpeg\r\nContent-Length: {len(data)}\r\n\r\n"
            self.wfile.write(head.encode() + data + b"\r\n")
            time.sleep(0.01)
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def cut_camera(folder: Path, budget: Budget) -> Outcome:  # noqa: ARG001
    """Cut the stream of a network camera, and wait until the picture is back."""
    outcome, growth, me = Outcome(), Growth(psutil.Process()), psutil.Process()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Stream)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    statuses: queue.Queue[CameraStatus] = queue.Queue()
    capture = Capture(
        lambda: open_source(f"http://127.0.0.1:{server.server_port}/camera.mjpg"),
        FrameSlot(),
        statuses.put,
        back_off=BackOff(first_s=0.02, longest_s=0.05),
        limits=Limits(first_frame_s=PATIENCE_S),
    )
    capture.start()
    try:
        for number in budget.rounds():
            began = time.monotonic()
            while statuses.get(timeout=PATIENCE_S).state is not CameraState.LIVE:
                pass
            outcome.slow += time.monotonic() - began > SLOW_S
            outcome.rounds += 1
            growth.sample(number)
    except queue.Empty:
        outcome.found.append(f"no picture after cut {outcome.rounds}")
    finally:
        capture.stop()
        server.shutdown()
        server.server_close()
    if left := [child for child in me.children() if child.name() != "resource_tracker"]:
        outcome.found.append(f"{len(left)} processes are left")
    outcome.figures = growth.slopes(100, "100 cuts")
    return outcome

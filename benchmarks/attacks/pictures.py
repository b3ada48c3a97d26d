"""Hostile pictures through every way in: HTTP, import, and the commands."""

from __future__ import annotations

import collections
import csv
import itertools
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx

from benchmarks.attacks.report import SLOW_S, Budget, Growth, Outcome
from tests.api.conftest import jpeg
from tests.api.crashing import ServiceProcess
from tests.api.hostile import hostile_uploads, multipart

ROUTES = (
    ("/api/v1/search", "file"),
    ("/api/v1/find-similar", "file"),
    ("/extract_features", "file"),
    ("/api/v1/extract", "file"),
    ("/api/v1/products/A/photos", "photos"),
)
EXPECTED = {200, 201, 400, 413, 415, 422}
AN_IMPORT = 100  # pictures; chosen by eye
FAULT_SIGNS = ("Traceback", "should not have happened")


def over_http(folder: Path, budget: Budget) -> Outcome:
    """Send pictures to every route that takes one, as form fields with hostile names."""
    import psutil

    outcome, statuses = Outcome(), collections.Counter[int]()
    service = ServiceProcess(folder / "db")
    growth = Growth(psutil.Process(service.pid))
    try:
        with httpx.Client(base_url=service.address, timeout=60, trust_env=False) as http:
            http.post("/api/v1/products", json={"sku": "A", "name": "A"})
            uploads = hostile_uploads(budget.wanted, budget.seed)
            for number, upload in zip(budget.rounds(), uploads, strict=False):
                status = _send(http, number, upload, outcome)
                statuses[status] += 1
                if status not in EXPECTED:
                    outcome.found.append(f"upload {number} ({upload[0]}): {status}")
                if number % 100 == 0:
                    growth.sample(number)
                outcome.rounds += 1
            found = http.post("/api/v1/products/A/photos", files={"photos": jpeg(1)}).status_code
            if found != 201:
                outcome.found.append(f"a good photo afterwards: {found}")
    finally:
        service.end(signal.SIGTERM)
    outcome.figures = f"{dict(sorted(statuses.items()))}; {growth.slopes(10_000, '10,000')}"
    return outcome


def by_import(folder: Path, budget: Budget) -> Outcome:
    """Let `kiosk import` take pictures in, a hundred at a time."""
    outcome, taken = Outcome(), 0
    uploads = hostile_uploads(budget.wanted, budget.seed + 1)
    for number in budget.rounds():
        batch = list(itertools.islice(uploads, AN_IMPORT))
        if not batch:
            break
        pictures = folder / f"pictures-{number}"
        pictures.mkdir()
        _write_csv(pictures, number, batch)
        arguments = ["import", str(pictures / "products.csv"), "--photos"]
        taken += _run(folder, [*arguments, str(pictures / "photos.csv")], outcome) in (0, 3)
        outcome.rounds += len(batch)
    outcome.figures = f"{taken} imports ended with 0 or 3"
    return outcome


def by_command(folder: Path, budget: Budget) -> Outcome:
    """Give pictures to `kiosk search` and `kiosk enroll` by turns."""
    outcome, statuses = Outcome(), collections.Counter[int]()
    uploads = hostile_uploads(budget.wanted, budget.seed + 2)
    for number, (_, _, _, data) in zip(budget.rounds(), uploads, strict=False):
        file = folder / f"{number}.jpg"
        file.write_bytes(data)
        enrol = ["enroll", str(file), "--sku", f"S{number}", "--name", "Thing", "--price", "1"]
        arguments = enrol if number % 2 else ["search", "--image", str(file)]
        statuses[_run(folder, arguments, outcome)] += 1
        outcome.rounds += 1
    outcome.figures = f"exit statuses {dict(sorted(statuses.items()))}"
    return outcome


def _send(
    http: httpx.Client, number: int, upload: tuple[str, str, str, bytes], outcome: Outcome
) -> int:
    _, name, claimed, data = upload
    path, field = ROUTES[number % len(ROUTES)]
    body, kind = multipart(name, claimed, data, field=field)
    began = time.monotonic()
    status = http.post(path, content=body, headers={"Content-Type": kind}).status_code
    outcome.slow += time.monotonic() - began > SLOW_S
    return status


def _write_csv(folder: Path, batch: int, uploads: list[tuple[str, str, str, bytes]]) -> None:
    rng = random.Random(batch)
    with (
        (folder / "products.csv").open("w", newline="") as products,
        (folder / "photos.csv").open("w", newline="") as photos,
    ):
        csv.writer(products).writerows([("sku", "name", "price"), (f"P{batch}", "Thing", "3")])
        rows = csv.writer(photos)
        rows.writerow(("path", "sku"))
        for number, (kind, _, _, data) in enumerate(uploads):
            name = f"{number}-{kind}.{rng.choice(['jpg', 'png', 'webp', 'gif', 'tif'])}"
            (folder / name).write_bytes(data)
            rows.writerow((name, f"P{batch}"))


def _run(folder: Path, arguments: list[str], outcome: Outcome) -> int:
    """Run `kiosk`; note in `outcome` what ends otherwise than with a sentence."""
    command = [sys.executable, "-m", "kiosk", *arguments, "--db", str(folder / "db")]
    ended = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    if ended.returncode not in (0, 1, 3) or any(sign in ended.stderr for sign in FAULT_SIGNS):
        outcome.found.append(f"{arguments}: {ended.returncode} {ended.stderr[-200:]}")
    return ended.returncode

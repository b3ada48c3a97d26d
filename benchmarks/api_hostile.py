"""Send 5,000 hostile uploads to a service of its own: `python -m benchmarks.api_hostile`."""

from __future__ import annotations

import argparse
import collections
import signal
import tempfile
import time
from pathlib import Path

import httpx
import psutil

from tests.api.conftest import jpeg
from tests.api.crashing import ServiceProcess
from tests.api.hostile import hostile_uploads, multipart

ROUTES = ("/api/v1/search", "/api/v1/find-similar", "/extract_features", "/api/v1/extract")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--uploads", type=int, default=5000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        service = ServiceProcess(Path(folder) / "db")
        try:
            report(service, options.uploads)
        finally:
            service.end(signal.SIGTERM)


def report(service: ServiceProcess, uploads: int) -> None:
    process = psutil.Process(service.pid)
    statuses: collections.Counter[int] = collections.Counter()
    began = time.perf_counter()
    with httpx.Client(base_url=service.address, timeout=60, trust_env=False) as http:
        http.post(ROUTES[0], files={"file": jpeg(1)})
        before = memory_mb(process)
        peak = before
        for number, (_, name, claimed, data) in enumerate(hostile_uploads(uploads)):
            body, kind = multipart(name, claimed, data)
            answer = http.post(
                ROUTES[number % len(ROUTES)], content=body, headers={"Content-Type": kind}
            )
            statuses[answer.status_code] += 1
            if number % 50 == 0:
                peak = max(peak, memory_mb(process))
        stats = http.get("/api/v1/stats").json()
    faults = sum(count for status, count in statuses.items() if status >= 500)
    print(f"{uploads} hostile uploads in {time.perf_counter() - began:.0f} s")
    print(f"answers: {dict(sorted(statuses.items()))}; server errors: {faults}")
    print(f"memory with children: {before:.0f} MB before, {peak:.0f} MB at most")
    print(f"decoder children lost: {stats['decoder_restarts']}")


def memory_mb(process: psutil.Process) -> float:
    family = [process, *process.children()]
    return sum(one.memory_info().rss for one in family) / 1e6


if __name__ == "__main__":
    main()

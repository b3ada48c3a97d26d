"""The service as a process: it starts, survives being killed, and ends in good order."""

from __future__ import annotations

import signal
from pathlib import Path

import httpx

from tests.api.conftest import jpeg
from tests.api.crashing import ServiceProcess, run


def test_nothing_acknowledged_is_lost_when_it_is_killed(tmp_path: Path) -> None:
    lines: list[str] = []
    told = run(tmp_path, rounds=3, pictures=12, tell=lines.append)
    assert len(lines) == 3
    assert told.products | told.vectors


def test_it_ends_in_good_order_when_it_is_asked_to(tmp_path: Path) -> None:
    service = ServiceProcess(tmp_path / "db")
    with httpx.Client(base_url=service.address, trust_env=False, timeout=60) as http:
        http.post("/api/v1/products", json={"sku": "A", "name": "Tea", "price": 1})
        http.post("/api/v1/products/A/photos", files={"photos": jpeg(1)})
        assert http.post("/api/v1/search", files={"file": jpeg(1)}).json()["results"]
    assert service.end(signal.SIGTERM) == 0

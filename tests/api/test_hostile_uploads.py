"""Uploads that mean harm: each is answered, none breaks anything.

`benchmarks/campaign.py` sends 17,000.
"""

from __future__ import annotations

import shutil
import signal
from pathlib import Path

import httpx
import psutil
import pytest

from tests.api.conftest import Running, StockedFolder, jpeg
from tests.api.crashing import ServiceProcess
from tests.api.hostile import KINDS, broken_forms, hostile_uploads, multipart

UPLOADS = 242
ROUTES = ("/api/v1/search", "/api/v1/find-similar", "/extract_features", "/api/v1/extract")


def send(client: httpx.Client, path: str, body: bytes, kind: str) -> int:
    return client.post(path, content=body, headers={"Content-Type": kind}).status_code


def test_hostile_uploads_never_fail_the_service(
    tmp_path: Path, stocked_folder: StockedFolder
) -> None:
    db = shutil.copytree(stocked_folder(2), tmp_path / "shop")
    service = ServiceProcess(db, max_upload_mb=4)
    try:
        with httpx.Client(base_url=service.address, timeout=60, trust_env=False) as client:
            send(client, ROUTES[0], *multipart("a.jpg", "image/jpeg", jpeg(1)))
            before = psutil.Process(service.pid).memory_info().rss
            statuses: dict[str, set[int]] = {}
            for number, (kind, name, claimed, data) in enumerate(hostile_uploads(UPLOADS)):
                path = ROUTES[number % len(ROUTES)]
                status = send(client, path, *multipart(name, claimed, data))
                statuses.setdefault(kind, set()).add(status)
            assert set(statuses) == {kind.__name__ for kind in KINDS}
            assert set().union(*statuses.values()) <= {200, 400, 413, 415, 422}
            assert statuses["bomb"] == {422}
            assert statuses["odd_but_fine"] <= {200, 400}
            assert psutil.Process(service.pid).memory_info().rss - before < 200 * 2**20
            answer = client.post("/api/v1/search", files={"file": jpeg(1, 8)}).json()
            assert answer["results"][0]["sku"] == "P-1"
    finally:
        service.end(signal.SIGKILL)


# Starlette leaves the spooled file of a form that breaks off to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("number", range(len(broken_forms())))
def test_a_broken_form_is_a_plain_refusal(shared: Running, number: int) -> None:
    body, kind = broken_forms()[number]
    for path in ("/api/v1/search", "/search", "/api/v1/products"):
        assert send(shared.client, path, body, kind) in (400, 413, 415, 422)


def test_hostile_photos_never_reach_the_catalogue(service: Running) -> None:
    for _, name, claimed, data in hostile_uploads(44, seed=3):
        body, kind = multipart(name, claimed, data, field="photos")
        status = send(service.client, "/api/v1/products/P-1/photos", body, kind)
        assert status in (201, 400, 413, 415, 422)
    names = {path.name for path in (service.shop.settings.data_dir / "photos").iterdir()}
    assert all(len(name) == 68 and name.endswith(".jpg") for name in names)
    for photo in service.shop.catalog.photos("P-1"):
        stored = service.shop.catalog.photo_path(photo.sha256).read_bytes()
        assert b"script" not in stored
        assert b"php" not in stored


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/photos/..%2f..%2fcatalogue.db",
        "/api/v1/photos/" + "g" * 64,
        "/api/v1/photos/" + "0" * 64,
        "/api/v1/products/..%2f..%2fetc%2fpasswd",
        "/api/v1/products/%00",
        "/api/v1/products/" + "x" * 5000,
        "/api/v1/products/%ff%fe",
        "/api/v1/products/%ED%A0%80/photos",
        "/api/v1/collections/..%2fx",
        "/api/v1/models/..%2f..",
        "/api/v1/jobs/..",
    ],
)
def test_a_path_trick_finds_nothing(shared: Running, path: str) -> None:
    assert shared.client.get(path).status_code in (404, 422)


@pytest.mark.parametrize(
    "body",
    [
        {"sku": "a\x00b", "name": "x", "price": 1},
        {"sku": "a\nb", "name": "x", "price": 1},
        {"sku": "\u202eabc", "name": "x", "price": 1},
        {"sku": "ok", "name": "x", "price": -1},
        {"sku": "ok", "name": "x", "price": 10**30},
        {"sku": "ok", "name": "x", "price": 1, "currency": "ZZZ"},
        {"sku": "ok", "name": "x", "price": 1, "metadata": {"a": {"b": "c"}}},
        {"sku": "ok", "name": "x" * 301, "price": 1},
        {"sku": "ok", "name": "x", "price": 1, "active": False},
        [],
        "text",
        None,
    ],
)
def test_an_impossible_product_is_refused(shared: Running, body: object) -> None:
    assert shared.client.post("/api/v1/products", json=body).status_code == 422

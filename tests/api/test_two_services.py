"""Two services on one PostgreSQL: one catalogue, one set of collections, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from kiosk.settings import Settings
from kiosk.shop import Shop
from tests.api.conftest import Borrowed, Running, jpeg, product, serving
from tests.catalog.conftest import new_database


@pytest.fixture(scope="module")
def services(
    postgres_url: str, encoder: Borrowed, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Running, Running]]:
    url = new_database(postgres_url, "two_services")
    with pytest.MonkeyPatch.context() as patch, ExitStack() as opened:
        running = []
        for name in ("one", "two"):
            folder = tmp_path_factory.mktemp(name)
            for module in ("kiosk.settings", "kiosk.resources"):
                patch.setattr(f"{module}.default_data_dir", lambda folder=folder: folder)
            shop = Shop.open(Settings(db=url), encoder=encoder, background=False, on_server=True)
            opened.enter_context(shop)
            running.append(opened.enter_context(serving(shop)))
        yield running[0], running[1]


def test_a_picture_enrolled_at_one_is_found_at_the_other(
    services: tuple[Running, Running],
) -> None:
    here, there = services
    for number in (1, 2, 3):
        made = product(number)
        body = {"sku": made.sku, "name": made.name, "price": made.price.minor, "category": "tea"}
        here.json("POST", "/api/v1/products", 201, json=body)
        files = [("photos", jpeg(number)), ("photos", jpeg(number, 20))]
        here.json("POST", f"/api/v1/products/{made.sku}/photos", 201, files=files)
    found = there.json("POST", "/api/v1/search", files={"file": jpeg(2, 10)})
    assert found["results"][0]["sku"] == product(2).sku
    like = there.json("GET", f"/api/v1/products/{product(2).sku}/similar")
    assert product(2).sku not in [hit["sku"] for hit in like]
    assert len(like) == 2
    matches = there.json(
        "POST", "/api/v1/find-similar", files={"file": jpeg(2, 10)}, params={"threshold": -1}
    )["matches"]
    assert len(matches) == 6
    cover = there.client.get(f"/api/v1/products/{product(2).sku}/cover")
    assert cover.content[:2] == b"\xff\xd8"


def test_a_price_changed_at_one_is_what_the_other_says(
    services: tuple[Running, Running],
) -> None:
    here, there = services
    here.json("PATCH", f"/api/v1/products/{product(1).sku}", json={"price": 777})
    found = there.json("POST", "/api/v1/search", files={"file": jpeg(1, 10)})
    assert found["results"][0]["price"] == 777
    there.json("POST", f"/api/v1/products/{product(1).sku}/retire")
    found = here.json("POST", "/api/v1/search", files={"file": jpeg(1, 10)})
    assert product(1).sku not in [hit["sku"] for hit in found["results"]]


def test_a_collection_filled_at_one_is_searched_at_the_other(
    services: tuple[Running, Running],
) -> None:
    here, there = services
    base = "/api/v1/collections/fair-26"
    body = [{"vector": [1, 0, 0], "filename": "a.jpg"}, {"vector": [0, 1, 0], "filename": "b.jpg"}]
    made = here.json("POST", f"{base}/vectors", 201, json=body)
    assert there.json("GET", base)["tier"] == "server"
    wanted = {"vector": [0.1, 0.9, 0], "top_k": 1}
    found = there.json("POST", f"{base}/search", json=wanted)
    assert [hit["filename"] for hit in found] == ["b.jpg"]
    there.json("DELETE", f"{base}/vectors/{made[1]['id']}", 204)
    found = here.json("POST", f"{base}/search", json=wanted)
    assert [hit["filename"] for hit in found] == ["a.jpg"]
    here.json("DELETE", base, 204)
    there.json("POST", f"{base}/search", 404, json=wanted)

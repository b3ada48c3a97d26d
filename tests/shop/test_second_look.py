"""The second look in a shop: stored details, read when they are needed, tell look-alikes apart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from kiosk.domain import Image, Price, Product
from kiosk.settings import Settings
from kiosk.shop import Shop
from kiosk.shop.second_look import SecondLook
from kiosk.vectors import l2_normalise
from kiosk.vision.encoders import Encoder
from tests.recognition.test_details import held, pack

SKUS = ("P1", "P2", "P3")


class Blind(Encoder):
    """Cannot tell one pack from another: a vector of the mean colour."""

    model_id = "blind"
    fingerprint = "blind@1"
    dimension = 8

    def encode(self, images: list[Image]) -> np.ndarray:
        means = np.array([image.reshape(-1, 3).mean(axis=0) for image in images], np.float32)
        rows = np.concatenate([np.full((len(images), 5), 400.0, np.float32), means], axis=1)
        return l2_normalise(rows)

    def close(self) -> None:
        pass


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with Shop.open(Settings(db=str(tmp_path)), encoder=Blind(), background=False) as shop:
        for number, sku in enumerate(SKUS, 1):
            shop.enrol(Product(sku, f"Pack {number}", Price(100, "TWD")), [pack(number, number)])
        shop.build_features()
        yield shop


def test_details_find_the_product_that_the_glance_cannot(shop: Shop) -> None:
    image = held(pack(3, 3))
    vectors = shop.embed(image)
    glance = shop.recognise(vectors)
    assert glance.best is not None
    assert glance.best.sku != "P3"
    assert shop.needs_evidence(glance)
    evidence = shop.gather_evidence(image, vectors)
    assert set(evidence) == set(SKUS)
    answer = shop.recognise_with(vectors, None, evidence)
    assert answer.best is not None
    assert answer.best.sku == "P3"
    assert answer.best.evidence == evidence["P3"]
    assert answer.best.confidence > 0.8


def test_search_by_picture_looks_again_and_says_what_it_saw(shop: Shop) -> None:
    found = shop.search(image=held(pack(2, 2)))
    assert found.hits[0].product.sku == "P2"
    details = found.hits[0].evidence.details
    assert details is not None
    assert details.inliers > 30


def test_photo_whose_details_are_not_stored_yet_is_left_out(shop: Shop) -> None:
    shop.enrol(Product("NEW", "New", Price(100, "TWD")), [pack(9, 9)])
    image = held(pack(9, 9))
    assert "NEW" not in shop.gather_evidence(image, shop.embed(image))
    shop.build_features()
    assert "NEW" in shop.gather_evidence(image, shop.embed(image))


def test_stored_details_are_read_once_and_forgotten_when_they_are_many(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [shop.catalog.photos(sku)[0].sha256 for sku in SKUS]
    store = shop.catalog
    asked: list[list[str]] = []
    stored = store.features  # type: ignore[attr-defined]

    def features(kind: str, version: str, wanted: list[str]) -> dict[str, bytes]:
        asked.append(sorted(wanted))
        return stored(kind, version, wanted)  # type: ignore[no-any-return]

    monkeypatch.setattr(store, "features", features)
    look = SecondLook(store)  # type: ignore[arg-type]
    photos = {sku: (name,) for sku, name in zip(SKUS, names, strict=True)}
    first = look.compare(held(pack(1, 1)), photos)
    assert look.compare(held(pack(1, 1)), photos) == first
    assert asked == [sorted(names)]
    monkeypatch.setattr("kiosk.shop.second_look.CACHE_BYTES", 100_000)
    small = SecondLook(store)  # type: ignore[arg-type]
    assert small.compare(held(pack(1, 1)), photos) == first
    assert small.compare(held(pack(1, 1)), photos) == first
    assert len(asked) == 3
    assert len(asked[2]) < 3

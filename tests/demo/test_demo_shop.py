"""The demo shop as a whole: copied, opened, and recognised from the demo camera."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import zxingcpp

from kiosk.demo import DemoCamera, Show, demo_products, fill_demo_shop, shop_files, strangers
from kiosk.domain import Decision, Image, Recognition
from kiosk.errors import StorageError
from kiosk.live import watch
from kiosk.pictures import read_picture
from kiosk.settings import Settings
from kiosk.shop import Shop
from kiosk.vision.frame import reticle_box

PRODUCTS = demo_products()
VIEWS = 5
LOOKS = (14, 58)  # frames after the hand has stopped


@pytest.fixture(scope="module")
def demo_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder = str(tmp_path_factory.mktemp("demo"))
    fill_demo_shop(folder)
    with Shop.open(Settings(db=folder), background=False) as shop:
        yield shop


@pytest.fixture(scope="module")
def staff_photos(demo_shop: Shop) -> dict[str, list[Image]]:
    """Every photo by SKU: front, left, right, back and top."""
    store = demo_shop.catalog
    return {
        product.sku: [
            read_picture(store.photo_path(photo.sha256)) for photo in store.photos(product.sku)
        ]
        for product in PRODUCTS
    }


@dataclass(frozen=True)
class Answer:
    show: Show
    recognition: Recognition

    @property
    def right(self) -> bool:
        best = self.recognition.best
        return best is not None and best.sku == self.show.sku


@pytest.fixture(scope="module")
def answers(demo_shop: Shop) -> list[Answer]:
    """What the kiosk says to each show of one round of the demo camera."""
    camera = DemoCamera(seed=11)
    said = []
    for show in camera.schedule(camera.round_shows):
        frames = [camera.still(show.held + look) for look in LOOKS]
        box = reticle_box(camera.width, camera.height)
        vectors = np.concatenate([demo_shop.embed(box.crop(frame)) for frame in frames])
        said.append(Answer(show, demo_shop.recognise(vectors)))
    return said


def test_every_product_has_a_photo_of_each_view(staff_photos: dict[str, list[Image]]) -> None:
    assert all(len(photos) == VIEWS for photos in staff_photos.values())
    different = {photo.tobytes() for photos in staff_photos.values() for photo in photos}
    assert len(different) == len(PRODUCTS) * VIEWS


def test_views_of_a_product_differ(staff_photos: dict[str, list[Image]]) -> None:
    for front, _, _, back, _ in staff_photos.values():
        assert np.abs(front.astype(np.int16) - back).mean() > 1


def test_every_barcode_can_be_read_from_its_photo(staff_photos: dict[str, list[Image]]) -> None:
    for product in PRODUCTS:
        if product.barcode:
            found = zxingcpp.read_barcodes(staff_photos[product.sku][3])
            assert product.barcode in [code.text for code in found], product.sku


def test_the_shop_sells_what_is_listed(demo_shop: Shop) -> None:
    listed = {(p.sku, p.name, p.price, p.category, p.description, p.barcode) for p in PRODUCTS}
    sold = demo_shop.catalog.products()
    assert {(p.sku, p.name, p.price, p.category, p.description, p.barcode) for p in sold} == listed


def test_nothing_is_left_to_encode_or_to_learn(demo_shop: Shop) -> None:
    assert demo_shop.catalog.missing_vectors(demo_shop.index.fingerprint) == []
    assert not demo_shop._manager.serving.index.is_behind()


def test_vectors_are_those_of_the_encoder(
    demo_shop: Shop, staff_photos: dict[str, list[Image]]
) -> None:
    gallery = demo_shop.catalog.gallery(demo_shop.index.fingerprint, ["SHOE-001"])
    made = np.concatenate([demo_shop.embed(photo) for photo in staff_photos["SHOE-001"][:2]])
    assert np.sum(gallery.vectors[:2] * made, axis=1).min() > 0.999


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    fill_demo_shop(str(tmp_path / "shop"))
    catalogue = tmp_path / "shop" / "catalogue.db"
    catalogue.write_bytes(b"mine")
    fill_demo_shop(str(tmp_path / "shop"))
    assert catalogue.read_bytes() == b"mine"
    assert [path.name for path in tmp_path.iterdir()] == ["shop"]


def test_a_server_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    fill_demo_shop("postgresql://localhost/shop")
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_hold_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="could not be copied"):
        fill_demo_shop(str(tmp_path / "file" / "shop"))


def test_the_files_are_small_enough_for_every_kiosk() -> None:
    art = shop_files().parent
    files = [path for folder in ("shop", "camera") for path in (art / folder).rglob("*.*")]
    assert sum(path.stat().st_size for path in files) < 8e6


def test_held_products_are_recognised(answers: list[Answer]) -> None:
    stocked = [a for a in answers if a.show.stocked]
    wrong = [a.show.sku for a in stocked if not a.right]
    assert len(stocked) == len(PRODUCTS)
    assert len(wrong) <= len(stocked) * 0.1, wrong


def test_no_product_is_named_wrongly(answers: list[Answer]) -> None:
    named = [a for a in answers if a.recognition.decision is Decision.NAMED]
    assert len(named) >= len(PRODUCTS) * 0.6
    assert [a.show.sku for a in named if not a.right] == []


def test_what_the_shop_does_not_sell_is_not_named(answers: list[Answer]) -> None:
    unsold = [a for a in answers if not a.show.stocked]
    assert {a.show.sku for a in unsold} == set(strangers())
    assert all(a.recognition.decision is not Decision.NAMED for a in unsold)


def test_the_screen_follows_the_demo_camera(demo_shop: Shop) -> None:
    camera, out = DemoCamera(seed=0, shows=6), io.StringIO()
    watch(camera, demo_shop, out, realtime=False)
    events = [json.loads(line) for line in out.getvalue().splitlines()]
    for show in camera.schedule():
        during = [e for e in events if show.entering <= e["frame"] <= show.last + 10]
        answers = [e for e in during if e["state"] in {"matched", "unknown"}]
        assert answers, show.sku
        assert {e["sku"] for e in answers} <= {None, show.sku}
        assert show.stocked or answers[-1]["sku"] is None
        if show.stocked:
            assert answers[-1]["candidates"][0] == show.sku
        assert any(e["state"] == "idle" for e in during if e["frame"] >= show.leaving), show.sku

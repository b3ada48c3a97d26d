"""The demo shop as a whole: drawn, enrolled, and recognised from the demo camera."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest
import zxingcpp

from kiosk.demo import DEMO_STOCK, VIEWS, DemoCamera, build_demo_shop, draw
from kiosk.demo.catalogue import DEMO_UNSTOCKED, demo_products
from kiosk.demo.motion import ROUND_SHOWS, Show
from kiosk.domain import Decision, Image, Recognition
from kiosk.errors import BugError
from kiosk.live import watch
from kiosk.pictures import read_picture
from kiosk.settings import Settings
from kiosk.shop import Shop
from kiosk.vision.frame import reticle_box

Photos = dict[tuple[str, str], Image]
pytestmark = pytest.mark.timeout(900)
LOOKS = (14, 58)  # frames after the hand has stopped


@pytest.fixture(scope="module")
def demo_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Shop, list[int]]]:
    """The demo shop, freshly built, and what its progress said."""
    steps: list[int] = []
    settings = Settings(db=str(tmp_path_factory.mktemp("demo")), model="efficientnet_lite0")
    with Shop.open(settings, background=False) as shop:
        build_demo_shop(shop, lambda done, total: steps.append(done * 1000 + total))
        assert shop.engine.refit().taken
        yield shop, steps


@pytest.fixture(scope="module")
def staff_photos(demo_shop: tuple[Shop, list[int]]) -> Photos:
    """Every photo as it was stored, by (SKU, view)."""
    store = demo_shop[0].store
    return {
        (thing.product.sku, view): read_picture(store.photo_path(photo.sha256))
        for thing in DEMO_STOCK
        for view, photo in zip(VIEWS, store.photos(thing.product.sku), strict=True)
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
def answers(demo_shop: tuple[Shop, list[int]]) -> list[Answer]:
    """What the kiosk says to each show of one round of the demo camera."""
    shop = demo_shop[0]
    camera = DemoCamera(seed=11)
    said = []
    for show in camera.schedule(ROUND_SHOWS):
        frames = [camera.still(show.held + look) for look in LOOKS]
        box = reticle_box(camera.width, camera.height)
        vectors = np.concatenate([shop.embed(box.crop(frame)) for frame in frames])
        said.append(Answer(show, shop.recognise(vectors)))
    return said


def test_every_product_has_a_photo_of_each_view(staff_photos: Photos) -> None:
    assert len(staff_photos) == len(DEMO_STOCK) * len(VIEWS)
    assert len({image.tobytes() for image in staff_photos.values()}) == len(staff_photos)


def test_views_of_a_product_differ(staff_photos: Photos) -> None:
    for thing in DEMO_STOCK:
        front, back = (staff_photos[thing.product.sku, view] for view in ("front", "back"))
        assert np.abs(front.astype(np.int16) - back).mean() > 1


def test_every_barcode_can_be_read_from_its_photo(staff_photos: Photos) -> None:
    for thing in demo_products():
        if thing.printed:
            found = zxingcpp.read_barcodes(staff_photos[thing.product.sku, "back"])
            assert thing.product.barcode in [code.text for code in found], thing.product.sku


def test_a_photo_is_drawn_the_same_every_time(staff_photos: Photos) -> None:
    thing = DEMO_STOCK[0]
    first, second = draw(thing, "left"), draw(thing, "left")
    assert np.array_equal(first, second)
    stored = staff_photos[thing.product.sku, "left"].astype(np.int16)
    assert np.abs(stored - first).mean() < 4


def test_an_unknown_view_is_our_own_mistake() -> None:
    with pytest.raises(BugError, match="there are front"):
        draw(DEMO_STOCK[0], "inside")


def test_building_fills_the_catalogue_and_tells_how_far_it_is(
    demo_shop: tuple[Shop, list[int]],
) -> None:
    shop, steps = demo_shop
    total = len(DEMO_STOCK)
    assert steps == [done * 1000 + total for done in range(total + 1)]
    assert {p.sku for p in shop.catalog.products()} == {t.product.sku for t in DEMO_STOCK}
    assert all(len(shop.catalog.photos(t.product.sku)) == len(VIEWS) for t in DEMO_STOCK)


def test_building_again_changes_nothing(demo_shop: tuple[Shop, list[int]]) -> None:
    shop = demo_shop[0]
    before = shop.catalog.revision()
    build_demo_shop(shop)
    assert shop.catalog.revision() == before


def test_held_products_are_recognised(answers: list[Answer]) -> None:
    stocked = [a for a in answers if a.show.stocked]
    wrong = [a.show.sku for a in stocked if not a.right]
    assert len(stocked) == len(DEMO_STOCK)
    assert len(wrong) <= len(stocked) * 0.1, wrong


def test_no_product_is_named_wrongly(answers: list[Answer]) -> None:
    named = [a for a in answers if a.recognition.decision is Decision.NAMED]
    assert len(named) >= len(DEMO_STOCK) * 0.6
    assert [a.show.sku for a in named if not a.right] == []


def test_what_the_shop_does_not_sell_is_not_named(answers: list[Answer]) -> None:
    strangers = [a for a in answers if not a.show.stocked]
    assert {a.show.sku for a in strangers} == {t.product.sku for t in DEMO_UNSTOCKED}
    assert all(a.recognition.decision is not Decision.NAMED for a in strangers)


def test_the_screen_follows_the_demo_camera(demo_shop: tuple[Shop, list[int]]) -> None:
    camera, out = DemoCamera(seed=0, shows=6), io.StringIO()
    watch(camera, demo_shop[0], out, realtime=False)
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

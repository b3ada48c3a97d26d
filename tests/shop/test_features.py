"""Features of stored photos, made while nothing else is to be done."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from kiosk.catalog import CatalogStore
from kiosk.domain import Image, Price, Product
from kiosk.pictures import read_picture
from kiosk.settings import Settings
from kiosk.shop import Shop
from kiosk.shop.features import FeatureBuilder
from tests.labels import CHINESE, LATIN, pack
from tests.shop.test_shop import Blocks


class MeanColour:
    """A quick extractor: the mean colour; nothing in a black picture."""

    kind, version = "mean", "1"

    def __init__(self) -> None:
        self.is_closed = False

    def extract(self, image: Image) -> bytes:
        self.is_closed = False
        return bytes(image.mean(axis=(0, 1)).astype(np.uint8)) if image.any() else b""

    def close(self) -> None:
        self.is_closed = True


@pytest.fixture
def store(tmp_path: Path) -> Iterator[CatalogStore]:
    with CatalogStore.open(tmp_path) as opened:
        opened.put_product(Product("A", "Oat drink", Price(100, "TWD")))
        yield opened


def grey(level: int) -> Image:
    return np.full((64, 64, 3), level, np.uint8)


def builder(store: CatalogStore, extractor: MeanColour, **options: object) -> FeatureBuilder:
    def read(name: str) -> Image:
        return read_picture(store.photo_path(name))

    return FeatureBuilder(store, [extractor], read, **options)  # type: ignore[arg-type]


def test_each_photo_is_looked_at_once_and_a_new_one_when_it_comes(store: CatalogStore) -> None:
    extractor = MeanColour()
    first = store.add_photo("A", grey(90)).sha256
    black = store.add_photo("A", grey(0)).sha256
    assert builder(store, extractor).build() == 2
    assert store.features("mean", "1", [first, black]) == {first: bytes([90] * 3), black: b""}
    assert store.pictures_with_features("mean", "1") == {"A": (first, black)}
    assert extractor.is_closed
    store.add_photo("A", grey(30))
    assert builder(store, extractor).build() == 1


def test_a_damaged_photo_keeps_the_others_from_nothing(store: CatalogStore) -> None:
    names = [store.add_photo("A", grey(level)).sha256 for level in (60, 90, 120)]
    store.photo_path(names[0]).write_bytes(b"\xff\xd8damaged")
    made = builder(store, MeanColour())
    assert made.build() == 2
    assert made.build() == 0
    assert store.missing_features("mean", "1") == [names[0]]


def test_the_thread_waits_while_the_index_is_behind_and_then_tells(store: CatalogStore) -> None:
    store.add_photo("A", grey(90))
    asked, built = threading.Event(), threading.Event()
    is_behind = True

    def is_busy() -> bool:
        asked.set()
        return is_behind

    made = builder(store, MeanColour(), is_busy=is_busy, on_built=built.set, first_s=0.0)
    made.start()
    try:
        assert asked.wait(30)
        assert not built.is_set()
        assert store.missing_features("mean", "1")
        is_behind = False
        made.wake()
        assert built.wait(30)
        assert not store.missing_features("mean", "1")
    finally:
        made.stop()


def test_words_on_photos_and_in_names_find_the_product_and_follow_changes(tmp_path: Path) -> None:
    with Shop.open(Settings(db=str(tmp_path)), encoder=Blocks(), background=False) as shop:
        shop.enrol(Product("A", "Drink", Price(100, "TWD")), [pack(("Oat drink", LATIN))])
        shop.enrol(Product("B", "Drink", Price(100, "TWD")), [pack(("牛奶", CHINESE))])
        assert shop.build_features() == 4  # details and words of two photos
        shown = shop.read_label(pack(("牛奶", CHINESE), side=700))
        assert shop.words.compare(shown, ["A", "B"])[1].similarity > 0.5
        assert shop.words.compare(shown, ["A", "B"])[0].similarity == 0
        shop.save_product(Product("A", "牛奶", Price(100, "TWD")))
        shop.retire("B")
        assert shop.words.skus == ("A",)
        assert shop.words.compare(shown, ["A"])[0].found == 1
        assert shop.build_features() == 0

"""Products with one picture get views; products with more photos need none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.settings import Settings
from kiosk.shop import Shop
from tests.shop.test_shop import Blocks, picture, product


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    settings = Settings(db=str(tmp_path))
    with Shop.open(settings, encoder=Blocks(), background=False) as shop:
        shop.enrol(product("ONE"), [picture(1)])
        shop.enrol(product("MORE"), [picture(2), picture(2, 12)])
        yield shop


def rows_of(shop: Shop, sku: str) -> int:
    index = shop._index._engine._current().index
    number = index.skus.index(sku)
    return int(index.starts[number + 1] - index.starts[number])


def test_only_picture_of_a_product_gets_views_at_the_next_refresh(shop: Shop) -> None:
    assert rows_of(shop, "ONE") == 1
    shop.refresh()
    assert rows_of(shop, "ONE") == 3
    assert rows_of(shop, "MORE") == 2


def test_views_are_no_photos(shop: Shop) -> None:
    shop.refresh()
    assert shop.index.photos == 3
    assert len(shop.gallery().photos) == 3
    assert shop.rehearse("ONE").tried == 0
    photo = shop.catalog.photos("ONE")[0].sha256
    assert shop._index.shortlist(shop.embed(picture(1)))["ONE"] == (photo,)


def test_views_leave_the_index_when_a_second_photo_comes(shop: Shop) -> None:
    shop.refresh()
    shop.add_photos("ONE", [picture(1, 20)])
    assert rows_of(shop, "ONE") == 2
    assert shop.rehearse("ONE").tried == 2


def test_views_are_encoded_once(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.refresh()
    encoded: list[int] = []
    encode = Blocks.encode

    def counted(self: Blocks, images: list) -> object:  # type: ignore[type-arg]
        encoded.append(len(images))
        return encode(self, images)

    monkeypatch.setattr(Blocks, "encode", counted)
    shop.refresh()
    assert encoded == []


def test_views_are_there_after_a_restart(shop: Shop, tmp_path: Path) -> None:
    shop.refresh()
    with Shop.open(Settings(db=str(tmp_path)), encoder=Blocks(), background=False) as again:
        assert rows_of(again, "ONE") == 3

"""A product goes in with all its photos or not at all, and once, whoever is first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest

from kiosk.catalog import CatalogStore
from kiosk.domain import Product
from kiosk.errors import (
    CatalogError,
    CatalogFullError,
    PictureError,
    ProductExistsError,
    StorageError,
)
from tests.catalog.conftest import Opener, fill, jpeg, picture, product

ROUNDS = 8


def files(store: CatalogStore) -> list[str]:
    return sorted(path.name for path in (store.data_dir / "photos").iterdir())


def enrol(store: CatalogStore, item: Product, *seeds: int, **limits: int) -> Product:
    with store.keeping([picture(seed) for seed in seeds]) as kept:
        return store.enrol(item, kept, **limits)  # type: ignore[arg-type]


def test_of_two_who_enrol_one_sku_at_once_one_wins_and_the_other_is_told(opener: Opener) -> None:
    with ExitStack() as stack, ThreadPoolExecutor(2) as threads:
        both = [stack.enter_context(opener()) for _ in range(2)]
        for number in range(ROUNDS):
            start = Barrier(2)

            def enrol_at_once(of: int, number: int = number, start: Barrier = start) -> str:
                start.wait()
                item = product(f"TWIN{number}", f"from {of}")
                try:
                    return enrol(both[of], item, 10 * number + of, must_be_new=True).name
                except ProductExistsError:
                    return ""

            answers = sorted(threads.map(enrol_at_once, range(2)))
            assert answers[0] == ""
            assert answers[1].startswith("from ")
            for store in both:
                assert store.product(f"TWIN{number}").name == answers[1]
                assert len(store.photos(f"TWIN{number}")) == 1
        assert len(files(both[0])) == ROUNDS  # those of the losers are gone


def test_numbers_given_at_once_are_all_different(opener: Opener) -> None:
    with opener() as store, ThreadPoolExecutor(4) as threads:
        stored = threads.map(lambda n: store.enrol(product("", f"Thing {n}")), range(12))
        assert sorted(p.sku for p in stored) == [f"P{n:04d}" for n in range(1, 13)]
        store.delete("P0012")
        assert store.enrol(product("", "Thing")).sku == "P0013"  # P0012 may come back
        store.undo_delete("P0012")


def test_a_limit_holds_for_those_who_come_at_once(opener: Opener) -> None:
    def one_more(number: int) -> bool:
        try:
            return bool(store.enrol(product(f"N{number}"), max_products=3))
        except CatalogFullError:
            return False

    with opener() as store, ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(one_more, range(8))) == 3
        assert store.counts().products == 3


def test_a_picture_that_cannot_be_read_leaves_nothing_of_the_others(store: CatalogStore) -> None:
    with pytest.raises(PictureError), store.keeping([jpeg(1), picture(2), b"no picture"]) as kept:
        store.enrol(product("A"), kept)
    assert store.existing(["A"]) == {}
    assert files(store) == []


def test_a_refusal_leaves_pictures_that_others_use(store: CatalogStore) -> None:
    enrol(store, product("A"), 1, 2)
    with pytest.raises(CatalogError):
        enrol(store, product("B", "bad\x07name"), 1, 3)
    assert len(files(store)) == 2
    assert store.check() == []


def test_a_photo_that_vanished_before_its_row_refuses_the_whole(store: CatalogStore) -> None:
    kept = [store.keep_picture(picture(seed)) for seed in (1, 2)]
    store.photo_path(kept[1].sha256).unlink()
    with pytest.raises(StorageError, match="vanished"):
        store.enrol(product("A"), kept)
    assert store.existing(["A"]) == {}


def test_a_disk_that_fills_up_keeps_all_of_a_product_or_nothing(small_disk: Path) -> None:
    """Each round there is a little more room; a retry of what was refused goes in whole."""
    noise = [picture(seed, 200) for seed in range(4)]
    refusals = []
    with CatalogStore.open(small_disk / "shop") as store:

        def enrol_noise(sku: str) -> None:
            with store.keeping(noise) as kept:
                store.enrol(product(sku), kept, must_be_new=True)

        store.put_product(product("FIRST"))
        for room in range(0, 400_000, 20_000):
            sku = f"R{room}"
            fill(small_disk, room)
            try:
                enrol_noise(sku)
            except StorageError as error:
                refusals.append(str(error))
                assert store.existing([sku]) == {}
                (small_disk / "filler").unlink()
                enrol_noise(sku)
            assert len(store.photos(sku)) == 4
            (small_disk / "filler").unlink(missing_ok=True)
            store.delete(sku)
            store.purge_deleted(timedelta(days=-1), days_on=0)
            store.sweep_photos()
        assert store.check() == []
    assert 3 < len(refusals) < 20
    assert all("full" in refusal for refusal in refusals)

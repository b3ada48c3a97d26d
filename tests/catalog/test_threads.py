"""Many threads, several openers: nothing is lost, nothing is seen half done."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from kiosk.catalog import CatalogStore
from tests.catalog.conftest import Opener, picture, product, unit_vector

THREADS = 8
EACH = 12


def test_many_threads_of_two_openers_write_and_read(opener: Opener) -> None:
    with opener() as one, opener() as two:

        def work(thread: int) -> None:
            store = (one, two)[thread % 2]
            for number in range(EACH):
                sku = f"T{thread}-{number}"
                store.put_product(product(sku))
                photo = store.add_photo(sku, picture(number))  # shared by all threads
                store.put_vectors("m", {photo.sha256: unit_vector(number)})
                gallery = store.gallery("m")
                assert len(gallery.skus) == len(gallery.vectors)
                assert sku in gallery.skus
                assert sku in [p.sku for p in store.products(query="oolong")]
                store.sweep_photos()

        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(work, range(THREADS)))
        assert one.counts().products == two.counts().products == THREADS * EACH
        assert len(one.picture_names()) == EACH
        assert len(one.gallery("m").skus) == THREADS * EACH
        assert one.check() == []


def test_revision_counts_every_change_of_every_thread(store: CatalogStore) -> None:
    before = store.revision()
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda i: store.put_product(product(f"S{i}")), range(40)))
    assert store.revision() == before + 40


def test_taps_and_photos_of_one_product_from_many_threads_all_count(store: CatalogStore) -> None:
    store.put_product(product("A"))
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda _: store.count_tap("A", None), range(40)))
        photos = list(pool.map(lambda i: store.add_photo("A", picture(i % 10)), range(40)))
    assert store.taps()[0].count == 40
    assert {p.sha256 for p in store.photos("A")} == {p.sha256 for p in photos}
    assert len(store.photos("A")) == 10


def test_many_openers_at_once_make_one_catalogue(opener: Opener) -> None:
    gate = Barrier(THREADS)

    def open_and_write(number: int) -> None:
        gate.wait()
        with opener() as store:
            store.put_product(product(f"S{number}"))

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(open_and_write, range(THREADS)))
    with opener() as store:
        assert store.counts().products == THREADS
        assert store.check() == []

"""Products in the store: saved, found, retired, deleted, brought back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.catalog import CatalogStore, Saved
from kiosk.domain import Price
from kiosk.errors import CatalogError, UnknownProductError
from tests.catalog.conftest import Opener, jpeg, opener_of, picture, product


@pytest.fixture(params=["sqlite", "postgres", "following"])
def opener(request: pytest.FixtureRequest, tmp_path: Path) -> Opener:
    return opener_of(request, tmp_path / "shop")


def test_saved_product_comes_back_equal_but_for_its_time(store: CatalogStore) -> None:
    wanted = product(
        category="Tea", description="Two\nlines", barcode="4711", metadata={"colour": "綠"}
    )
    saved = store.put_product(wanted)
    assert replace(saved, updated_at=None) == wanted
    assert saved.updated_at is not None
    assert saved.updated_at.tzinfo is not None
    assert store.product("A1") == saved


def test_saving_again_updates_and_saving_the_same_changes_nothing(store: CatalogStore) -> None:
    assert store.put_products([product()])[0][1] is Saved.ADDED
    revision = store.revision()
    assert store.put_products([product()])[0][1] is Saved.UNCHANGED
    assert store.revision() == revision
    assert store.put_products([product(minor=4_000)])[0][1] is Saved.UPDATED
    assert store.product("A1").price == Price(4_000, "TWD")
    assert store.counts().products == 1


def test_catalogue_is_there_after_a_restart(opener: Opener) -> None:
    with opener() as store:
        store.put_product(product())
        photo = store.add_photo("A1", picture(1))
    with opener() as store:
        assert store.product("A1").name == "Oolong tea"
        assert store.photos("A1") == [photo]


def test_unknown_product_is_said_to_be_unknown(store: CatalogStore) -> None:
    for call in (
        store.product,
        store.retire,
        store.restore,
        store.delete,
        store.undo_delete,
        store.photos,
        store.cover,
    ):
        with pytest.raises(UnknownProductError, match="NOPE"):
            call("NOPE")
    with pytest.raises(UnknownProductError):
        store.add_photo("NOPE", picture(1))


@pytest.mark.parametrize("sku", ["a\0b", "\ud800", "", "x" * 100_000, "' OR 1=1 --"])
def test_strange_sku_is_unknown_and_no_crash(store: CatalogStore, sku: str) -> None:
    with pytest.raises(UnknownProductError):
        store.product(sku)
    with pytest.raises(UnknownProductError):
        store.delete(sku)
    assert store.product_by_barcode(sku) is None


def test_retired_product_leaves_the_list_but_can_be_read_and_restored(store: CatalogStore) -> None:
    store.put_product(product())
    store.retire("A1")
    assert store.products() == []
    assert [p.sku for p in store.products(active=None)] == ["A1"]
    assert store.product("A1").active is False
    store.restore("A1")
    assert [p.sku for p in store.products()] == ["A1"]


def test_deleted_product_is_gone_until_undone(store: CatalogStore) -> None:
    store.put_product(product(barcode="4711"))
    photo = store.add_photo("A1", picture(1))
    store.delete("A1")
    assert store.products(active=None) == []
    assert store.find_text("oolong") == []
    assert store.product_by_barcode("4711") is None
    with pytest.raises(UnknownProductError):
        store.product("A1")
    assert store.counts().deleted == 1
    store.undo_delete("A1")
    assert store.photos("A1") == [photo]
    assert store.photo_path(photo.sha256).is_file()
    assert store.counts().deleted == 0


def test_purge_takes_only_what_was_deleted_long_enough_ago(store: CatalogStore) -> None:
    store.put_products([product("A1"), product("B2")])
    photo = store.add_photo("A1", picture(1))
    store.delete("A1")
    assert store.purge_deleted(timedelta(days=1), days_on=0) == 0
    assert store.purge_deleted(timedelta(0), days_on=0) == 1
    assert not store.photo_path(photo.sha256).exists()
    assert store.counts().products == 1
    with pytest.raises(UnknownProductError):
        store.undo_delete("A1")


def test_reusing_a_deleted_sku_starts_without_the_old_photos(store: CatalogStore) -> None:
    store.put_product(product())
    store.add_photo("A1", picture(1))
    store.delete("A1")
    assert store.put_products([product(name="Another thing")])[0][1] is Saved.ADDED
    assert store.photos("A1") == []


def test_products_are_listed_by_name_in_pages(store: CatalogStore) -> None:
    names = ("Đào", "bơ", "Cam", "dừa")
    store.put_products([product(f"S{i}", name) for i, name in enumerate(names)])
    assert [p.name for p in store.products()] == ["bơ", "Cam", "Đào", "dừa"]
    assert [p.name for p in store.products(limit=2, offset=1)] == ["Cam", "Đào"]
    assert [p.name for p in store.products(offset=3)] == ["dừa"]


def test_products_can_be_taken_from_one_category(store: CatalogStore) -> None:
    store.put_products([product("A", category="Tea"), product("B", category="Fruit"), product("C")])
    assert store.categories() == ["Fruit", "Tea"]
    assert [p.sku for p in store.products(category="Tea")] == ["A"]
    assert [p.sku for p in store.products(query="oolong", category="Fruit")] == ["B"]


@pytest.mark.parametrize("shown", ["012345678905", "0012345678905"])
def test_upc_and_ean_forms_of_a_barcode_are_the_same(store: CatalogStore, shown: str) -> None:
    store.put_product(product("U", barcode="012345678905"))
    store.put_product(product("V", barcode="4006381333931"))
    found = store.product_by_barcode(shown)
    assert found is not None
    assert found.sku == "U"
    assert store.product_by_barcode("") is None


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (product(sku=" "), "SKU is missing"),
        (product(name=""), "name is missing"),
        (product(name="x" * 301), "301 characters"),
        (product(name="tea\x07"), r"control character \(U\+0007\)"),
        (product(name="tea\u202e54"), "control character"),
        (product(sku="a\nb"), "control character"),
        (product(description="\x00"), "control character"),
        (product(minor=-1), "negative"),
        (product(minor=10**12), "too large"),
        (product(metadata={"k": "\x1b"}), "control character"),
        (product(metadata={str(i): "v" for i in range(101)}), "at most 100"),
    ],
)
def test_product_that_cannot_be_is_refused_and_the_stored_one_stays(
    store: CatalogStore, bad: object, said: str
) -> None:
    store.put_product(product())
    with pytest.raises(CatalogError, match=said):
        store.put_product(bad)  # type: ignore[arg-type]
    assert store.product("A1").name == "Oolong tea"
    assert store.counts().products == 1


def test_emoji_and_long_names_in_any_script_are_kept(store: CatalogStore) -> None:
    for number, name in enumerate(("🍵" * 150, "👩‍👩‍👧 tea", "長" * 300, "ที่นี่", "שוקולד")):
        store.put_product(product(f"N{number}", name))
        assert store.product(f"N{number}").name == name


def test_one_bad_product_of_many_keeps_all_out(store: CatalogStore) -> None:
    with pytest.raises(CatalogError):
        store.put_products([product("A"), product("B", name="")])
    assert store.counts().products == 0


def test_settings_are_kept_and_removed(store: CatalogStore) -> None:
    store.put_values({"pin": "hash", "model": "a"})
    store.put_value("model", "模型")
    assert (store.value("pin"), store.value("model"), store.value("no")) == ("hash", "模型", None)
    store.put_values({"pin": None})
    assert store.value("pin") is None


def test_taps_are_counted_the_most_frequent_first(store: CatalogStore) -> None:
    for shown, chosen in (("A", "B"), ("A", None), ("A", None)):
        store.count_tap(shown, chosen)
    assert [(t.shown_sku, t.chosen_sku, t.count) for t in store.taps()] == [
        ("A", None, 2),
        ("A", "B", 1),
    ]


def test_counts_tell_what_there_is(store: CatalogStore) -> None:
    store.put_products([product("A"), product("B"), product("C")])
    store.add_photo_bytes("A", jpeg(1))
    store.add_photo_bytes("B", jpeg(1))
    store.retire("B")
    store.delete("C")
    counts = store.counts()
    assert (counts.products, counts.retired, counts.deleted) == (1, 1, 1)
    assert (counts.photos, len(store.picture_names())) == (2, 1)

"""The facade: every change is recognised at once, and nothing waits for a restart."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from kiosk.catalog import CatalogStore, ProductFilter, open_catalogue
from kiosk.domain import Decision, Image, Price, Product, Scan
from kiosk.errors import CatalogFullError, ModelError, ProductExistsError, UnknownProductError
from kiosk.settings import Settings
from kiosk.shop import Shop
from kiosk.vectors import l2_normalise
from kiosk.vision.encoders import Encoder
from tests.codes import Format, held_up, printed


def product(sku: str, name: str = "", category: str = "") -> Product:
    return Product(
        sku=sku, name=name or f"Thing {sku}", price=Price(4500, "TWD"), category=category
    )


def picture(seed: int, shade: int = 0) -> Image:
    """Coloured blocks: one pattern a seed; `shade` makes another photo of the same thing."""
    rng = np.random.default_rng(seed)
    blocks = rng.integers(0, 256, (4, 4, 3), dtype=np.uint8)
    image = np.kron(blocks, np.ones((48, 48, 1), np.uint8)).astype(int) + shade
    return np.clip(image, 0, 255).astype(np.uint8)


class Blocks(Encoder):
    """Embeds a picture as the colours of sixteen blocks: quick, and `picture`s lie far apart."""

    dimension = 48

    def __init__(self, model_id: str = "blocks") -> None:
        self.model_id = model_id
        self.fingerprint = f"{model_id}@1"

    def encode(self, images: list[Image]) -> np.ndarray:
        small = [cv2.resize(image, (4, 4), interpolation=cv2.INTER_AREA) for image in images]
        colours = np.array(small, np.float32).reshape(len(images), -1)
        return l2_normalise(colours - colours.mean(axis=1, keepdims=True))

    def close(self) -> None:
        pass


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    settings = Settings(db=str(tmp_path))
    with Shop.open(settings, encoder=Blocks(), background=False) as shop:
        for seed in (1, 2, 3):
            shop.enrol(product(f"S{seed}"), [picture(seed), picture(seed, 12), picture(seed, -9)])
        yield shop


def best(shop: Shop, image: Image) -> str | None:
    found = shop.recognise(shop.embed(image)).best
    return found.sku if found else None


def test_an_enrolled_product_is_recognised_at_once(shop: Shop) -> None:
    shop.enrol(product("NEW"), [picture(77), picture(77, 10)])
    assert best(shop, picture(77, 5)) == "NEW"


def test_a_retired_product_is_not_recognised_until_it_is_restored(shop: Shop) -> None:
    shop.retire("S2")
    assert best(shop, picture(2, 3)) != "S2"
    shop.restore("S2")
    assert best(shop, picture(2, 3)) == "S2"


def test_a_deleted_product_comes_back_with_its_photos(shop: Shop) -> None:
    shop.delete("S1")
    with pytest.raises(UnknownProductError):
        shop.catalog.product("S1")
    assert best(shop, picture(1, 3)) != "S1"
    shop.undo_delete("S1")
    assert best(shop, picture(1, 3)) == "S1"
    assert len(shop.catalog.photos("S1")) == 3


def test_removing_the_last_photo_takes_a_product_out_of_the_index(shop: Shop) -> None:
    for photo in shop.catalog.photos("S3"):
        shop.remove_photo("S3", photo.sha256)
    assert best(shop, picture(3)) != "S3"
    assert shop.index.products == 2


def test_an_empty_shop_answers_unknown(tmp_path: Path) -> None:
    with Shop.open(Settings(db=str(tmp_path)), encoder=Blocks(), background=False) as shop:
        answer = shop.recognise(shop.embed(picture(5)))
    assert answer.decision is Decision.UNKNOWN
    assert answer.candidates == ()


def test_a_restart_finds_everything(tmp_path: Path) -> None:
    settings = Settings(db=str(tmp_path))
    with Shop.open(settings, encoder=Blocks(), background=False) as first:
        first.enrol(product("A"), [picture(11)])
        first.enrol(product("B"), [picture(12)])
    with Shop.open(settings, encoder=Blocks(), background=False) as second:
        assert best(second, picture(11)) == "A"
        assert best(second, picture(12)) == "B"


def test_the_background_follows_another_process(tmp_path: Path) -> None:
    settings = Settings(db=str(tmp_path))
    with (
        Shop.open(settings, encoder=Blocks()) as kiosk,
        Shop.open(settings, encoder=Blocks(), background=False) as office,
    ):
        seen = threading.Event()
        kiosk.on_change(lambda: seen.set() if kiosk.index.products == 1 else None)
        office.enrol(product("A"), [picture(21)])
        assert seen.wait(20)
        assert best(kiosk, picture(21)) == "A"


def test_a_copy_that_may_be_behind_its_server_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("psycopg", reason="pip install psycopg to test PostgreSQL")
    with CatalogStore.open(tmp_path) as copy:
        copy.put_product(product("A"))
    away = "postgresql://shop:secret@127.0.0.1:9/none"
    copied = open_catalogue(away, cache_dir=tmp_path)
    monkeypatch.setattr("kiosk.shop.shop.open_catalogue", lambda _db: copied)
    with Shop.open(Settings(db=str(tmp_path)), encoder=Blocks(), background=False) as shop:
        assert "cannot be reached" in shop.fault


def test_a_catalogue_of_its_own_has_no_fault(shop: Shop) -> None:
    assert shop.fault == ""


def test_a_damaged_photo_is_reported_and_the_others_serve(shop: Shop) -> None:
    photo = shop.catalog.photos("S1")[0]
    shop.catalog.photo_path(photo.sha256).write_bytes(b"not a picture")
    other = Blocks("other")
    shop.switch_model("other", encoder=other)
    assert set(shop.unreadable_photos) == {photo.sha256}
    assert best(shop, picture(2)) == "S2"


def test_switching_models_never_mixes_their_vectors(shop: Shop) -> None:
    before = shop.index.fingerprint
    shop.switch_model("other", encoder=Blocks("other"))
    assert shop.index.model_id == "other"
    assert shop.index.fingerprint != before
    assert len(shop.catalog.gallery(before).photos) == len(shop.gallery().photos)
    assert best(shop, picture(3)) == "S3"


def test_an_interrupted_switch_goes_on_where_it_ended(shop: Shop) -> None:
    class Dying(Blocks):
        calls = 0

        def encode(self, images: list[Image]) -> np.ndarray:
            type(self).calls += 1
            if type(self).calls == 20:  # within the second batch
                raise KeyboardInterrupt
            return super().encode(images)

    for seed in range(30, 40):
        shop.enrol(product(f"S{seed}"), [picture(seed), picture(seed, 9)])
    with pytest.raises(KeyboardInterrupt):
        shop.switch_model("other", encoder=Dying("other"))
    assert shop.index.model_id != "other"
    assert best(shop, picture(31)) == "S31"
    progress: list[tuple[int, int]] = []
    shop.switch_model(
        "other",
        encoder=Blocks("other"),
        on_progress=lambda done, total: progress.append((done, total)),
    )
    assert progress[-1] == (13, 13)
    assert best(shop, picture(31)) == "S31"


def test_an_unknown_model_leaves_the_old_one_serving(shop: Shop) -> None:
    with pytest.raises(ModelError):
        shop.switch_model("no-such-model")
    assert best(shop, picture(1)) == "S1"


def test_words_and_picture_are_fused(shop: Shop) -> None:
    shop.save_product(product("S2", "Blue kettle", "Kitchen"))
    by_words = shop.search(text="kettle").hits
    assert [hit.product.sku for hit in by_words] == ["S2"]
    assert by_words[0].similarity is None
    both = shop.search(image=picture(1), text="kettle", top=3).hits
    assert {hit.product.sku for hit in both[:2]} == {"S1", "S2"}
    assert [
        p.sku
        for p in shop.search(image=picture(1), filters=ProductFilter(category="Kitchen")).products
    ] == ["S2"]


def test_an_empty_sku_becomes_the_barcode_or_the_next_free_number(shop: Shop) -> None:
    shop.save_product(product("P0004"))
    coded = Product("", "Thing", Price(100, "TWD"), barcode="4710088412345")
    assert shop.enrol(coded, [picture(50)]).product.sku == "4710088412345"
    assert shop.enrol(product("", "Thing"), [picture(51)]).product.sku == "P0006"
    shop.delete("P0006")
    shop.delete("S1")
    assert shop.enrol(product("", "Thing"), [picture(52)]).product.sku == "P0005"


def test_a_product_that_must_be_new_leaves_the_old_one_alone(shop: Shop) -> None:
    with pytest.raises(ProductExistsError):
        shop.enrol(product("S1", "Another"), [picture(60)], must_be_new=True)
    assert shop.catalog.product("S1").name == "Thing S1"
    assert len(shop.catalog.photos("S1")) == 3


def test_a_full_catalogue_takes_photos_but_no_product(shop: Shop) -> None:
    with pytest.raises(CatalogFullError):
        shop.enrol(product("S4"), [picture(4)], max_products=3)
    enrolment = shop.enrol(product("S3"), [picture(3, 20)], max_products=3)
    assert len(enrolment.photos) == 4
    assert enrolment.rehearsal.tried == 4


def test_more_photos_of_a_product_leave_what_was_changed_meanwhile(shop: Shop) -> None:
    shop.save_product(product("S3", "Renamed"))
    enrolment = shop.enrol_again("S3", [picture(3, 20)])
    assert enrolment.product.name == shop.catalog.product("S3").name == "Renamed"
    assert len(enrolment.photos) == 4
    assert enrolment.rehearsal.tried == 4
    with pytest.raises(UnknownProductError):
        shop.enrol_again("gone", [picture(3)])


@pytest.mark.parametrize("kept", [False, True])
def test_a_search_knows_changes_whether_products_are_kept_or_not(
    shop: Shop, tmp_path: Path, *, kept: bool
) -> None:
    shop.keeps_products = kept
    assert [each.name for each in shop.search(image=picture(1), top=1).products] == ["Thing S1"]
    shop.save_product(product("S1", "Renamed"))
    assert [each.name for each in shop.search(image=picture(1), top=1).products] == ["Renamed"]
    table = tmp_path / "products.csv"
    table.write_text("sku,name,price\nS1,Imported,45\n", encoding="utf-8")
    shop.import_files(table)
    shop.refresh()
    assert [each.name for each in shop.search(image=picture(1), top=1).products] == ["Imported"]
    shop.retire("S1")
    assert shop.product("S1") is None


def test_a_barcode_that_is_given_comes_first_and_says_so(shop: Shop) -> None:
    shop.save_product(replace(shop.catalog.product("S2"), barcode="4006381333931"))
    found = shop.search(image=picture(1), barcode="4006381333931")
    assert [(hit.product.sku, hit.is_scanned) for hit in found.hits][:2] == [
        ("S2", True), ("S1", False),
    ]  # fmt: skip
    assert found.decision is Decision.NAMED
    assert [hit.product.sku for hit in shop.search(barcode="4006381333931").hits] == ["S2"]


def test_a_code_in_the_picture_comes_before_what_the_picture_looks_like(shop: Shop) -> None:
    shop.save_product(replace(shop.catalog.product("S2"), barcode="4006381333931"))
    label = printed("4006381333931", Format.EAN13, 230)
    scene = cv2.resize(picture(1), (960, 720), interpolation=cv2.INTER_NEAREST).astype(np.uint8)
    found = shop.search(image=held_up(scene, label, angle=40))
    assert found.hits[0].product.sku == "S2"
    assert found.scan == Scan("4006381333931", "S2")
    assert not shop.search(image=scene).hits[0].is_scanned


def test_a_code_that_is_not_in_the_catalogue_finds_nothing_and_says_which(shop: Shop) -> None:
    found = shop.search(barcode="4710088412348")
    assert (found.hits, found.scan) == ((), Scan("4710088412348"))


def test_a_filter_holds_for_scanned_products_too(shop: Shop) -> None:
    shop.save_product(replace(shop.catalog.product("S2"), barcode="4006381333931"))
    filters = ProductFilter(category="elsewhere")
    assert shop.search(barcode="4006381333931", filters=filters).hits == ()

"""Behind the PIN: enrolment, products, import and export, health, settings."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from assets.screenshots.window_driver import WindowDriver
from kiosk.camera import CameraState
from kiosk.domain import Candidate, Decision, Image, Price, Product, Scan
from kiosk.errors import StorageError, UnknownProductError
from kiosk.gui.app.session import Screen, StaffPage
from kiosk.settings import Settings
from kiosk.shop import Shop
from tests.gui.conftest import STOCK, MakeDriver
from tests.gui.fingers import is_shown, labelled, named, tap, texts

SODA, COFFEE, TEA, SAUCE, APPLE, SHOE = STOCK


def photograph(driver: WindowDriver, *pictures: Image) -> None:
    for picture in pictures:
        driver.frame(picture)
        tap(driver, named(driver, "shutter"))


def fill(driver: WindowDriver, **fields: str) -> None:
    driver.view_models.enrol.edit(**fields)
    driver.settle()


# Enrolment


def test_a_new_product_is_photographed_named_and_saved(driver: WindowDriver, shop: Shop) -> None:
    driver.staff(StaffPage.ENROL)
    photograph(driver, driver.frames.held("CARE-001", 0.2), driver.frames.held("CARE-001", 0.8))
    fill(driver, name="Velinda", price="199", category="Care", sku="V-1")
    tap(driver, named(driver, "saveProduct"))
    assert "Velinda is in the catalogue" in texts(driver)
    assert shop.catalog.product("V-1").price.minor == 19900
    assert len(shop.catalog.photos("V-1")) == 2
    assert is_shown(driver, "rehearsal")


def test_an_incomplete_product_is_not_saved_and_says_what_is_missing(
    driver: WindowDriver, shop: Shop
) -> None:
    driver.staff(StaffPage.ENROL)
    photograph(driver, driver.frames.held("CARE-001"))
    before = shop.catalog.counts().products
    tap(driver, named(driver, "saveProduct"))
    assert {"A product needs a name.", "A product needs a price."} <= set(texts(driver))
    assert shop.catalog.counts().products == before


def test_a_product_without_a_sku_gets_one(driver: WindowDriver, shop: Shop) -> None:
    driver.staff(StaffPage.ENROL)
    photograph(driver, driver.frames.held("CARE-001"))
    fill(driver, name="Velinda", price="199")
    tap(driver, named(driver, "saveProduct"))
    assert [p.sku for p in shop.catalog.products(query="Velinda")] == ["P0007"]


def test_an_sku_that_is_taken_overwrites_nothing(driver: WindowDriver, shop: Shop) -> None:
    driver.staff(StaffPage.ENROL)
    photograph(driver, driver.frames.held("CARE-001"))
    fill(driver, name="Another", price="1", sku=SODA)
    tap(driver, named(driver, "saveProduct"))
    assert "Another product has this SKU." in texts(driver)
    assert shop.catalog.product(SODA).name == "Fizzle Yuzu Soda 柚子蘇打"


def test_the_angles_are_asked_for_one_after_another(driver: WindowDriver) -> None:
    driver.staff(StaffPage.ENROL)
    angles = []
    for share in (0.1, 0.3, 0.5, 0.7, 0.9):
        angles.append(driver.view_models.enrol.view.angle)
        photograph(driver, driver.frames.held("CARE-001", share))
    assert angles == ["front", "back", "left", "right", "top"]
    assert driver.view_models.enrol.view.angle == "extra1"


def test_a_picture_can_be_taken_again(driver: WindowDriver) -> None:
    driver.staff(StaffPage.ENROL)
    photograph(driver, driver.frames.held("CARE-001", 0.2), driver.frames.held("CARE-001", 0.8))
    tap(driver, named(driver, "angle-front"))
    assert driver.view_models.enrol.view.pictures == 1
    assert driver.view_models.enrol.view.angle == "front"


def test_a_half_done_enrolment_survives_a_restart(make_driver: MakeDriver) -> None:
    driver = make_driver()
    driver.staff(StaffPage.ENROL)
    photograph(driver, driver.frames.held("CARE-001"))
    fill(driver, name="Velinda", price="199")
    driver.settle(0.8)
    driver.close()
    again = make_driver()
    again.staff(StaffPage.ENROL)
    assert again.view_models.enrol.view.form.name == "Velinda"
    assert again.view_models.enrol.view.pictures == 1
    assert "Your unfinished product is still here. Go on, or discard it." in texts(again)


def test_leaving_the_screen_keeps_the_draft(driver: WindowDriver) -> None:
    driver.staff(StaffPage.ENROL)
    photograph(driver, driver.frames.held("CARE-001"))
    fill(driver, name="Velinda")
    driver.leave()
    driver.staff(StaffPage.ENROL)
    assert driver.view_models.enrol.view.form.name == "Velinda"


def test_a_discarded_draft_is_gone_for_good(make_driver: MakeDriver) -> None:
    driver = make_driver()
    driver.staff(StaffPage.ENROL)
    photograph(driver, driver.frames.held("CARE-001"))
    tap(driver, labelled(driver, "Discard"))
    driver.close()
    again = make_driver()
    again.staff(StaffPage.ENROL)
    assert again.view_models.enrol.view.pictures == 0


def test_what_looks_like_a_product_of_the_shop_is_warned_of(driver: WindowDriver) -> None:
    driver.staff(StaffPage.ENROL)
    photograph(driver, driver.frames.held(SODA))
    alike = driver.view_models.enrol.view.alike
    assert alike is not None
    assert alike.sku == SODA


def test_the_category_of_what_looks_alike_is_offered_first(driver: WindowDriver) -> None:
    driver.staff(StaffPage.ENROL)
    assert driver.view_models.enrol.view.categories[0] == "Drinks"
    photograph(driver, driver.frames.held(SHOE))
    assert driver.view_models.enrol.view.categories[0] == "Shoes"
    driver.view_models.enrol.setCategory("shoes")
    assert driver.view_models.enrol.view.categories == ()


def test_a_barcode_in_view_fills_the_form(driver: WindowDriver) -> None:
    from kiosk.recognition.evidence import read_barcode

    driver.staff(StaffPage.ENROL)
    frame = barcode_frame("4006381333931")
    assert read_barcode(frame) == "4006381333931"
    driver.frame(frame)
    for _ in range(4):
        driver.view_models.enrol.glance()
        driver.settle()
    assert driver.view_models.enrol.view.form.barcode == "4006381333931"
    assert driver.view_models.enrol.view.form.sku == "4006381333931"


def test_a_barcode_of_a_known_product_offers_to_photograph_that_one(
    driver: WindowDriver, shop: Shop
) -> None:
    code = shop.catalog.product(SODA).barcode
    driver.staff(StaffPage.ENROL)
    driver.frame(barcode_frame(code))
    for _ in range(4):
        driver.view_models.enrol.glance()
        driver.settle()
    assert driver.view_models.enrol.view.barcode_owner.sku == SODA
    tap(driver, labelled(driver, "Photograph that product instead"))
    photograph(driver, driver.frames.held(SODA))
    tap(driver, named(driver, "saveProduct"))
    assert len(shop.catalog.photos(SODA)) == 4


def barcode_frame(code: str) -> Image:
    import zxingcpp

    made = zxingcpp.create_barcode(code, zxingcpp.BarcodeFormat.EAN13)
    bars = np.asarray(made.to_image(scale=4))
    frame = np.full((720, 1280, 3), 235, np.uint8)
    top, left = 300, 640 - bars.shape[1] // 2
    frame[top : top + bars.shape[0], left : left + bars.shape[1]] = bars[..., None]
    return frame


# Products


def open_product(driver: WindowDriver, sku: str) -> None:
    driver.staff(StaffPage.PRODUCTS)
    driver.view_models.products.select(sku)
    driver.settle()


def test_a_new_price_is_stored_and_shown(driver: WindowDriver, shop: Shop) -> None:
    open_product(driver, SODA)
    driver.view_models.products.setPrice("39")
    driver.settle()
    tap(driver, named(driver, "saveChanges"))
    assert shop.catalog.product(SODA).price.minor == 3900
    assert "NT$ 39" in texts(driver)


def test_a_price_that_is_none_is_not_stored(driver: WindowDriver, shop: Shop) -> None:
    open_product(driver, SODA)
    driver.view_models.products.setPrice("much")
    driver.settle()
    tap(driver, named(driver, "saveChanges"))
    assert "This is not a price." in texts(driver)
    assert shop.catalog.product(SODA).price.minor == 3500


def test_a_retired_product_is_no_longer_recognised_and_can_come_back(
    driver: WindowDriver, shop: Shop
) -> None:
    query = shop.embed(driver.frames.held(SODA))
    open_product(driver, SODA)
    tap(driver, named(driver, "retireProduct"))
    assert SODA not in [c.sku for c in shop.look_alikes(query, 6)]
    assert "Restore" in texts(driver)
    tap(driver, named(driver, "retireProduct"))
    assert SODA in [c.sku for c in shop.look_alikes(query, 6)]


def test_a_deleted_product_comes_back_by_undo_with_its_photos(
    driver: WindowDriver, shop: Shop
) -> None:
    open_product(driver, SODA)
    tap(driver, named(driver, "deleteProduct"))
    with pytest.raises(UnknownProductError):
        shop.catalog.product(SODA)
    tap(driver, named(driver, "undoDelete"))
    assert len(shop.catalog.photos(SODA)) == 3


def test_photos_are_removed_and_another_becomes_the_cover(driver: WindowDriver, shop: Shop) -> None:
    open_product(driver, SODA)
    first, second, third = [photo.sha256 for photo in shop.catalog.photos(SODA)]
    driver.view_models.products.setCover(third)
    driver.view_models.products.removePhoto(second)
    driver.settle()
    assert [photo.sha256 for photo in shop.catalog.photos(SODA)] == [third, first]


def test_products_are_found_by_name_and_the_list_says_when_there_are_none(
    driver: WindowDriver,
) -> None:
    driver.staff(StaffPage.PRODUCTS)
    driver.view_models.products.setQuery("cà phê")
    driver.settle(0.4)
    assert driver.view_models.products.rows.rowCount() == 1
    driver.view_models.products.setQuery("zzzzqqqq")
    driver.settle(0.4)
    assert "Nothing found" in texts(driver)


def test_look_alikes_stand_side_by_side(driver: WindowDriver) -> None:
    driver.staff(StaffPage.PRODUCTS)
    tap(driver, named(driver, "pairs"))
    pairs = driver.view_models.products.view.pairs
    assert pairs
    assert {pairs[0].first_sku, pairs[0].second_sku} <= set(STOCK)
    assert "Most easily confused" in texts(driver)


def test_the_products_screen_leads_to_photographing_one_anew(driver: WindowDriver) -> None:
    open_product(driver, SODA)
    driver.view_models.products.photograph()
    driver.settle()
    assert driver.view_models.app.view.page is StaffPage.ENROL
    assert driver.view_models.enrol.view.existing


def test_photographing_another_product_does_not_swallow_an_unfinished_one(
    driver: WindowDriver, shop: Shop
) -> None:
    driver.staff(StaffPage.ENROL)
    photograph(driver, driver.frames.held("CARE-001"))
    fill(driver, name="Velinda")
    open_product(driver, SODA)
    driver.view_models.products.photograph()
    driver.settle()
    assert not driver.view_models.enrol.view.existing
    assert driver.view_models.enrol.view.form.name == "Velinda"
    assert "Your unfinished product is still here. Go on, or discard it." in texts(driver)
    tap(driver, labelled(driver, "Discard"))
    open_product(driver, SODA)
    driver.view_models.products.photograph()
    driver.settle()
    assert driver.view_models.enrol.view.existing
    assert driver.view_models.enrol.view.pictures == 0


# Learning from use


def correct(driver: WindowDriver) -> None:
    driver.view_models.app.touched()
    driver.frame(driver.frames.held(SODA))
    driver.see(Decision.NAMED, [Candidate(SODA, 0.9, 0.97), Candidate(COFFEE, 0.5, 0.01)])
    driver.view_models.look.notThisOne()
    driver.view_models.look.choose(COFFEE)
    driver.settle()


def test_a_correction_is_not_counted_unless_staff_want_it(driver: WindowDriver, shop: Shop) -> None:
    correct(driver)
    assert shop.taps.taps() == []


def test_a_counted_correction_keeps_no_picture(
    make_driver: MakeDriver, shop: Shop, settings: Settings
) -> None:
    driver = make_driver(learn_from_taps=True)
    correct(driver)
    assert [(tap.shown_sku, tap.chosen_sku, tap.count) for tap in shop.taps.taps()] == [
        (SODA, COFFEE, 1)
    ]
    assert not (settings.data_dir / "proposals").exists()


def test_counted_corrections_stand_beside_the_look_alikes(make_driver: MakeDriver) -> None:
    driver = make_driver(learn_from_taps=True)
    correct(driver)
    driver.staff(StaffPage.PRODUCTS)
    driver.view_models.products.showPairs(True)
    driver.settle()
    corrections = driver.view_models.products.view.corrections
    assert [(each.shown, each.chosen, each.times) for each in corrections] == [
        ("Fizzle Yuzu Soda 柚子蘇打", "Cà phê sữa đá Sao Đêm", 1)
    ]


def test_a_kept_picture_enters_the_catalogue_only_when_staff_accept_it(
    make_driver: MakeDriver, shop: Shop
) -> None:
    driver = make_driver(learn_from_taps=True, keep_tap_pictures=True)
    correct(driver)
    assert len(shop.catalog.photos(COFFEE)) == 3
    open_product(driver, COFFEE)
    proposed = driver.view_models.suggestions.view.pictures
    assert len(proposed) == 1
    driver.view_models.suggestions.accept(proposed[0].name)
    driver.settle()
    assert len(shop.catalog.photos(COFFEE)) == 4
    assert driver.view_models.suggestions.view.pictures == ()


def test_a_rejected_picture_is_gone(make_driver: MakeDriver, shop: Shop) -> None:
    driver = make_driver(learn_from_taps=True, keep_tap_pictures=True)
    correct(driver)
    open_product(driver, COFFEE)
    driver.view_models.suggestions.reject(driver.view_models.suggestions.view.pictures[0].name)
    driver.settle()
    assert driver.view_models.suggestions.view.pictures == ()
    assert len(shop.catalog.photos(COFFEE)) == 3


# Settings, health, import and export


def test_the_dial_sets_the_error_budget_at_once_and_for_good(
    driver: WindowDriver, shop: Shop, settings: Settings
) -> None:
    driver.staff(StaffPage.SETTINGS)
    assert "Wrong at most 1 time in 50" in texts(driver)
    driver.view_models.settings.setBudgetStep(3)
    driver.settle()
    assert "Wrong at most 1 time in 200" in texts(driver)
    assert shop.error_budget == 0.005
    stored = json.loads((settings.data_dir / "settings.json").read_text("utf-8"))
    assert stored["error_budget"] == 0.005


def test_a_setting_that_cannot_be_stored_is_said(driver: WindowDriver, settings: Settings) -> None:
    driver.staff(StaffPage.SETTINGS)
    (settings.data_dir / "settings.json").write_text("{", encoding="utf-8")
    driver.view_models.settings.setReducedMotion(False)
    driver.settle()
    assert "settings.json" in driver.view_models.settings.view.fault


def test_turning_learning_off_forgets_the_pictures_that_were_kept(
    make_driver: MakeDriver, settings: Settings
) -> None:
    driver = make_driver(learn_from_taps=True, keep_tap_pictures=True)
    correct(driver)
    driver.staff(StaffPage.SETTINGS)
    driver.view_models.settings.setLearnFromTaps(False)
    driver.settle()
    assert list((settings.data_dir / "proposals").iterdir()) == []


def test_the_pin_can_be_changed_from_within(driver: WindowDriver) -> None:
    driver.view_models.app.go(Screen.PIN)
    driver.settle()
    driver.type_pin("2468")
    driver.type_pin("2468")
    driver.view_models.settings.changePin()
    driver.settle()
    driver.type_pin("97531")
    driver.type_pin("97531")
    assert driver.view_models.app.view.screen is Screen.STAFF
    driver.leave()
    driver.view_models.app.go(Screen.PIN)
    driver.settle()
    driver.type_pin("97531")
    assert driver.view_models.app.view.screen is Screen.STAFF


def test_health_tells_camera_model_catalogue_and_disk(driver: WindowDriver) -> None:
    driver.camera(CameraState.LIVE)
    driver.staff(StaffPage.HEALTH)
    view = driver.view_models.health.view
    assert view.camera_tone == "sure"
    assert (view.facts.products, view.facts.photos) == (6, 18)
    assert view.facts.model
    assert view.disk_free_gb > 0
    driver.camera(CameraState.STALLED)
    driver.view_models.health.refresh()
    driver.settle()
    assert "The picture stands still" in texts(driver)


def test_a_catalogue_on_the_transfer_folder_is_imported_with_its_problems(
    driver: WindowDriver, shop: Shop, settings: Settings
) -> None:
    folder = settings.data_dir / "transfer"
    folder.mkdir()
    with (folder / "products.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(
            [("sku", "name", "price"), ("N-1", "Mochi", "60"), ("N-2", "Pía", "cheap")]
        )
    driver.staff(StaffPage.TRANSFER)
    tap(driver, named(driver, "import-0"))
    assert "1 new, 0 changed, 0 as before; 0 photos." in texts(driver)
    assert any("products.csv, 3:" in text for text in texts(driver))
    assert shop.catalog.product("N-1").name == "Mochi"


def test_an_export_and_a_backup_are_written_where_staff_chose(
    driver: WindowDriver, settings: Settings
) -> None:
    driver.staff(StaffPage.TRANSFER)
    tap(driver, named(driver, "export"))
    exported = Path(driver.view_models.transfer.view.written)
    assert (exported / "products.csv").is_file()
    tap(driver, named(driver, "backup"))
    assert Path(driver.view_models.transfer.view.written).stat().st_size > 10_000
    assert exported.parent == settings.data_dir / "transfer"


def test_a_full_disk_is_said_on_the_screen(
    driver: WindowDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise StorageError("The disk is full.", next_step="Free some space.")

    driver.staff(StaffPage.ENROL)
    monkeypatch.setattr("kiosk.gui.enrol.draft.DraftFolder.save_picture", refuse)
    photograph(driver, driver.frames.held("CARE-001"))
    assert "The disk is full. Free some space." in texts(driver)


def test_codes_that_the_shop_prints_are_read_as_the_settings_say(
    driver: WindowDriver, shop: Shop, settings: Settings
) -> None:
    shop.save_product(Product("123456", "Ham", Price(100, "EUR")))
    driver.view_models.settings.chooseLayout(1)
    driver.settle()
    assert driver.view_models.settings.view.layout_choice == 1
    stored = json.loads((settings.data_dir / "settings.json").read_text("utf-8"))
    assert stored["in_store_layout"] == "2IIIIIIPPPPPC"
    assert shop.find_code("2123456005998") == Scan("2123456005998", "123456", Price(599, "EUR"))

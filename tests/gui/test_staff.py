"""Behind the PIN: enrolment, products, import and export, health, settings."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from kiosk.camera import CameraState
from kiosk.domain import Candidate, Decision, Image
from kiosk.errors import StorageError, UnknownProductError
from kiosk.gui.screens import Screen, StaffPage
from kiosk.gui.stage import Stage
from kiosk.settings import Settings
from kiosk.shop import Shop
from tests.gui.conftest import STOCK, MakeStage
from tests.gui.fingers import is_shown, labelled, named, tap, texts

SODA, COFFEE, TEA, SAUCE, APPLE, SHOE = STOCK


def photograph(stage: Stage, *pictures: Image) -> None:
    for picture in pictures:
        stage.frame(picture)
        tap(stage, named(stage, "shutter"))


def fill(stage: Stage, **fields: str) -> None:
    for name, text in fields.items():
        stage.parts.enrol.setField(name, text)
    stage.settle()


# Enrolment


def test_a_new_product_is_photographed_named_and_saved(stage: Stage, shop: Shop) -> None:
    stage.staff(StaffPage.ENROL)
    photograph(stage, stage.cast.held("CARE-001", 0.2), stage.cast.held("CARE-001", 0.8))
    fill(stage, name="Velinda", price="199", category="Care", sku="V-1")
    tap(stage, named(stage, "saveProduct"))
    assert "Velinda is in the catalogue" in texts(stage)
    assert shop.store.product("V-1").price.minor == 19900
    assert len(shop.store.photos("V-1")) == 2
    assert is_shown(stage, "rehearsal")


def test_an_incomplete_product_is_not_saved_and_says_what_is_missing(
    stage: Stage, shop: Shop
) -> None:
    stage.staff(StaffPage.ENROL)
    photograph(stage, stage.cast.held("CARE-001"))
    before = shop.store.counts().products
    tap(stage, named(stage, "saveProduct"))
    assert {"A product needs a name.", "A product needs a price."} <= set(texts(stage))
    assert shop.store.counts().products == before


def test_a_product_without_a_sku_gets_one(stage: Stage, shop: Shop) -> None:
    stage.staff(StaffPage.ENROL)
    photograph(stage, stage.cast.held("CARE-001"))
    fill(stage, name="Velinda", price="199")
    tap(stage, named(stage, "saveProduct"))
    assert [p.sku for p in shop.store.products(query="Velinda")] == ["P0007"]


def test_an_sku_that_is_taken_overwrites_nothing(stage: Stage, shop: Shop) -> None:
    stage.staff(StaffPage.ENROL)
    photograph(stage, stage.cast.held("CARE-001"))
    fill(stage, name="Another", price="1", sku=SODA)
    tap(stage, named(stage, "saveProduct"))
    assert "Another product has this SKU." in texts(stage)
    assert shop.store.product(SODA).name == "Fizzle Yuzu Soda 柚子蘇打"


def test_the_angles_are_asked_for_one_after_another(stage: Stage) -> None:
    stage.staff(StaffPage.ENROL)
    angles = []
    for share in (0.1, 0.3, 0.5, 0.7, 0.9):
        angles.append(stage.parts.enrol.view["angle"])
        photograph(stage, stage.cast.held("CARE-001", share))
    assert angles == ["front", "back", "left", "right", "top"]
    assert stage.parts.enrol.view["angle"] == "extra1"


def test_a_picture_can_be_taken_again(stage: Stage) -> None:
    stage.staff(StaffPage.ENROL)
    photograph(stage, stage.cast.held("CARE-001", 0.2), stage.cast.held("CARE-001", 0.8))
    tap(stage, named(stage, "angle-front"))
    assert stage.parts.enrol.view["pictures"] == 1
    assert stage.parts.enrol.view["angle"] == "front"


def test_a_half_done_enrolment_survives_a_restart(make_stage: MakeStage) -> None:
    stage = make_stage()
    stage.staff(StaffPage.ENROL)
    photograph(stage, stage.cast.held("CARE-001"))
    fill(stage, name="Velinda", price="199")
    stage.settle(0.8)
    stage.close()
    again = make_stage()
    again.staff(StaffPage.ENROL)
    assert again.parts.enrol.view["form"]["name"] == "Velinda"
    assert again.parts.enrol.view["pictures"] == 1
    assert "Your unfinished product is still here. Go on, or discard it." in texts(again)


def test_leaving_the_screen_keeps_the_draft(stage: Stage) -> None:
    stage.staff(StaffPage.ENROL)
    photograph(stage, stage.cast.held("CARE-001"))
    fill(stage, name="Velinda")
    stage.leave()
    stage.staff(StaffPage.ENROL)
    assert stage.parts.enrol.view["form"]["name"] == "Velinda"


def test_a_discarded_draft_is_gone_for_good(make_stage: MakeStage) -> None:
    stage = make_stage()
    stage.staff(StaffPage.ENROL)
    photograph(stage, stage.cast.held("CARE-001"))
    tap(stage, labelled(stage, "Discard"))
    stage.close()
    again = make_stage()
    again.staff(StaffPage.ENROL)
    assert again.parts.enrol.view["pictures"] == 0


def test_what_looks_like_a_product_of_the_shop_is_warned_of(stage: Stage) -> None:
    stage.staff(StaffPage.ENROL)
    photograph(stage, stage.cast.held(SODA))
    alike = stage.parts.enrol.view["alike"]
    assert alike is not None
    assert alike["sku"] == SODA


def test_the_category_of_what_looks_alike_is_offered_first(stage: Stage) -> None:
    stage.staff(StaffPage.ENROL)
    assert stage.parts.enrol.view["categories"][0] == "Drinks"
    photograph(stage, stage.cast.held(SHOE))
    assert stage.parts.enrol.view["categories"][0] == "Shoes"
    stage.parts.enrol.setField("category", "shoes")
    assert stage.parts.enrol.view["categories"] == []


def test_a_barcode_in_view_fills_the_form(stage: Stage) -> None:
    from kiosk.live import read_barcode

    stage.staff(StaffPage.ENROL)
    frame = barcode_frame("4006381333931")
    assert read_barcode(frame) == "4006381333931"
    stage.frame(frame)
    for _ in range(4):
        stage.parts.enrol.glance()
        stage.settle()
    assert stage.parts.enrol.view["form"]["barcode"] == "4006381333931"
    assert stage.parts.enrol.view["form"]["sku"] == "4006381333931"


def test_a_barcode_of_a_known_product_offers_to_photograph_that_one(
    stage: Stage, shop: Shop
) -> None:
    code = shop.store.product(SODA).barcode
    stage.staff(StaffPage.ENROL)
    stage.frame(barcode_frame(code))
    for _ in range(4):
        stage.parts.enrol.glance()
        stage.settle()
    assert stage.parts.enrol.view["barcodeOwner"]["sku"] == SODA
    tap(stage, labelled(stage, "Photograph that product instead"))
    photograph(stage, stage.cast.held(SODA))
    tap(stage, named(stage, "saveProduct"))
    assert len(shop.store.photos(SODA)) == 4


def barcode_frame(code: str) -> Image:
    import zxingcpp

    made = zxingcpp.create_barcode(code, zxingcpp.BarcodeFormat.EAN13)
    bars = np.asarray(made.to_image(scale=4))
    frame = np.full((720, 1280, 3), 235, np.uint8)
    top, left = 300, 640 - bars.shape[1] // 2
    frame[top : top + bars.shape[0], left : left + bars.shape[1]] = bars[..., None]
    return frame


# Products


def open_product(stage: Stage, sku: str) -> None:
    stage.staff(StaffPage.PRODUCTS)
    stage.parts.products.select(sku)
    stage.settle()


def test_a_new_price_is_stored_and_shown(stage: Stage, shop: Shop) -> None:
    open_product(stage, SODA)
    stage.parts.products.setField("price", "39")
    stage.settle()
    tap(stage, named(stage, "saveChanges"))
    assert shop.store.product(SODA).price.minor == 3900
    assert "NT$ 39" in texts(stage)


def test_a_price_that_is_none_is_not_stored(stage: Stage, shop: Shop) -> None:
    open_product(stage, SODA)
    stage.parts.products.setField("price", "much")
    stage.settle()
    tap(stage, named(stage, "saveChanges"))
    assert "This is not a price." in texts(stage)
    assert shop.store.product(SODA).price.minor == 3500


def test_a_retired_product_is_no_longer_recognised_and_can_come_back(
    stage: Stage, shop: Shop
) -> None:
    query = shop.embed(stage.cast.held(SODA))
    open_product(stage, SODA)
    tap(stage, named(stage, "retireProduct"))
    assert SODA not in [c.sku for c in shop.look_alikes(query, 6)]
    assert "Restore" in texts(stage)
    tap(stage, named(stage, "retireProduct"))
    assert SODA in [c.sku for c in shop.look_alikes(query, 6)]


def test_a_deleted_product_comes_back_by_undo_with_its_photos(stage: Stage, shop: Shop) -> None:
    open_product(stage, SODA)
    tap(stage, named(stage, "deleteProduct"))
    with pytest.raises(UnknownProductError):
        shop.store.product(SODA)
    tap(stage, named(stage, "undoDelete"))
    assert len(shop.store.photos(SODA)) == 3


def test_photos_are_removed_and_another_becomes_the_cover(stage: Stage, shop: Shop) -> None:
    open_product(stage, SODA)
    first, second, third = [photo.sha256 for photo in shop.store.photos(SODA)]
    stage.parts.products.setCover(third)
    stage.parts.products.removePhoto(second)
    stage.settle()
    assert [photo.sha256 for photo in shop.store.photos(SODA)] == [third, first]


def test_products_are_found_by_name_and_the_list_says_when_there_are_none(stage: Stage) -> None:
    stage.staff(StaffPage.PRODUCTS)
    stage.parts.products.setQuery("cà phê")
    stage.settle(0.4)
    assert stage.parts.products.rows.rowCount() == 1
    stage.parts.products.setQuery("zzzzqqqq")
    stage.settle(0.4)
    assert "Nothing found" in texts(stage)


def test_look_alikes_stand_side_by_side(stage: Stage) -> None:
    stage.staff(StaffPage.PRODUCTS)
    tap(stage, named(stage, "pairs"))
    pairs = stage.parts.products.view["pairs"]
    assert pairs
    assert {pairs[0]["first"]["sku"], pairs[0]["second"]["sku"]} <= set(STOCK)
    assert "Most easily confused" in texts(stage)


def test_the_products_screen_leads_to_photographing_one_anew(stage: Stage) -> None:
    open_product(stage, SODA)
    stage.parts.products.photograph()
    stage.settle()
    assert stage.parts.app.page is StaffPage.ENROL
    assert stage.parts.enrol.view["existing"]


def test_photographing_another_product_does_not_swallow_an_unfinished_one(
    stage: Stage, shop: Shop
) -> None:
    stage.staff(StaffPage.ENROL)
    photograph(stage, stage.cast.held("CARE-001"))
    fill(stage, name="Velinda")
    open_product(stage, SODA)
    stage.parts.products.photograph()
    stage.settle()
    assert not stage.parts.enrol.view["existing"]
    assert stage.parts.enrol.view["form"]["name"] == "Velinda"
    assert "Your unfinished product is still here. Go on, or discard it." in texts(stage)
    tap(stage, labelled(stage, "Discard"))
    open_product(stage, SODA)
    stage.parts.products.photograph()
    stage.settle()
    assert stage.parts.enrol.view["existing"]
    assert stage.parts.enrol.view["pictures"] == 0


# Learning from use


def correct(stage: Stage) -> None:
    stage.parts.app.touched()
    stage.frame(stage.cast.held(SODA))
    stage.see(Decision.NAMED, [Candidate(SODA, 0.9, 0.97), Candidate(COFFEE, 0.5, 0.01)])
    stage.parts.look.notThisOne()
    stage.parts.look.choose(COFFEE)
    stage.settle()


def test_a_correction_is_not_counted_unless_staff_want_it(stage: Stage, shop: Shop) -> None:
    correct(stage)
    assert shop.store.taps() == []


def test_a_counted_correction_keeps_no_picture(
    make_stage: MakeStage, shop: Shop, settings: Settings
) -> None:
    stage = make_stage(learn_from_taps=True)
    correct(stage)
    assert [(tap.shown_sku, tap.chosen_sku, tap.count) for tap in shop.store.taps()] == [
        (SODA, COFFEE, 1)
    ]
    assert not (settings.data_dir / "proposals").exists()


def test_counted_corrections_stand_beside_the_look_alikes(make_stage: MakeStage) -> None:
    stage = make_stage(learn_from_taps=True)
    correct(stage)
    stage.staff(StaffPage.PRODUCTS)
    stage.parts.products.showPairs(True)
    stage.settle()
    corrections = stage.parts.products.view["corrections"]
    assert corrections == [
        {"shown": "Fizzle Yuzu Soda 柚子蘇打", "chosen": "Cà phê sữa đá Sao Đêm", "times": 1}
    ]


def test_a_kept_picture_enters_the_catalogue_only_when_staff_accept_it(
    make_stage: MakeStage, shop: Shop
) -> None:
    stage = make_stage(learn_from_taps=True, keep_tap_pictures=True)
    correct(stage)
    assert len(shop.store.photos(COFFEE)) == 3
    open_product(stage, COFFEE)
    proposed = stage.parts.suggestions.view["pictures"]
    assert len(proposed) == 1
    stage.parts.suggestions.accept(proposed[0])
    stage.settle()
    assert len(shop.store.photos(COFFEE)) == 4
    assert stage.parts.suggestions.view["pictures"] == []


def test_a_rejected_picture_is_gone(make_stage: MakeStage, shop: Shop) -> None:
    stage = make_stage(learn_from_taps=True, keep_tap_pictures=True)
    correct(stage)
    open_product(stage, COFFEE)
    stage.parts.suggestions.reject(stage.parts.suggestions.view["pictures"][0])
    stage.settle()
    assert stage.parts.suggestions.view["pictures"] == []
    assert len(shop.store.photos(COFFEE)) == 3


# Settings, health, import and export


def test_the_dial_sets_the_error_budget_at_once_and_for_good(
    stage: Stage, shop: Shop, settings: Settings
) -> None:
    stage.staff(StaffPage.SETTINGS)
    assert "Wrong at most 1 time in 50" in texts(stage)
    stage.parts.settings.setBudgetStep(3)
    stage.settle()
    assert "Wrong at most 1 time in 200" in texts(stage)
    assert shop.engine.error_budget == 0.005
    stored = json.loads((settings.data_dir / "settings.json").read_text("utf-8"))
    assert stored["error_budget"] == 0.005


def test_a_setting_that_cannot_be_stored_is_said(stage: Stage, settings: Settings) -> None:
    stage.staff(StaffPage.SETTINGS)
    (settings.data_dir / "settings.json").write_text("{", encoding="utf-8")
    stage.parts.settings.setReducedMotion(False)
    stage.settle()
    assert "settings.json" in stage.parts.settings.view["fault"]


def test_turning_learning_off_forgets_the_pictures_that_were_kept(
    make_stage: MakeStage, settings: Settings
) -> None:
    stage = make_stage(learn_from_taps=True, keep_tap_pictures=True)
    correct(stage)
    stage.staff(StaffPage.SETTINGS)
    stage.parts.settings.setLearnFromTaps(False)
    stage.settle()
    assert list((settings.data_dir / "proposals").iterdir()) == []


def test_the_pin_can_be_changed_from_within(stage: Stage) -> None:
    stage.parts.app.go(Screen.PIN)
    stage.settle()
    stage.type_pin("2468")
    stage.type_pin("2468")
    stage.parts.settings.changePin()
    stage.settle()
    stage.type_pin("97531")
    stage.type_pin("97531")
    assert stage.parts.app.screen is Screen.STAFF
    stage.leave()
    stage.parts.app.go(Screen.PIN)
    stage.settle()
    stage.type_pin("97531")
    assert stage.parts.app.screen is Screen.STAFF


def test_health_tells_camera_model_catalogue_and_disk(stage: Stage) -> None:
    stage.camera(CameraState.LIVE)
    stage.staff(StaffPage.HEALTH)
    view = stage.parts.health.view
    assert view["cameraTone"] == "sure"
    assert (view["products"], view["photos"]) == (6, 18)
    assert view["model"]
    assert view["diskFreeGb"] > 0
    stage.camera(CameraState.STALLED)
    stage.parts.health.refresh()
    stage.settle()
    assert "The picture stands still" in texts(stage)


def test_a_catalogue_on_the_transfer_folder_is_imported_with_its_problems(
    stage: Stage, shop: Shop, settings: Settings
) -> None:
    folder = settings.data_dir / "transfer"
    folder.mkdir()
    with (folder / "products.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(
            [("sku", "name", "price"), ("N-1", "Mochi", "60"), ("N-2", "Pía", "cheap")]
        )
    stage.staff(StaffPage.TRANSFER)
    tap(stage, named(stage, "import-0"))
    assert "1 new, 0 changed, 0 as before; 0 photos." in texts(stage)
    assert any("products.csv, 3:" in text for text in texts(stage))
    assert shop.store.product("N-1").name == "Mochi"


def test_an_export_and_a_backup_are_written_where_staff_chose(
    stage: Stage, settings: Settings
) -> None:
    stage.staff(StaffPage.TRANSFER)
    tap(stage, named(stage, "export"))
    exported = Path(stage.parts.transfer.view["written"])
    assert (exported / "products.csv").is_file()
    tap(stage, named(stage, "backup"))
    assert Path(stage.parts.transfer.view["written"]).stat().st_size > 10_000
    assert exported.parent == settings.data_dir / "transfer"


def test_a_full_disk_is_said_on_the_screen(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise StorageError("The disk is full.", next_step="Free some space.")

    stage.staff(StaffPage.ENROL)
    monkeypatch.setattr("kiosk.gui.draft.DraftFolder.save_picture", refuse)
    photograph(stage, stage.cast.held("CARE-001"))
    assert "The disk is full. Free some space." in texts(stage)

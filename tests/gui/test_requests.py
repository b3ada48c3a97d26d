"""What customers asked for and the shop does not have, from the camera to the enrolled product."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assets.screenshots.window_driver import WindowDriver
from kiosk.catalog import CodeRequest
from kiosk.catalog.transfer import export_catalog
from kiosk.domain import Scan
from kiosk.gui.app.session import Screen, StaffPage
from kiosk.gui.products.requests import request_row
from kiosk.shop import Shop
from tests.gui.conftest import STOCK, MakeDriver
from tests.gui.fingers import is_shown, items, labelled, middle, named, tap, texts

TEA, OATS, OWN = "4710088412348", "4006381333931", "2123456005998"


def ask(driver: WindowDriver, code: str, sku: str | None = None) -> None:
    driver.view_models.app.touched()
    driver.scan(Scan(code, sku))


def counted(shop: Shop) -> dict[str, int]:
    return {request.code: request.count for request in shop.code_requests.code_requests()}


def test_a_number_that_is_shown_and_unknown_is_counted_once_a_customer(
    driver: WindowDriver, shop: Shop
) -> None:
    for code in (TEA, OATS, OATS):
        ask(driver, code)
        driver.nothing()
    assert counted(shop) == {TEA: 1, OATS: 1}
    ask(driver, TEA)
    assert counted(shop) == {TEA: 2, OATS: 1}


def test_what_is_sold_the_shops_own_codes_and_other_texts_are_not_counted(
    driver: WindowDriver, shop: Shop
) -> None:
    for code, sku in ((TEA, STOCK[0]), (OWN, None), ("member 4711", None)):
        ask(driver, code, sku)
    assert counted(shop) == {}


def test_a_scanner_that_types_counts_too(driver: WindowDriver, shop: Shop) -> None:
    driver.view_models.app.touched()
    driver.controller.on_code_typed(TEA)
    driver.settle()
    assert driver.view_models.app.view.screen is Screen.LOOK
    assert counted(shop) == {TEA: 1}


@pytest.mark.parametrize("size", [(1280, 720), (720, 1280)])
def test_staff_see_the_list_and_enrol_with_the_number_filled_in(
    make_driver: MakeDriver, shop: Shop, size: tuple[int, int]
) -> None:
    for code in (TEA, OATS, OATS):
        shop.code_requests.count_request(code)
    driver = make_driver(size)
    driver.staff(StaffPage.PRODUCTS)
    tap(driver, labelled(driver, "Asked for, but not here: 2"))
    assert is_shown(driver, "requestsPanel")
    assert [row.code for row in driver.view_models.requests.view.rows] == [OATS, TEA]
    assert {OATS, TEA, "2×, last today", "1×, last today"} <= set(texts(driver))
    buttons = [item for item in items(driver) if item.objectName() == "enrolRequest"]
    tap(driver, min(buttons, key=lambda item: middle(item).y()))
    assert driver.view_models.app.view.page is StaffPage.ENROL
    form = driver.view_models.enrol.view.form
    assert (form.barcode, form.sku) == (OATS, OATS)


def test_a_number_that_is_not_wanted_leaves_the_list(driver: WindowDriver, shop: Shop) -> None:
    shop.code_requests.count_request(TEA)
    driver.staff(StaffPage.PRODUCTS)
    tap(driver, named(driver, "requests"))
    tap(driver, named(driver, "forgetRequest"))
    assert counted(shop) == {}
    tap(driver, named(driver, "closeRequests"))
    assert not is_shown(driver, "requestsPanel")
    assert not is_shown(driver, "requests")


def test_an_unfinished_product_is_not_lost_to_a_number(driver: WindowDriver, shop: Shop) -> None:
    shop.code_requests.count_request(TEA)
    driver.staff(StaffPage.ENROL)
    driver.view_models.enrol.edit(name="Velinda")
    driver.settle()
    driver.staff(StaffPage.PRODUCTS)
    tap(driver, named(driver, "requests"))
    tap(driver, named(driver, "enrolRequest"))
    assert driver.view_models.enrol.view.form.name == "Velinda"
    assert driver.view_models.enrol.view.form.barcode == ""
    assert "Your unfinished product is still here. Go on, or discard it." in texts(driver)


def test_the_export_has_the_list_as_a_table(shop: Shop, tmp_path: Path) -> None:
    export_catalog(shop.catalog, tmp_path / "none")
    assert not (tmp_path / "none" / "code_requests.csv").exists()
    shop.code_requests.count_request(TEA)
    export_catalog(shop.catalog, tmp_path / "some")
    with (tmp_path / "some" / "code_requests.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [(row["code"], row["count"]) for row in rows] == [(TEA, "1")]


def test_days_are_those_of_the_calendar() -> None:
    now = datetime(2026, 11, 25, 12, tzinfo=UTC)
    days = [
        request_row(CodeRequest(TEA, 1, now - timedelta(hours=hours)), now).days_ago
        for hours in (0, 24, 48, -1)
    ]
    assert days == [0, 1, 2, 0]

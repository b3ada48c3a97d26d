"""A barcode scanner that types: told from a person, and answered on the customer's screens."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from assets.screenshots.window_driver import WindowDriver
from kiosk.domain import Candidate, Decision, Price, Product, Scan, SightingState
from kiosk.gui.app.scanner_keys import ScannerKeys
from kiosk.gui.app.session import Screen
from kiosk.gui.look.state import CardKind, Choice, Seen, derive_look
from kiosk.live import scanned
from kiosk.shop import Shop
from tests.gui.conftest import STOCK
from tests.gui.fingers import named, texts

SODA, COFFEE = STOCK[:2]
CODE = "4006381333931"


def typed(gap_s: float, text: str = CODE) -> str:
    """What is taken for a code when `text` and Enter are typed with such gaps."""
    now_s = [100.0]

    def clock() -> float:
        now_s[0] += gap_s
        return now_s[0]

    keys = ScannerKeys(clock)
    for character in text:
        keys.press(character)
    return keys.enter()


def test_quick_keys_are_a_scanner_and_slow_ones_a_person() -> None:
    assert typed(0.002) == typed(0.035) == CODE
    assert typed(0.09) == typed(0.3) == ""


@pytest.mark.parametrize(
    ("text", "code"),
    [("", ""), ("123", ""), ("96385074", "96385074"), ("]d2010\x1d9", "]d2010\x1d9")],
)
def test_a_few_keys_are_no_code(text: str, code: str) -> None:
    assert typed(0.01, text) == code


def test_keys_before_a_pause_belong_to_no_code() -> None:
    times = iter([1.0, 1.01, 3.0, 3.01, 3.02, 3.03, 3.04])
    keys = ScannerKeys(lambda: next(times))
    for character in "99" + "4711":
        keys.press(character)
    assert keys.enter() == "4711"


def scan_by_hand(driver: WindowDriver, code: str) -> None:
    window = driver.session.view.window
    for character in code:
        QTest.keyClick(window, character)
    QTest.keyClick(window, Qt.Key.Key_Return)
    driver.settle()


@pytest.fixture
def barcode(shop: Shop) -> str:
    return shop.catalog.product(SODA).barcode


@pytest.mark.parametrize("screen", [Screen.ATTRACT, Screen.LOOK])
def test_a_scanner_works_without_any_set_up(
    driver: WindowDriver, shop: Shop, barcode: str, screen: Screen
) -> None:
    driver.view_models.app.go(screen)
    driver.settle()
    scan_by_hand(driver, barcode)
    assert driver.view_models.app.view.screen is Screen.LOOK
    view = driver.view_models.look.view
    assert (view.kind, view.product.sku, view.code) == (CardKind.MATCH, SODA, barcode)
    shown = texts(driver)
    assert "Scanned" in shown
    assert not any("%" in text for text in shown)


def test_one_code_after_another_is_answered_without_a_touch(
    driver: WindowDriver, shop: Shop, barcode: str
) -> None:
    scan_by_hand(driver, barcode)
    scan_by_hand(driver, shop.catalog.product(COFFEE).barcode)
    assert driver.view_models.look.view.product.sku == COFFEE


def test_a_code_that_is_not_in_the_catalogue_is_said_with_its_number(driver: WindowDriver) -> None:
    scan_by_hand(driver, CODE)
    assert driver.view_models.look.view.kind is CardKind.UNKNOWN
    assert named(driver, "unknownTitle").property("text") == "We don't have this"
    assert CODE in named(driver, "unknownCode").property("text")


def test_what_the_picture_says_does_not_replace_a_scan(driver: WindowDriver, barcode: str) -> None:
    scan_by_hand(driver, barcode)
    driver.see(Decision.NAMED, [Candidate(COFFEE, 0.9, 0.97)])
    driver.nothing()
    assert driver.view_models.look.view.product.sku == SODA


def test_keys_for_the_search_field_are_no_scan(driver: WindowDriver, barcode: str) -> None:
    driver.view_models.app.go(Screen.FIND)
    driver.settle()
    driver.focus("searchField")
    scan_by_hand(driver, barcode)
    assert driver.view_models.app.view.screen is Screen.FIND
    assert driver.view_models.look.view.kind is CardKind.NONE


def test_a_price_in_the_code_is_the_price_on_the_card() -> None:
    product = Product("HAM", "Ham", Price(1200, "EUR"))
    scan = Scan(CODE, "HAM", Price(599, "EUR"))
    view = derive_look(Seen(scanned(scan), {"HAM": product}), Choice())
    assert (view.product.price, view.code, view.percent, view.stars) == ("€5.99", CODE, 0, 0)


def test_a_scan_without_a_product_offers_nothing_like_it() -> None:
    sighting = scanned(Scan(CODE))
    assert sighting.state is SightingState.UNKNOWN
    view = derive_look(Seen(sighting, {}), Choice())
    assert (view.kind, view.code, view.tiles) == (CardKind.UNKNOWN, CODE, ())

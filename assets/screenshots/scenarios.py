"""Every screen of the kiosk, each reached by a few steps of the window driver."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assets.screenshots.window_driver import WindowDriver
from kiosk.camera import CameraState
from kiosk.domain import Candidate, Decision, Scan
from kiosk.gui.app.session import Screen, StaffPage

SODA, COFFEE, APPLE, LONG_NAME = "DRINK-001", "DRINK-002", "FRUIT-001", "LONG-001"
SHRIMP_SAUCE, SHOE, TEA = "PANTRY-004", "SHOE-001", "TEA-001"
NOT_IN_STOCK = "NONE-001"


@dataclass(frozen=True, slots=True)
class Scenario:
    """Steps to one screen. `name` is the picture's file name; one picture per language.

    A scenario of a `new_shop` has one of its own, without products.
    """

    name: str
    run: Callable[[WindowDriver], None]
    languages: tuple[str, ...] = ("en",)
    new_shop: bool = False


def _candidates(driver: WindowDriver, sku: str, confidence: float) -> list[Candidate]:
    """The engine's own five, with `sku` first and as sure as the scenario wants."""
    found = driver.shop.look_alikes(driver.shop.embed(driver.frames.held(sku)), 8)
    others = [each for each in found if each.sku != sku][:4]
    rest = (1 - confidence) / 6
    return [
        Candidate(sku, 0.9, confidence),
        *(Candidate(each.sku, each.similarity, rest) for each in others),
    ]


def _show(driver: WindowDriver, sku: str, decision: Decision, confidence: float) -> None:
    driver.view_models.app.touched()
    driver.frame(driver.frames.held(sku))
    driver.see(decision, _candidates(driver, sku, confidence))


def attract(driver: WindowDriver) -> None:
    driver.view_models.attract.turn()


def looking(driver: WindowDriver) -> None:
    driver.view_models.app.touched()
    driver.frame(driver.frames.held(SODA))
    driver.look(0.6)


def match(driver: WindowDriver) -> None:
    _show(driver, SODA, Decision.NAMED, 0.97)


def match_less_sure(driver: WindowDriver) -> None:
    _show(driver, COFFEE, Decision.NAMED, 0.88)


def match_long_name(driver: WindowDriver) -> None:
    driver.view_models.app.touched()
    driver.frame(driver.frames.held(APPLE))
    driver.see(Decision.NAMED, [Candidate(LONG_NAME, 0.9, 0.96)])


def details(driver: WindowDriver) -> None:
    _show(driver, SODA, Decision.NAMED, 0.97)
    driver.view_models.look.showDetails(True)


def unsure(driver: WindowDriver) -> None:
    _show(driver, APPLE, Decision.UNSURE, 0.5)


def chosen(driver: WindowDriver) -> None:
    unsure(driver)
    tiles = driver.view_models.look.view.tiles
    driver.view_models.look.choose(tiles[1].sku)


def unknown(driver: WindowDriver) -> None:
    driver.view_models.app.touched()
    driver.frame(driver.frames.held(NOT_IN_STOCK))
    nearest = driver.shop.look_alikes(driver.shop.embed(driver.frames.held(NOT_IN_STOCK)), 5)
    driver.see(Decision.UNKNOWN, nearest)


def scanned(driver: WindowDriver) -> None:
    driver.view_models.app.touched()
    driver.frame(driver.frames.held(SODA))
    product = driver.shop.catalog.product(SODA)
    driver.scan(Scan(product.barcode, SODA))


def not_stocked(driver: WindowDriver) -> None:
    driver.view_models.app.touched()
    driver.frame(driver.frames.held(NOT_IN_STOCK))
    driver.scan(Scan("4710088412348"))


def none_of_them(driver: WindowDriver) -> None:
    unsure(driver)
    driver.view_models.look.noneOfThem()


def camera_lost(driver: WindowDriver) -> None:
    driver.view_models.app.touched()
    driver.frame(driver.frames.empty())
    driver.camera(CameraState.LOST)


def find(driver: WindowDriver) -> None:
    driver.view_models.app.go(Screen.FIND)
    driver.settle()
    driver.unfocus()


def find_keyboard(driver: WindowDriver) -> None:
    driver.view_models.app.go(Screen.FIND)
    driver.settle()
    driver.focus("searchField")
    driver.view_models.find.setText("tea")
    driver.settle(0.4)


def find_like_this(driver: WindowDriver) -> None:
    _show(driver, SHOE, Decision.NAMED, 0.95)
    driver.view_models.look.findLikeThis()
    driver.settle()
    driver.unfocus()


def find_product(driver: WindowDriver) -> None:
    find(driver)
    driver.view_models.find.setText("nước mắm")
    driver.settle(0.4)
    driver.view_models.find.select(SHRIMP_SAUCE)


def still_there(driver: WindowDriver) -> None:
    find(driver)
    driver.view_models.app.idle_timeout_s = 0.5
    driver.view_models.app.touched()
    driver.settle(0.3)
    driver.view_models.app.tick()


def pin_first(driver: WindowDriver) -> None:
    driver.view_models.app.go(Screen.PIN)
    driver.settle()


def pin(driver: WindowDriver) -> None:
    driver.view_models.app.go(Screen.PIN)
    driver.settle()
    if driver.view_models.pin.view.mode == "set":
        driver.type_pin("2468")
        driver.type_pin("2468")
        driver.leave()
        driver.view_models.app.go(Screen.PIN)
        driver.settle()
    for digit in "24":
        driver.view_models.pin.digit(digit)


def pin_locked(driver: WindowDriver) -> None:
    pin(driver)
    for _ in range(3):
        driver.type_pin("1357")


def enrol(driver: WindowDriver) -> None:
    _enrol_half(driver)
    driver.view_models.enrol.setName("山嵐高山烏龍茶 茶包")
    driver.view_models.enrol.setPrice("180")


def enrol_keyboard(driver: WindowDriver) -> None:
    _enrol_half(driver)
    driver.view_models.enrol.setName("Trà ô long núi ca")
    driver.focus("field-name")


def rehearsal(driver: WindowDriver) -> None:
    _enrol_half(driver)
    driver.view_models.enrol.setName("山嵐高山烏龍茶 茶包")
    driver.view_models.enrol.setPrice("180")
    driver.view_models.enrol.save()
    driver.settle()


def products(driver: WindowDriver) -> None:
    driver.staff(StaffPage.PRODUCTS)


def product_edit(driver: WindowDriver) -> None:
    driver.staff(StaffPage.PRODUCTS)
    driver.view_models.products.select(SODA)
    driver.settle()
    driver.view_models.products.setPrice("39")


def product_deleted(driver: WindowDriver) -> None:
    driver.staff(StaffPage.PRODUCTS)
    driver.view_models.products.select(LONG_NAME)
    driver.settle()
    driver.view_models.products.remove()


def look_alikes(driver: WindowDriver) -> None:
    driver.staff(StaffPage.PRODUCTS)
    driver.view_models.products.showPairs(True)


def transfer(driver: WindowDriver) -> None:
    driver.staff(StaffPage.TRANSFER)
    driver.view_models.transfer.load(0)


def health(driver: WindowDriver) -> None:
    driver.camera(CameraState.LIVE)
    driver.staff(StaffPage.HEALTH)


def settings(driver: WindowDriver) -> None:
    driver.staff(StaffPage.SETTINGS)


def set_up(driver: WindowDriver) -> None:
    """A new shop's window opens with it."""


def set_up_camera(driver: WindowDriver) -> None:
    driver.view_models.setup.next()
    driver.camera(CameraState.LIVE)
    driver.frame(driver.frames.empty())
    driver.view_models.setup.check_light()


def set_up_pin(driver: WindowDriver) -> None:
    set_up_camera(driver)
    driver.view_models.setup.next()


def set_up_product(driver: WindowDriver) -> None:
    set_up_pin(driver)
    driver.settle()
    driver.type_pin("568970")
    driver.type_pin("568970")
    driver.frame(driver.frames.held(TEA))


def set_up_recognised(driver: WindowDriver) -> None:
    set_up_product(driver)
    for share in (0.2, 0.8):
        driver.frame(driver.frames.held(TEA, share))
        driver.view_models.enrol.capture()
        driver.settle()
    driver.view_models.enrol.edit(name="山嵐高山烏龍茶 茶包", price="180", sku=TEA)
    driver.view_models.enrol.save()
    driver.settle()
    driver.settle(1)  # the product's picture is loaded once the catalogue has come to rest
    driver.see(Decision.NAMED, [Candidate(TEA, 0.9, 0.97)])


def no_products(driver: WindowDriver) -> None:
    driver.view_models.setup.finish()


def _enrol_half(driver: WindowDriver) -> None:
    driver.staff(StaffPage.ENROL)
    driver.view_models.enrol.discard()
    driver.settle()
    for share in (0.2, 0.8):
        driver.frame(driver.frames.held(TEA, share))
        driver.view_models.enrol.capture()
        driver.settle()
    driver.frame(driver.frames.held(TEA))
    driver.view_models.enrol.glance()


ALL = ("en", "zh_TW", "vi")
SCENARIOS = (
    Scenario("attract", attract, ALL),
    Scenario("looking", looking),
    Scenario("match", match, ALL),
    Scenario("match-less-sure", match_less_sure),
    Scenario("match-long-name", match_long_name),
    Scenario("details", details),
    Scenario("unsure", unsure, ("en", "vi")),
    Scenario("chosen", chosen),
    Scenario("unknown", unknown, ("en", "zh_TW")),
    Scenario("scanned", scanned, ("en", "zh_TW")),
    Scenario("not-stocked-code", not_stocked, ("en", "vi")),
    Scenario("none-of-them", none_of_them),
    Scenario("camera-lost", camera_lost),
    Scenario("find", find),
    Scenario("find-keyboard", find_keyboard, ("en", "vi")),
    Scenario("find-like-this", find_like_this),
    Scenario("find-product", find_product),
    Scenario("still-there", still_there),
    Scenario("pin-first", pin_first),
    Scenario("pin", pin),
    Scenario("pin-locked", pin_locked),
    Scenario("enrol", enrol, ("en", "zh_TW")),
    Scenario("enrol-keyboard", enrol_keyboard),
    Scenario("rehearsal", rehearsal, ("en", "zh_TW")),
    Scenario("products", products),
    Scenario("product-edit", product_edit),
    Scenario("product-deleted", product_deleted),
    Scenario("look-alikes", look_alikes),
    Scenario("import-export", transfer),
    Scenario("health", health),
    Scenario("settings", settings, ("en", "vi")),
    Scenario("set-up", set_up, ALL, new_shop=True),
    Scenario("set-up-camera", set_up_camera, new_shop=True),
    Scenario("set-up-pin", set_up_pin, new_shop=True),
    Scenario("set-up-product", set_up_product, new_shop=True),
    Scenario("set-up-recognised", set_up_recognised, new_shop=True),
    Scenario("no-products", no_products, new_shop=True),
)

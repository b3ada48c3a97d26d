"""Every screen of the kiosk as a short play on a stage, for pictures of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kiosk.camera import CameraState
from kiosk.domain import Candidate, Decision
from kiosk.gui.screens import Screen, StaffPage
from kiosk.gui.stage import Stage

SODA, COFFEE, APPLE, LONG_NAME = "DRINK-001", "DRINK-002", "FRUIT-001", "LONG-001"
SHRIMP_SAUCE, SHOE, TEA = "PANTRY-004", "SHOE-001", "TEA-001"
NOT_IN_STOCK = "NONE-001"


@dataclass(frozen=True, slots=True)
class Scene:
    """`name` becomes the file's name; in `languages` the scene is drawn."""

    name: str
    play: Callable[[Stage], None]
    languages: tuple[str, ...] = ("en",)


def _candidates(stage: Stage, sku: str, confidence: float) -> list[Candidate]:
    """The engine's own five, with `sku` first and as sure as the scene wants."""
    found = stage.shop.engine.nearest(stage.shop.embed(stage.cast.held(sku)), 8)
    others = [each for each in found if each.sku != sku][:4]
    rest = (1 - confidence) / 6
    return [
        Candidate(sku, 0.9, confidence),
        *(Candidate(each.sku, each.similarity, rest) for each in others),
    ]


def _show(stage: Stage, sku: str, decision: Decision, confidence: float) -> None:
    stage.parts.app.touched()
    stage.frame(stage.cast.held(sku))
    stage.see(decision, _candidates(stage, sku, confidence))


def attract(stage: Stage) -> None:
    stage.parts.attract.turn()


def looking(stage: Stage) -> None:
    stage.parts.app.touched()
    stage.frame(stage.cast.held(SODA))
    stage.look(0.6)


def match(stage: Stage) -> None:
    _show(stage, SODA, Decision.NAMED, 0.97)


def match_less_sure(stage: Stage) -> None:
    _show(stage, COFFEE, Decision.NAMED, 0.88)


def match_long_name(stage: Stage) -> None:
    stage.parts.app.touched()
    stage.frame(stage.cast.held(APPLE))
    stage.see(Decision.NAMED, [Candidate(LONG_NAME, 0.9, 0.96)])


def details(stage: Stage) -> None:
    _show(stage, SODA, Decision.NAMED, 0.97)
    stage.parts.look.showDetails(True)


def unsure(stage: Stage) -> None:
    _show(stage, APPLE, Decision.UNSURE, 0.5)


def chosen(stage: Stage) -> None:
    unsure(stage)
    tiles = stage.parts.look.view["tiles"]  # type: ignore[index]
    stage.parts.look.choose(tiles[1]["sku"])


def unknown(stage: Stage) -> None:
    stage.parts.app.touched()
    stage.frame(stage.cast.held(NOT_IN_STOCK))
    nearest = stage.shop.engine.nearest(stage.shop.embed(stage.cast.held(NOT_IN_STOCK)), 5)
    stage.see(Decision.UNKNOWN, nearest)


def none_of_them(stage: Stage) -> None:
    unsure(stage)
    stage.parts.look.noneOfThem()


def camera_lost(stage: Stage) -> None:
    stage.parts.app.touched()
    stage.frame(stage.cast.empty())
    stage.camera(CameraState.LOST)


def find(stage: Stage) -> None:
    stage.parts.app.go(Screen.FIND)
    stage.settle()
    stage.unfocus()


def find_keyboard(stage: Stage) -> None:
    stage.parts.app.go(Screen.FIND)
    stage.settle()
    stage.focus("searchField")
    stage.parts.find.setText("tea")
    stage.settle(0.4)


def find_like_this(stage: Stage) -> None:
    _show(stage, SHOE, Decision.NAMED, 0.95)
    stage.controller.findLikeThis()
    stage.settle()
    stage.unfocus()


def find_product(stage: Stage) -> None:
    find(stage)
    stage.parts.find.setText("nước mắm")
    stage.settle(0.4)
    stage.parts.find.select(SHRIMP_SAUCE)


def still_there(stage: Stage) -> None:
    find(stage)
    stage.parts.app.idle_timeout_s = 0.5
    stage.parts.app.touched()
    stage.settle(0.3)
    stage.parts.app.tick()


def pin_first(stage: Stage) -> None:
    stage.parts.app.go(Screen.PIN)
    stage.settle()


def pin(stage: Stage) -> None:
    stage.parts.app.go(Screen.PIN)
    stage.settle()
    if stage.parts.pin.view["mode"] == "set":  # type: ignore[index]
        stage.type_pin("2468")
        stage.type_pin("2468")
        stage.leave()
        stage.parts.app.go(Screen.PIN)
        stage.settle()
    for digit in "24":
        stage.parts.pin.digit(digit)


def pin_locked(stage: Stage) -> None:
    pin(stage)
    for _ in range(3):
        stage.type_pin("1357")


def enrol(stage: Stage) -> None:
    _enrol_half(stage)
    stage.parts.enrol.setField("name", "山嵐高山烏龍茶 茶包")
    stage.parts.enrol.setField("price", "180")


def enrol_keyboard(stage: Stage) -> None:
    _enrol_half(stage)
    stage.parts.enrol.setField("name", "Trà ô long núi ca")
    stage.focus("field-name")


def rehearsal(stage: Stage) -> None:
    _enrol_half(stage)
    stage.parts.enrol.setField("name", "山嵐高山烏龍茶 茶包")
    stage.parts.enrol.setField("price", "180")
    stage.parts.enrol.save()
    stage.settle()


def products(stage: Stage) -> None:
    stage.staff(StaffPage.PRODUCTS)


def product_edit(stage: Stage) -> None:
    stage.staff(StaffPage.PRODUCTS)
    stage.parts.products.select(SODA)
    stage.settle()
    stage.parts.products.setField("price", "39")


def product_deleted(stage: Stage) -> None:
    stage.staff(StaffPage.PRODUCTS)
    stage.parts.products.select(LONG_NAME)
    stage.settle()
    stage.parts.products.remove()


def look_alikes(stage: Stage) -> None:
    stage.staff(StaffPage.PRODUCTS)
    stage.parts.products.showPairs(True)


def transfer(stage: Stage) -> None:
    stage.staff(StaffPage.TRANSFER)
    stage.parts.transfer.load(0)


def health(stage: Stage) -> None:
    stage.camera(CameraState.LIVE)
    stage.staff(StaffPage.HEALTH)


def settings(stage: Stage) -> None:
    stage.staff(StaffPage.SETTINGS)


def _enrol_half(stage: Stage) -> None:
    stage.staff(StaffPage.ENROL)
    stage.parts.enrol.discard()
    stage.settle()
    for share in (0.2, 0.8):
        stage.frame(stage.cast.held(TEA, share))
        stage.parts.enrol.capture()
        stage.settle()
    stage.frame(stage.cast.held(TEA))
    stage.parts.enrol.glance()


ALL = ("en", "zh_TW", "vi")
SCENES = (
    Scene("attract", attract, ALL),
    Scene("looking", looking),
    Scene("match", match, ALL),
    Scene("match-less-sure", match_less_sure),
    Scene("match-long-name", match_long_name),
    Scene("details", details),
    Scene("unsure", unsure, ("en", "vi")),
    Scene("chosen", chosen),
    Scene("unknown", unknown, ("en", "zh_TW")),
    Scene("none-of-them", none_of_them),
    Scene("camera-lost", camera_lost),
    Scene("find", find),
    Scene("find-keyboard", find_keyboard, ("en", "vi")),
    Scene("find-like-this", find_like_this),
    Scene("find-product", find_product),
    Scene("still-there", still_there),
    Scene("pin-first", pin_first),
    Scene("pin", pin),
    Scene("pin-locked", pin_locked),
    Scene("enrol", enrol, ("en", "zh_TW")),
    Scene("enrol-keyboard", enrol_keyboard),
    Scene("rehearsal", rehearsal, ("en", "zh_TW")),
    Scene("products", products),
    Scene("product-edit", product_edit),
    Scene("product-deleted", product_deleted),
    Scene("look-alikes", look_alikes),
    Scene("import-export", transfer),
    Scene("health", health),
    Scene("settings", settings, ("en", "vi")),
)

"""A new kiosk is led from its language to its first product."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, strategies as st
from PySide6.QtCore import QCoreApplication, QEventLoop
from PySide6.QtQuick import QQuickItem

from assets.screenshots.demo_frames import DemoFrames
from assets.screenshots.window_driver import WindowDriver
from kiosk.camera import CameraInfo, CameraState
from kiosk.domain import Candidate, Decision, Price, Sighting, SightingState
from kiosk.gui.app.application import Session
from kiosk.gui.app.session import Screen, StaffPage
from kiosk.gui.setup.state import SetUpStep, ShopFacts, Trial, first_step, judge
from kiosk.settings import Settings, load_settings
from kiosk.shop import Shop
from kiosk.vision.encoders import Encoder
from tests.gui.conftest import frames_of
from tests.gui.fingers import is_shown, items, labelled, named, tap, texts
from tests.gui.test_end_to_end import Scripted, wait

NEW = "CARE-001"
PIN = "568970"


@pytest.fixture
def new_settings(tmp_path: Path) -> Settings:
    return load_settings(
        db=str(tmp_path / "new"), source="demo", reduced_motion=True, language="en"
    )


@pytest.fixture
def new_shop(new_settings: Settings, encoder: Encoder) -> Iterator[Shop]:
    with Shop.open(new_settings, encoder=encoder, background=False) as opened:
        yield opened


@pytest.fixture
def fresh(new_shop: Shop, new_settings: Settings) -> Iterator[WindowDriver]:
    driver = WindowDriver(new_shop, new_settings, (1280, 720))
    driver.frames = frames_of((1280, 720))
    yield driver
    driver.close()


def again(driver: WindowDriver, **changes: object) -> WindowDriver:
    """The same shop's next start."""
    driver.close()
    settings = load_settings(db=driver.shop.settings.db, source="demo", reduced_motion=True)
    started = WindowDriver(driver.shop, settings.model_copy(update=changes), (1280, 720))
    started.frames = driver.frames
    return started


def type_pin(driver: WindowDriver) -> None:
    for digit in PIN:
        tap(driver, labelled(driver, digit))
    tap(driver, labelled(driver, ">"))


def to_the_first_product(driver: WindowDriver) -> None:
    tap(driver, named(driver, "setupNext"))
    tap(driver, named(driver, "setupNext"))
    type_pin(driver)
    type_pin(driver)


class LiveDriver(WindowDriver):
    """A window over a scripted camera and real recognition, touched like a driven one."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.view_models = session.view_models

    def settle(self, least_s: float = 0.05) -> None:  # noqa: ARG002 - the camera never rests
        wait(lambda: not self.session.tasks.customer.is_busy, "the worker")
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
        self.session.view.window.grabWindow()  # what has moved is in its place after this


def press(driver: WindowDriver, *keys: str) -> None:
    for key in keys:
        tap(driver, labelled(driver, key))


def test_a_first_start_ends_with_the_shop_s_own_product_recognised(
    new_shop: Shop, new_settings: Settings
) -> None:
    frames: DemoFrames = frames_of((1280, 720))
    camera = Scripted(frames)
    session = Session(new_shop, new_settings, lambda: camera)
    driver = LiveDriver(session)
    view_models = session.view_models
    session.start()
    try:
        wait(lambda: is_shown(driver, "setupLanguage"), "the set-up")
        tap(driver, named(driver, "currency-EUR"))
        assert any("1,299.00" in text for text in texts(driver))
        tap(driver, named(driver, "setupNext"))
        wait(lambda: view_models.camera.view.state == CameraState.LIVE, "pictures")
        tap(driver, named(driver, "setupNext"))
        wait(lambda: view_models.pin.view.mode == "set", "the PIN")
        type_pin(driver)
        type_pin(driver)
        wait(lambda: is_shown(driver, "shutter"), "the first product's page")

        for number, share in enumerate((0.1, 0.5, 0.9)):
            camera.scene = frames.held(NEW, share)
            at = view_models.camera._index
            wait(lambda at=at: view_models.camera._index > at + 6, "the new view")
            while view_models.enrol.view.pictures <= number:
                tap(driver, named(driver, "shutter"))
        driver.focus("field-name")
        press(driver, "s", "o", "a", "p")
        driver.focus("field-price")
        press(driver, "3")
        driver.unfocus()
        tap(driver, named(driver, "saveProduct"))
        wait(lambda: is_shown(driver, "trialTitle"), "the trial")
        wait(lambda: "It works: recognised!" in texts(driver), "recognition")
        tap(driver, named(driver, "showCustomers"))
        assert view_models.app.view.screen is Screen.ATTRACT
        assert [(p.name, p.price) for p in new_shop.catalog.products()] == [
            ("soap", Price(300, "EUR"))
        ]
    finally:
        session.close()


def test_an_interrupted_set_up_goes_on_where_it_was(fresh: WindowDriver) -> None:
    assert is_shown(fresh, "setupLanguage")
    tap(fresh, named(fresh, "setupNext"))
    second = again(fresh)
    assert is_shown(second, "setupCamera")
    tap(second, named(second, "setupNext"))
    type_pin(second)
    type_pin(second)
    assert second.view_models.app.view.page is StaffPage.ENROL
    third = again(second)
    assert "Staff PIN" in texts(third), "the first product stands behind the PIN"
    assert not is_shown(third, "shutter")
    type_pin(third)
    assert is_shown(third, "shutter")
    assert "First product" in texts(third)
    third.close()


def test_the_language_and_currency_that_are_chosen_count_at_once_and_for_good(
    fresh: WindowDriver,
) -> None:
    tap(fresh, labelled(fresh, "Tiếng Việt"))
    tap(fresh, named(fresh, "currency-VND"))
    assert "Xin chào" in texts(fresh)
    to_the_first_product(fresh)
    assert fresh.view_models.enrol.view.currency == "VND"
    assert fresh.shop.settings.currency == "VND"
    stored = load_settings(db=fresh.shop.settings.db)
    assert (stored.language, stored.currency) == ("vi", "VND")


def test_another_camera_is_chosen_and_turned(
    fresh: WindowDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [CameraInfo(0, "Built in"), CameraInfo(2, "Above the counter")]
    monkeypatch.setattr("kiosk.gui.setup.work.list_cameras", lambda: found)
    switched: list[str] = []
    fresh.controller.settings.source_changed.connect(lambda s: switched.append(s.source))
    tap(fresh, named(fresh, "setupNext"))
    tap(fresh, labelled(fresh, "Above the counter"))
    tap(fresh, labelled(fresh, "90°"))
    assert switched == ["2"]
    stored = load_settings(db=fresh.shop.settings.db)
    assert (stored.source, stored.rotation) == ("2", 90)


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.05, "It is too dark here: a lamp above the product helps."), (1.0, "The light is good.")],
)
def test_the_light_is_judged(fresh: WindowDriver, share: float, words: str) -> None:
    tap(fresh, named(fresh, "setupNext"))
    fresh.camera(CameraState.LIVE)
    fresh.frame((fresh.frames.held(NEW) * share).astype("uint8"))
    fresh.view_models.setup.check_light()
    fresh.settle()
    assert words in texts(fresh)


def test_a_locked_kiosk_without_products_cannot_be_closed_during_its_set_up(
    fresh: WindowDriver,
) -> None:
    started = again(fresh, kiosk_mode=True)
    assert started.view_models.app.view.screen is Screen.SETUP
    assert not started.session.view.window.close()


def test_the_set_up_is_left_for_a_list_and_does_not_return(fresh: WindowDriver) -> None:
    to_the_first_product(fresh)
    tap(fresh, named(fresh, "importInstead"))
    assert fresh.view_models.app.view.page is StaffPage.TRANSFER
    assert is_shown(fresh, "tab-enrol")
    started = again(fresh)
    assert started.view_models.app.view.screen is Screen.ATTRACT
    started.close()


def test_a_kiosk_without_products_leads_staff_to_them(fresh: WindowDriver) -> None:
    to_the_first_product(fresh)
    tap(fresh, named(fresh, "skip"))
    fresh.leave()
    assert "No products yet" in texts(fresh)
    fresh.view_models.app.touched()
    fresh.frame(fresh.frames.held(NEW))
    fresh.see(Decision.UNKNOWN, [])
    assert "Sorry, I can't tell what it is" not in texts(fresh)
    tap(fresh, named(fresh, "unknownAction"))
    assert "Staff PIN" in texts(fresh)


def test_a_short_press_on_the_mark_says_how_staff_get_in(fresh: WindowDriver) -> None:
    fresh.view_models.setup.finish()
    fresh.settle()
    tap(fresh, labelled(fresh, "Shelflens"))
    assert "Staff: hold for two seconds" in texts(fresh)


def test_a_stocked_shop_has_no_set_up(driver: WindowDriver) -> None:
    assert driver.view_models.app.view.screen is Screen.ATTRACT


def test_nothing_of_the_set_up_is_larger_than_its_screen(
    new_shop: Shop, new_settings: Settings
) -> None:
    driver = WindowDriver(new_shop, new_settings, (720, 1280))
    try:
        for step in ("setupLanguage", "setupRotation"):
            named(driver, step)
            button = named(driver, "setupNext")
            for item in items(driver):
                if item.objectName().startswith(("currency-", "setupRotation")):
                    assert not overlap(item, button)
            tap(driver, button)
    finally:
        driver.close()


def overlap(one: QQuickItem, other: QQuickItem) -> bool:
    return one.mapRectToScene(one.boundingRect()).intersects(
        other.mapRectToScene(other.boundingRect())
    )


@given(
    st.builds(
        ShopFacts,
        step=st.sampled_from([*SetUpStep, "", "removed"]),
        products=st.integers(0, 3),
        has_pin=st.booleans(),
    ),
)
def test_the_first_product_stands_behind_a_pin_and_a_stocked_shop_is_set_up(
    facts: ShopFacts,
) -> None:
    step = first_step(facts)
    assert step is not SetUpStep.PRODUCT or facts.has_pin
    assert step is SetUpStep.DONE or not facts.products


def test_a_trial_is_not_lost_once_the_product_was_recognised() -> None:
    seen = Sighting(1, 33, SightingState.MATCHED, sku="A", decision=Decision.NAMED)
    other = Sighting(2, 66, SightingState.UNKNOWN, candidates=(Candidate("A", 0.5, 0.4),))
    gone = Sighting(3, 99, SightingState.IDLE)
    assert judge(other, "A", Trial.WAITING) is Trial.UNSURE
    assert judge(gone, "A", Trial.UNSURE) is Trial.UNSURE
    assert judge(seen, "A", Trial.UNSURE) is Trial.RECOGNISED
    assert judge(other, "A", Trial.RECOGNISED) is Trial.RECOGNISED

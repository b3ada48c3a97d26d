"""What a person sees and touches, on a real window drawn in memory."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtQuick import QQuickItem

from assets.screenshots.scenarios import SCENARIOS, Scenario
from assets.screenshots.window_driver import WindowDriver
from kiosk.camera import CameraState
from kiosk.domain import Candidate, Decision
from kiosk.gui.app.session import Screen, StaffPage
from kiosk.gui.pin.storage import PinStorage
from kiosk.shop import Shop
from tests.gui.conftest import STOCK, MakeDriver
from tests.gui.fingers import hold, is_shown, items, labelled, named, press_key, tap, texts

SODA, COFFEE, TEA = STOCK[:3]
SIZES = [(1280, 720), (720, 1280), (1920, 1080), (1024, 768)]
TOUCH = 64


def show(
    driver: WindowDriver, sku: str, decision: Decision = Decision.NAMED, sure: float = 0.97
) -> None:
    driver.view_models.app.touched()
    driver.frame(driver.frames.held(sku))
    chance = 0.006 if decision is Decision.NAMED else 0.1
    others = [Candidate(each, 0.5, chance) for each in STOCK if each != sku][:4]
    driver.see(decision, [Candidate(sku, 0.9, sure), *others])


def place(item: QQuickItem) -> QRectF:
    return item.mapRectToScene(QRectF(0, 0, item.width(), item.height()))


def is_pressable(item: QQuickItem) -> bool:
    return item.metaObject().indexOfProperty("frameColor") >= 0


def kind_of(item: QQuickItem) -> str:
    return re.sub(r"_QML.*", "", item.metaObject().className())


def reticle_of(driver: WindowDriver) -> QRectF:
    pane = named(driver, "cameraPane")
    return place(next(i for i in pane.childItems() if kind_of(i).startswith("Reticle")))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("decision", [Decision.NAMED, Decision.UNSURE, Decision.UNKNOWN])
def test_the_card_never_covers_the_place_of_the_product(
    make_driver: MakeDriver, size: tuple[int, int], decision: Decision
) -> None:
    driver = make_driver(size)
    show(driver, SODA, decision)
    sheet, reticle = place(named(driver, "sheet")), reticle_of(driver)
    assert reticle.width() > 100
    assert not sheet.intersects(reticle)
    assert QRectF(0, 0, *size).adjusted(-1, -1, 1, 1).contains(reticle)


def test_a_match_shows_name_price_words_stars_and_percent(driver: WindowDriver) -> None:
    show(driver, SODA)
    assert labelled(driver, "Fizzle Yuzu Soda 柚子蘇打").isVisible()
    assert {"NT$ 35", "Very sure", "97 %"} <= set(texts(driver))


def test_the_price_is_the_largest_text_of_the_card(driver: WindowDriver) -> None:
    show(driver, SODA)
    sizes = {
        str(item.property("text")): item.property("font").pixelSize()
        for item in items(driver)
        if item.property("lineCount") is not None
    }
    assert max(sizes, key=lambda text: sizes[text]) == "NT$ 35"


def test_an_unsure_answer_asks_and_a_tap_settles_it(driver: WindowDriver) -> None:
    show(driver, SODA, Decision.UNSURE, 0.5)
    assert "Is it one of these?" in texts(driver)
    tap(driver, labelled(driver, "Cà phê sữa đá Sao Đêm"))
    assert "You chose this" in texts(driver)
    assert "NT$ 42" in texts(driver)


def test_none_of_them_leads_to_kind_words_and_the_search(driver: WindowDriver) -> None:
    show(driver, SODA, Decision.UNSURE, 0.5)
    tap(driver, named(driver, "noneOfThem"))
    assert "Sorry, I can't tell what it is" in texts(driver)
    assert not [tile for tile in texts(driver) if tile == "Cà phê sữa đá Sao Đêm"]
    tap(driver, labelled(driver, "Search by name"))
    assert driver.view_models.app.view.screen is Screen.FIND


def test_a_question_stays_while_a_hand_reaches_for_it_and_a_name_goes(driver: WindowDriver) -> None:
    show(driver, SODA, Decision.UNSURE, 0.5)
    driver.look(0.3)
    assert "Is it one of these?" in texts(driver)
    show(driver, SODA)
    assert "NT$ 35" in texts(driver)
    driver.look(0.3)
    assert "NT$ 35" not in texts(driver)


def test_not_this_one_offers_the_others(driver: WindowDriver) -> None:
    show(driver, SODA)
    tap(driver, named(driver, "notThisOne"))
    assert "Is it one of these?" in texts(driver)
    assert "Fizzle Yuzu Soda 柚子蘇打" not in texts(driver)


def test_details_show_the_text_and_what_is_like_it(driver: WindowDriver) -> None:
    show(driver, SODA)
    tap(driver, named(driver, "details"))
    assert "Sparkling yuzu lemonade, 330 ml. Best ice-cold." in texts(driver)
    assert "More like this" in texts(driver)


def test_the_card_stays_a_moment_after_the_product_is_gone(driver: WindowDriver) -> None:
    show(driver, SODA)
    driver.nothing()
    assert "NT$ 35" in texts(driver)


def test_the_next_product_replaces_the_card_at_once(driver: WindowDriver) -> None:
    show(driver, SODA)
    driver.look(0.3)
    assert "NT$ 35" not in texts(driver)
    show(driver, COFFEE)
    assert "NT$ 42" in texts(driver)


def test_what_the_customer_has_tapped_is_not_taken_away_while_they_read(
    driver: WindowDriver,
) -> None:
    show(driver, SODA)
    tap(driver, named(driver, "details"))
    show(driver, COFFEE)
    assert "Sparkling yuzu lemonade, 330 ml. Best ice-cold." in texts(driver)
    driver.nothing()
    show(driver, COFFEE)
    assert "NT$ 42" in texts(driver)


def test_a_lost_camera_is_said_in_plain_words_and_search_still_works(driver: WindowDriver) -> None:
    driver.view_models.app.touched()
    driver.camera(CameraState.LOST)
    assert "The camera is not answering" in texts(driver)
    driver.camera(CameraState.LIVE)
    assert "The camera is not answering" not in texts(driver)


def test_a_touch_wakes_the_invitation_and_its_buttons_work_at_once(driver: WindowDriver) -> None:
    assert "Show me a product" in texts(driver)
    tap(driver, labelled(driver, "Search by name"))
    assert driver.view_models.app.view.screen is Screen.FIND


def test_the_language_changes_while_the_window_runs(driver: WindowDriver) -> None:
    tap(driver, labelled(driver, "中文"))
    assert "請讓我看看商品" in texts(driver)
    tap(driver, labelled(driver, "Tiếng Việt"))
    assert "Cho tôi xem sản\u00a0phẩm" in texts(driver)
    driver.leave()
    assert "Show me a product" in texts(driver)


def test_the_next_window_does_not_speak_the_last_one_s_language(make_driver: MakeDriver) -> None:
    driver = make_driver()
    driver.view_models.app.speak("vi")
    driver.close()
    assert "Show me a product" in texts(make_driver())


def test_typing_on_the_screen_s_own_keys_finds_a_product(driver: WindowDriver) -> None:
    driver.view_models.app.go(Screen.FIND)
    driver.focus("searchField")
    for key in "fizzle":
        tap(driver, labelled(driver, key))
    driver.settle(0.4)
    assert "Fizzle Yuzu Soda 柚子蘇打" in texts(driver)
    assert "Cà phê sữa đá Sao Đêm" not in texts(driver)


def test_vietnamese_is_typed_by_telex(driver: WindowDriver) -> None:
    driver.view_models.app.go(Screen.FIND)
    driver.focus("searchField")
    tap(driver, labelled(driver, "EN"))
    for key in "nuowcs":
        tap(driver, labelled(driver, key))
    assert driver.view_models.find.view.text == "nước"


def test_chinese_is_typed_with_the_catalogue_s_own_characters(driver: WindowDriver) -> None:
    driver.view_models.app.go(Screen.FIND)
    driver.focus("searchField")
    tap(driver, labelled(driver, "中"))
    tap(driver, labelled(driver, "柚"))
    tap(driver, labelled(driver, "子"))
    driver.settle(0.4)
    assert driver.view_models.find.view.text == "柚子"
    assert "Fizzle Yuzu Soda 柚子蘇打" in texts(driver)


def test_a_category_narrows_the_search_and_a_second_tap_widens_it(driver: WindowDriver) -> None:
    driver.view_models.app.go(Screen.FIND)
    driver.settle(0.4)
    before = len(driver.view_models.find.view.results)
    driver.unfocus()
    tap(driver, labelled(driver, "Drinks"))
    driver.settle(0.4)
    assert (before, len(driver.view_models.find.view.results)) == (6, 2)
    tap(driver, labelled(driver, "Drinks"))
    driver.settle(0.4)
    assert len(driver.view_models.find.view.results) == 6


def test_the_last_picture_is_searched_with_and_forgotten_with_the_session(
    driver: WindowDriver,
) -> None:
    show(driver, SODA)
    driver.view_models.look.findLikeThis()
    driver.settle(0.4)
    assert driver.view_models.find.view.with_picture
    assert driver.view_models.find.results.rowCount() > 0
    assert not named(driver, "searchField").findChild(QQuickItem, "input").hasActiveFocus()
    driver.leave()
    assert driver.view_models.find.picture is None
    assert not driver.view_models.find.view.has_picture


def test_a_long_press_on_the_mark_asks_for_the_pin(driver: WindowDriver) -> None:
    hold(driver, labelled(driver, "Shelflens"), 1.1)
    assert "Choose a staff PIN" in texts(driver)


def test_a_short_press_on_the_mark_does_not(driver: WindowDriver) -> None:
    tap(driver, labelled(driver, "Shelflens"))
    assert driver.view_models.app.view.screen is not Screen.PIN


def ask_for_the_pin(driver: WindowDriver) -> None:
    driver.view_models.app.go(Screen.PIN)
    driver.settle()


def test_the_first_start_sets_the_pin_and_the_next_asks_for_it(
    make_driver: MakeDriver, shop: Shop
) -> None:
    driver = make_driver()
    ask_for_the_pin(driver)
    driver.type_pin("2468")
    assert "Once more, please" in texts(driver)
    driver.type_pin("2468")
    assert driver.view_models.app.view.screen is Screen.STAFF
    driver.close()
    again = make_driver()
    ask_for_the_pin(again)
    assert "Staff PIN" in texts(again)
    again.type_pin("1357")
    assert again.view_models.app.view.screen is Screen.PIN
    again.type_pin("2468")
    assert again.view_models.app.view.screen is Screen.STAFF
    assert "2468" not in str(shop.values.value("staff.pin"))


def test_in_kiosk_mode_nobody_at_the_screen_sets_the_first_pin(
    make_driver: MakeDriver, shop: Shop
) -> None:
    driver = make_driver(kiosk_mode=True)
    ask_for_the_pin(driver)
    assert "No staff PIN yet" in texts(driver)
    driver.type_pin("2468")
    driver.type_pin("2468")
    assert driver.view_models.app.view.screen is Screen.PIN
    assert shop.values.value("staff.pin") is None


def test_the_lock_out_survives_a_restart(make_driver: MakeDriver) -> None:
    driver = make_driver()
    ask_for_the_pin(driver)
    driver.type_pin("2468")
    driver.type_pin("2468")
    driver.leave()
    ask_for_the_pin(driver)
    for _ in range(3):
        driver.type_pin("1357")
    assert "Too many wrong tries" in texts(driver)
    driver.close()
    again = make_driver()
    ask_for_the_pin(again)
    assert "Too many wrong tries" in texts(again)
    again.type_pin("2468")
    assert again.view_models.app.view.screen is Screen.PIN


def test_in_kiosk_mode_nothing_but_the_pin_leads_out(make_driver: MakeDriver, shop: Shop) -> None:
    PinStorage(shop.values).save("2468")
    driver = make_driver(kiosk_mode=True)
    window = driver.session.view.window
    for key, held in [
        (Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_F4, Qt.KeyboardModifier.AltModifier),
        (Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier),
        (Qt.Key.Key_F11, Qt.KeyboardModifier.NoModifier),
    ]:
        press_key(driver, key, held)
        assert window.isVisible()
    closing = QCloseEvent()
    QGuiApplication.sendEvent(window, closing)
    assert not closing.isAccepted()
    assert not window.close()
    asked: list[bool] = []
    driver.view_models.app.quit_asked.connect(lambda: asked.append(True))
    driver.view_models.app.quit()
    assert asked == []


def test_without_kiosk_mode_the_window_closes(make_driver: MakeDriver) -> None:
    assert make_driver().session.view.window.close()


def test_an_idle_search_is_warned_and_then_reset(driver: WindowDriver) -> None:
    driver.view_models.app.go(Screen.FIND)
    driver.view_models.find.setText("tea")
    driver.settle(0.3)
    driver.view_models.app.idle_timeout_s = 0.4
    driver.view_models.app.touched()
    driver.settle(0.25)
    driver.view_models.app.tick()
    driver.settle()
    assert is_shown(driver, "idleWarning") or driver.view_models.app.view.screen is Screen.ATTRACT
    driver.settle(0.4)
    driver.view_models.app.tick()
    assert driver.view_models.app.view.screen is Screen.ATTRACT
    assert driver.view_models.find.view.text == ""


@pytest.mark.parametrize("size", [(1280, 720), (720, 1280)])
def test_every_button_is_large_enough_for_a_thumb_and_has_a_name_to_be_read_out(
    make_driver: MakeDriver, size: tuple[int, int]
) -> None:
    driver = make_driver(size)
    small: set[tuple[str, str, float, float]] = set()
    nameless: set[tuple[str, str]] = set()
    checked = 0

    def note(where: str) -> None:
        nonlocal checked
        for item in items(driver):
            if is_pressable(item):
                checked += 1
                if not item.property("label"):
                    nameless.add((where, kind_of(item)))
                if item.width() < TOUCH - 1 or item.height() < TOUCH - 1:
                    small.add((where, kind_of(item), item.width(), item.height()))

    note("attract")
    show(driver, SODA)
    note("look")
    show(driver, SODA, Decision.UNSURE)
    note("pick")
    driver.view_models.app.go(Screen.FIND)
    driver.settle(0.4)
    note("find")
    for page in StaffPage:
        driver.staff(page)
        note(page.value)
    assert checked > 40
    assert (small, nameless) == (set(), set())


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["en", "zh_TW", "vi"])
def test_every_screen_opens_in_every_size_and_language_without_a_complaint(
    make_driver: MakeDriver, size: tuple[int, int], language: str, qt_messages: list[str]
) -> None:
    driver = make_driver(size)
    driver.view_models.app.speak(language)
    show(driver, SODA)
    driver.view_models.look.showDetails(True)
    driver.settle()
    for screen in (Screen.LOOK, Screen.FIND, Screen.PIN):
        driver.view_models.app.go(screen)
        driver.settle()
    for page in StaffPage:
        driver.staff(page)
    assert qt_messages == []
    assert driver.session.view.window.grabWindow().width() == size[0]


def test_every_scenario_has_a_name_of_its_own() -> None:
    names = [scenario.name for scenario in SCENARIOS]
    assert len(set(names)) == len(names) > 25
    assert all(
        isinstance(scenario, Scenario) and "en" in scenario.languages for scenario in SCENARIOS
    )


def test_a_key_press_keeps_the_session_awake(driver: WindowDriver) -> None:
    driver.view_models.app.go(Screen.FIND)
    driver.settle()
    before = driver.view_models.app._session.active_at_s
    driver.settle(0.05)
    press_key(driver, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier)
    assert driver.view_models.app._session.active_at_s > before


def test_the_mirror_is_for_the_eyes_alone(make_driver: MakeDriver) -> None:
    driver = make_driver(source="0", mirror=True)
    image = driver.frames.held(SODA)
    driver.view_models.app.touched()
    driver.frame(image)
    shown = driver.session.view.window.grabWindow()
    middle = QPointF(640, 360).toPoint()
    assert driver.view_models.camera.view.mirrored
    left = shown.pixelColor(middle.x() - 300, middle.y())
    right = image[360, 640 + 300]
    assert abs(left.red() - int(right[0])) < 12
    crop = driver.view_models.camera.shoot()
    assert crop is not None
    assert (crop.whole == image).all()

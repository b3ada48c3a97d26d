"""What a person sees and touches, on a real window drawn in memory."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtQuick import QQuickItem

from kiosk.camera import CameraState
from kiosk.domain import Candidate, Decision
from kiosk.gui.scenes import SCENES, Scene
from kiosk.gui.screens import Screen, StaffPage
from kiosk.gui.stage import Stage
from kiosk.shop import Shop
from tests.gui.conftest import STOCK, MakeStage
from tests.gui.fingers import hold, is_shown, items, labelled, named, press_key, tap, texts

SODA, COFFEE, TEA = STOCK[:3]
SIZES = [(1280, 720), (720, 1280), (1920, 1080), (1024, 768)]
TOUCH = 64
BUTTONS = ("ActionButton", "IconButton", "FilterChip", "Toggle", "ProductRow", "ProductTile")


def show(stage: Stage, sku: str, decision: Decision = Decision.NAMED, sure: float = 0.97) -> None:
    stage.parts.app.touched()
    stage.frame(stage.cast.held(sku))
    others = [Candidate(each, 0.5, 0.005) for each in STOCK if each != sku][:4]
    stage.see(decision, [Candidate(sku, 0.9, sure), *others])


def place(item: QQuickItem) -> QRectF:
    return item.mapRectToScene(QRectF(0, 0, item.width(), item.height()))


def kind_of(item: QQuickItem) -> str:
    return re.sub(r"_QML.*", "", item.metaObject().className())


def reticle_of(stage: Stage) -> QRectF:
    pane = named(stage, "cameraPane")
    return place(next(i for i in pane.childItems() if kind_of(i).startswith("Reticle")))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("decision", [Decision.NAMED, Decision.UNSURE, Decision.UNKNOWN])
def test_the_card_never_covers_the_place_of_the_product(
    make_stage: MakeStage, size: tuple[int, int], decision: Decision
) -> None:
    stage = make_stage(size)
    show(stage, SODA, decision)
    sheet, reticle = place(named(stage, "sheet")), reticle_of(stage)
    assert reticle.width() > 100
    assert not sheet.intersects(reticle)
    assert QRectF(0, 0, *size).adjusted(-1, -1, 1, 1).contains(reticle)


def test_a_match_shows_name_price_words_stars_and_percent(stage: Stage) -> None:
    show(stage, SODA)
    assert labelled(stage, "Fizzle Yuzu Soda 柚子蘇打").isVisible()
    assert {"NT$ 35", "Very sure", "97 %"} <= set(texts(stage))


def test_the_price_is_the_largest_text_of_the_card(stage: Stage) -> None:
    show(stage, SODA)
    sizes = {
        str(item.property("text")): item.property("font").pixelSize()
        for item in items(stage)
        if item.property("lineCount") is not None
    }
    assert max(sizes, key=lambda text: sizes[text]) == "NT$ 35"


def test_an_unsure_answer_asks_and_a_tap_settles_it(stage: Stage) -> None:
    show(stage, SODA, Decision.UNSURE, 0.5)
    assert "Is it one of these?" in texts(stage)
    tap(stage, labelled(stage, "Cà phê sữa đá Sao Đêm"))
    assert "You chose this" in texts(stage)
    assert "NT$ 42" in texts(stage)


def test_none_of_them_leads_to_kind_words_and_the_search(stage: Stage) -> None:
    show(stage, SODA, Decision.UNSURE, 0.5)
    tap(stage, named(stage, "noneOfThem"))
    assert "Sorry, I can't tell what it is" in texts(stage)
    assert not [tile for tile in texts(stage) if tile == "Cà phê sữa đá Sao Đêm"]
    tap(stage, labelled(stage, "Search by name"))
    assert stage.parts.app.screen is Screen.FIND


def test_a_question_stays_while_a_hand_reaches_for_it_and_a_name_goes(stage: Stage) -> None:
    show(stage, SODA, Decision.UNSURE, 0.5)
    stage.look(0.3)
    assert "Is it one of these?" in texts(stage)
    show(stage, SODA)
    assert "NT$ 35" in texts(stage)
    stage.look(0.3)
    assert "NT$ 35" not in texts(stage)


def test_not_this_one_offers_the_others(stage: Stage) -> None:
    show(stage, SODA)
    tap(stage, named(stage, "notThisOne"))
    assert "Is it one of these?" in texts(stage)
    assert "Fizzle Yuzu Soda 柚子蘇打" not in texts(stage)


def test_details_show_the_text_and_what_is_like_it(stage: Stage) -> None:
    show(stage, SODA)
    tap(stage, named(stage, "details"))
    assert "Sparkling yuzu lemonade, 330 ml. Best ice-cold." in texts(stage)
    assert "More like this" in texts(stage)


def test_the_card_stays_a_moment_after_the_product_is_gone(stage: Stage) -> None:
    show(stage, SODA)
    stage.nothing()
    assert "NT$ 35" in texts(stage)


def test_the_next_product_replaces_the_card_at_once(stage: Stage) -> None:
    show(stage, SODA)
    stage.look(0.3)
    assert "NT$ 35" not in texts(stage)
    show(stage, COFFEE)
    assert "NT$ 42" in texts(stage)


def test_what_the_customer_has_tapped_is_not_taken_away_while_they_read(stage: Stage) -> None:
    show(stage, SODA)
    tap(stage, named(stage, "details"))
    show(stage, COFFEE)
    assert "Sparkling yuzu lemonade, 330 ml. Best ice-cold." in texts(stage)
    stage.nothing()
    show(stage, COFFEE)
    assert "NT$ 42" in texts(stage)


def test_a_lost_camera_is_said_in_plain_words_and_search_still_works(stage: Stage) -> None:
    stage.parts.app.touched()
    stage.camera(CameraState.LOST)
    assert "The camera is not answering" in texts(stage)
    stage.camera(CameraState.LIVE)
    assert "The camera is not answering" not in texts(stage)


def test_a_touch_wakes_the_invitation_and_its_buttons_work_at_once(stage: Stage) -> None:
    assert "Show me a product" in texts(stage)
    tap(stage, labelled(stage, "Search by name"))
    assert stage.parts.app.screen is Screen.FIND


def test_the_language_changes_while_the_window_runs(stage: Stage) -> None:
    tap(stage, labelled(stage, "中文"))
    assert "請讓我看看商品" in texts(stage)
    tap(stage, labelled(stage, "Tiếng Việt"))
    assert "Cho tôi xem sản\u00a0phẩm" in texts(stage)
    stage.leave()
    assert "Show me a product" in texts(stage)


def test_the_next_window_does_not_speak_the_last_one_s_language(make_stage: MakeStage) -> None:
    stage = make_stage()
    stage.parts.app.speak("vi")
    stage.close()
    assert "Show me a product" in texts(make_stage())


def test_typing_on_the_screen_s_own_keys_finds_a_product(stage: Stage) -> None:
    stage.parts.app.go(Screen.FIND)
    stage.focus("searchField")
    for key in "fizzle":
        tap(stage, labelled(stage, key))
    stage.settle(0.4)
    assert "Fizzle Yuzu Soda 柚子蘇打" in texts(stage)
    assert "Cà phê sữa đá Sao Đêm" not in texts(stage)


def test_vietnamese_is_typed_by_telex(stage: Stage) -> None:
    stage.parts.app.go(Screen.FIND)
    stage.focus("searchField")
    tap(stage, labelled(stage, "EN"))
    for key in "nuowcs":
        tap(stage, labelled(stage, key))
    assert stage.parts.find.view["text"] == "nước"


def test_chinese_is_typed_with_the_catalogue_s_own_characters(stage: Stage) -> None:
    stage.parts.app.go(Screen.FIND)
    stage.focus("searchField")
    tap(stage, labelled(stage, "中"))
    tap(stage, labelled(stage, "柚"))
    tap(stage, labelled(stage, "子"))
    stage.settle(0.4)
    assert stage.parts.find.view["text"] == "柚子"
    assert "Fizzle Yuzu Soda 柚子蘇打" in texts(stage)


def test_a_category_narrows_the_search_and_a_second_tap_widens_it(stage: Stage) -> None:
    stage.parts.app.go(Screen.FIND)
    stage.settle(0.4)
    before = stage.parts.find.view["count"]
    stage.unfocus()
    tap(stage, labelled(stage, "Drinks"))
    stage.settle(0.4)
    assert (before, stage.parts.find.view["count"]) == (6, 2)
    tap(stage, labelled(stage, "Drinks"))
    stage.settle(0.4)
    assert stage.parts.find.view["count"] == 6


def test_the_last_picture_is_searched_with_and_forgotten_with_the_session(stage: Stage) -> None:
    show(stage, SODA)
    stage.controller.findLikeThis()
    stage.settle(0.4)
    assert stage.parts.find.view["withPicture"]
    assert stage.parts.find.results.rowCount() > 0
    assert not named(stage, "searchField").findChild(QQuickItem, "input").hasActiveFocus()
    stage.leave()
    assert stage.parts.find.picture is None
    assert not stage.parts.find.view["hasPicture"]


def test_a_long_press_on_the_mark_asks_for_the_pin(stage: Stage) -> None:
    hold(stage, labelled(stage, "Shelflens"), 1.1)
    assert "Choose a staff PIN" in texts(stage)


def test_a_short_press_on_the_mark_does_not(stage: Stage) -> None:
    tap(stage, labelled(stage, "Shelflens"))
    assert stage.parts.app.screen is not Screen.PIN


def enter(stage: Stage, digits: str) -> None:
    for digit in digits:
        tap(stage, labelled(stage, digit))
    tap(stage, labelled(stage, ">"))


def test_the_first_start_sets_the_pin_and_the_next_asks_for_it(
    make_stage: MakeStage, shop: Shop
) -> None:
    stage = make_stage()
    stage.parts.app.go(Screen.PIN)
    stage.settle()
    stage.type_pin("2468")
    assert "Once more, please" in texts(stage)
    stage.type_pin("2468")
    assert stage.parts.app.screen is Screen.STAFF
    stage.close()
    again = make_stage()
    again.parts.app.go(Screen.PIN)
    again.settle()
    assert "Staff PIN" in texts(again)
    again.type_pin("1357")
    assert again.parts.app.screen is Screen.PIN
    again.type_pin("2468")
    assert again.parts.app.screen is Screen.STAFF
    assert "2468" not in str(shop.store.value("staff.pin"))


def test_the_lock_out_survives_a_restart(make_stage: MakeStage) -> None:
    stage = make_stage()
    stage.parts.app.go(Screen.PIN)
    stage.settle()
    stage.type_pin("2468")
    stage.type_pin("2468")
    stage.leave()
    stage.parts.app.go(Screen.PIN)
    stage.settle()
    for _ in range(3):
        stage.type_pin("1357")
    assert "Too many wrong tries" in texts(stage)
    stage.close()
    again = make_stage()
    again.parts.app.go(Screen.PIN)
    again.settle()
    assert "Too many wrong tries" in texts(again)
    again.type_pin("2468")
    assert again.parts.app.screen is Screen.PIN


def test_in_kiosk_mode_nothing_but_the_pin_leads_out(make_stage: MakeStage) -> None:
    stage = make_stage(kiosk_mode=True)
    window = stage.session.view.window
    for key, held in [
        (Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_F4, Qt.KeyboardModifier.AltModifier),
        (Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier),
        (Qt.Key.Key_F11, Qt.KeyboardModifier.NoModifier),
    ]:
        press_key(stage, key, held)
        assert window.isVisible()
    closing = QCloseEvent()
    QGuiApplication.sendEvent(window, closing)
    assert not closing.isAccepted()
    assert not window.close()
    asked: list[bool] = []
    stage.parts.app.quit_asked.connect(lambda: asked.append(True))
    stage.parts.app.quit()
    assert asked == []


def test_without_kiosk_mode_the_window_closes(make_stage: MakeStage) -> None:
    assert make_stage().session.view.window.close()


def test_an_idle_search_is_warned_and_then_reset(stage: Stage) -> None:
    stage.parts.app.go(Screen.FIND)
    stage.parts.find.setText("tea")
    stage.settle(0.3)
    stage.parts.app.idle_timeout_s = 0.4
    stage.parts.app.touched()
    stage.settle(0.25)
    stage.parts.app.tick()
    stage.settle()
    assert is_shown(stage, "idleWarning") or stage.parts.app.screen is Screen.ATTRACT
    stage.settle(0.4)
    stage.parts.app.tick()
    assert stage.parts.app.screen is Screen.ATTRACT
    assert stage.parts.find.view["text"] == ""


@pytest.mark.parametrize("size", [(1280, 720), (720, 1280)])
def test_every_button_is_large_enough_for_a_thumb(
    make_stage: MakeStage, size: tuple[int, int]
) -> None:
    stage = make_stage(size)
    small: set[tuple[str, str, float, float]] = set()
    checked = 0

    def note(where: str) -> None:
        nonlocal checked
        for item in items(stage):
            if kind_of(item) in BUTTONS:
                checked += 1
                if item.width() < TOUCH - 1 or item.height() < TOUCH - 1:
                    small.add((where, kind_of(item), item.width(), item.height()))

    note("attract")
    show(stage, SODA)
    note("look")
    show(stage, SODA, Decision.UNSURE)
    note("pick")
    stage.parts.app.go(Screen.FIND)
    stage.settle(0.4)
    note("find")
    for page in StaffPage:
        stage.staff(page)
        note(page.value)
    assert checked > 40
    assert small == set()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["en", "zh_TW", "vi"])
def test_every_screen_opens_in_every_size_and_language_without_a_complaint(
    make_stage: MakeStage, size: tuple[int, int], language: str, qt_messages: list[str]
) -> None:
    stage = make_stage(size)
    stage.parts.app.speak(language)
    show(stage, SODA)
    stage.parts.look.showDetails(True)
    stage.settle()
    for screen in (Screen.LOOK, Screen.FIND, Screen.PIN):
        stage.parts.app.go(screen)
        stage.settle()
    for page in StaffPage:
        stage.staff(page)
    assert qt_messages == []
    assert stage.session.view.window.grabWindow().width() == size[0]


def test_every_scene_has_a_name_of_its_own() -> None:
    names = [scene.name for scene in SCENES]
    assert len(set(names)) == len(names) > 25
    assert all(isinstance(scene, Scene) and "en" in scene.languages for scene in SCENES)


def test_a_key_press_keeps_the_session_awake(stage: Stage) -> None:
    stage.parts.app.go(Screen.FIND)
    stage.settle()
    before = stage.parts.app._session.active_at_s
    stage.settle(0.05)
    press_key(stage, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier)
    assert stage.parts.app._session.active_at_s > before


def test_the_mirror_is_for_the_eyes_alone(make_stage: MakeStage) -> None:
    stage = make_stage(source="0", mirror=True)
    image = stage.cast.held(SODA)
    stage.parts.app.touched()
    stage.frame(image)
    shown = stage.session.view.window.grabWindow()
    middle = QPointF(640, 360).toPoint()
    assert stage.parts.camera.view["mirrored"]
    left = shown.pixelColor(middle.x() - 300, middle.y())
    right = image[360, 640 + 300]
    assert abs(left.red() - int(right[0])) < 12
    crop = stage.parts.camera.shoot()
    assert crop is not None
    assert (crop.whole == image).all()

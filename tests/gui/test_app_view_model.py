from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication

from kiosk.domain import Decision, Sighting, SightingState
from kiosk.gui.app.session import Screen
from kiosk.gui.app.view_model import AppViewModel

HELD = Sighting(1, 33, SightingState.MATCHED, sku="A", decision=Decision.NAMED)
GONE = Sighting(9, 300, SightingState.IDLE)


class Clock:
    now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(application: QGuiApplication, clock: Clock) -> AppViewModel:
    return AppViewModel(language="en", idle_timeout_s=45, kiosk_mode=True, clock=clock)


def test_a_product_held_for_minutes_is_no_idleness(app: AppViewModel, clock: Clock) -> None:
    app.see(HELD)
    for _ in range(10):
        clock.now_s += 30
        app.tick()
    assert app.view.screen is Screen.LOOK


def test_an_empty_counter_returns_to_the_invitation(app: AppViewModel, clock: Clock) -> None:
    ended: list[bool] = []
    app.session_ended.connect(lambda: ended.append(True))
    app.see(HELD)
    app.see(GONE)
    clock.now_s += 46
    app.tick()
    assert app.view.screen is Screen.ATTRACT
    assert ended == [True]


def test_the_next_customer_gets_the_shop_s_language(app: AppViewModel) -> None:
    app.speak("vi")
    assert app.view.language == "vi"
    app.home()
    assert app.view.language == "en"


def test_an_unknown_language_changes_nothing(app: AppViewModel) -> None:
    app.speak("xx")
    assert app.view.language == "en"


def test_the_countdown_is_shown_and_a_touch_ends_it(app: AppViewModel, clock: Clock) -> None:
    app.go("find")
    clock.now_s += 40
    app.tick()
    assert app.view.idle_left == 6
    app.touched()
    assert app.view.idle_left == 0


def test_in_kiosk_mode_only_staff_may_quit(app: AppViewModel) -> None:
    asked: list[bool] = []
    app.quit_asked.connect(lambda: asked.append(True))
    app.quit()
    assert asked == []
    app.go("pin")
    app.unlock()
    app.quit()
    assert asked == [True]

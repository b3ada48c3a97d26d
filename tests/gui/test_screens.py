from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from kiosk.domain import Sighting, SightingState
from kiosk.gui.app import session as screens
from kiosk.gui.app.session import Idleness, Screen, Session, StaffPage

SOMETHING = Sighting(1, 33, SightingState.LOOKING)
NOTHING = Sighting(2, 66, SightingState.IDLE)


def test_a_touch_wakes_the_invitation() -> None:
    assert screens.touch(Session(), 5.0) == Session(Screen.LOOK, active_at_s=5.0)


def test_a_product_wakes_the_invitation() -> None:
    assert screens.see(Session(), SOMETHING, 5.0).screen is Screen.LOOK


def test_an_empty_counter_wakes_nothing() -> None:
    assert screens.see(Session(), NOTHING, 5.0) == Session()


def test_a_product_does_not_interrupt_a_search() -> None:
    searching = Session(Screen.FIND, active_at_s=1.0)
    assert screens.see(searching, SOMETHING, 5.0) == searching


@pytest.mark.parametrize("start", [Screen.ATTRACT, Screen.LOOK, Screen.FIND, Screen.PIN])
def test_staff_screens_are_reached_through_the_pin_alone(start: Screen) -> None:
    assert screens.go(Session(start), Screen.STAFF, 1.0).screen is Screen.PIN


def test_only_the_pin_screen_unlocks() -> None:
    assert screens.unlock(Session(Screen.LOOK), 1.0).screen is Screen.LOOK
    assert screens.unlock(Session(Screen.PIN), 1.0).screen is Screen.STAFF


def test_a_staff_page_is_not_turned_from_outside() -> None:
    outside = Session(Screen.FIND)
    assert screens.turn_page(outside, StaffPage.SETTINGS, 1.0) == outside


@given(
    st.lists(
        st.sampled_from(["touch", "see", "find", "look", "staff", "page", "attract"]), max_size=30
    )
)
def test_no_way_leads_behind_the_pin_without_unlocking(steps: list[str]) -> None:
    session = Session()
    for step in steps:
        if step == "touch":
            session = screens.touch(session, 1.0)
        elif step == "see":
            session = screens.see(session, SOMETHING, 1.0)
        elif step == "page":
            session = screens.turn_page(session, StaffPage.SETTINGS, 1.0)
        else:
            session = screens.go(session, Screen(step), 1.0)
    assert session.screen is not Screen.STAFF


def test_the_invitation_is_never_idle() -> None:
    assert screens.idleness(Session(), 45, 1e9) == Idleness()


def test_a_search_is_warned_before_it_is_reset() -> None:
    session = Session(Screen.FIND, active_at_s=100.0)
    assert screens.idleness(session, 45, 130.0) == Idleness()
    assert screens.idleness(session, 45, 136.5) == Idleness(warns=True, seconds_left=9)
    assert screens.idleness(session, 45, 145.1).is_over


def test_the_look_screen_goes_without_a_word() -> None:
    session = Session(Screen.LOOK, active_at_s=100.0)
    assert screens.idleness(session, 45, 144.0) == Idleness()
    assert screens.idleness(session, 45, 145.1).is_over


def test_staff_get_four_times_as_long() -> None:
    session = Session(Screen.STAFF, active_at_s=100.0)
    assert not screens.idleness(session, 45, 200.0).is_over
    assert screens.idleness(session, 45, 281.0).is_over

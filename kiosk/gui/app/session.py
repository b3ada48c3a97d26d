"""Which screen shows: a small state machine. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from kiosk.domain import Sighting, SightingState

WARNING_S = 10.0  # enough to read the question and touch; chosen by eye
STAFF_PATIENCE = 4  # times a customer's: their hands are full while they photograph; chosen


class Screen(StrEnum):
    SETUP = "setup"
    ATTRACT = "attract"
    LOOK = "look"
    FIND = "find"
    PIN = "pin"
    STAFF = "staff"


class StaffPage(StrEnum):
    ENROL = "enrol"
    PRODUCTS = "products"
    TRANSFER = "transfer"
    HEALTH = "health"
    SETTINGS = "settings"


@dataclass(frozen=True, slots=True)
class Session:
    """What one customer or member of staff has open, and when they last did something."""

    screen: Screen = Screen.ATTRACT
    page: StaffPage = StaffPage.ENROL
    active_at_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Idleness:
    """`seconds_left` counts down while `warns`; at `is_over` the session is reset."""

    warns: bool = False
    seconds_left: int = 0
    is_over: bool = False


def go(session: Session, screen: Screen, now_s: float) -> Session:
    """Open a screen. Staff screens open through the PIN only: see `unlock`."""
    if screen is Screen.STAFF and session.screen is not Screen.STAFF:
        return replace(session, screen=Screen.PIN, active_at_s=now_s)
    return replace(session, screen=screen, active_at_s=now_s)


def unlock(session: Session, now_s: float) -> Session:
    """The PIN was right: only from where it is asked for is there a way to the staff screens."""
    if session.screen not in (Screen.PIN, Screen.SETUP):
        return session
    return replace(session, screen=Screen.STAFF, active_at_s=now_s)


def turn_page(session: Session, page: StaffPage, now_s: float) -> Session:
    if session.screen is not Screen.STAFF:
        return session
    return replace(session, page=page, active_at_s=now_s)


def touch(session: Session, now_s: float) -> Session:
    """A touch or a key: wakes the attract screen, keeps every other one open."""
    woken = Screen.LOOK if session.screen is Screen.ATTRACT else session.screen
    return replace(session, screen=woken, active_at_s=now_s)


def see(session: Session, sighting: Sighting, now_s: float) -> Session:
    """Something is held up: wakes the attract screen and keeps the look screen open."""
    if sighting.state is SightingState.IDLE:
        return session
    if session.screen in (Screen.ATTRACT, Screen.LOOK):
        return replace(session, screen=Screen.LOOK, active_at_s=now_s)
    return session


def idleness(session: Session, timeout_s: float, now_s: float) -> Idleness:
    """How near the session is to its end for want of anybody.

    The invitation and the set-up are where a session begins.
    The look screen holds nothing to lose and ends without a word; the others warn for
    the last ten seconds. Staff, who have their hands full, get four times as long.
    """
    if session.screen in (Screen.ATTRACT, Screen.SETUP):
        return Idleness()
    patience = timeout_s * (STAFF_PATIENCE if session.screen is Screen.STAFF else 1)
    left = session.active_at_s + patience - now_s
    if left <= 0:
        return Idleness(is_over=True)
    warning_s = min(WARNING_S, patience / 2)
    if session.screen is Screen.LOOK or left > warning_s:
        return Idleness()
    return Idleness(warns=True, seconds_left=int(left) + 1)

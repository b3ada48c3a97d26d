"""How long conditions have to last, by the frames' own times."""

from __future__ import annotations

import pytest

from kiosk.live.timeouts import PresentationTimer, Timeouts

TIMEOUTS = Timeouts(clear_ms=100, settle_ms=200, doubt_ms=300, absorb_ms=400)


@pytest.fixture
def timer() -> PresentationTimer:
    return PresentationTimer(TIMEOUTS)


def test_a_product_is_gone_after_a_while_of_absence(timer: PresentationTimer) -> None:
    for t_ms, is_absent, is_gone in (
        (1000, True, False),
        (1090, True, False),
        (1100, True, True),
        (1110, False, False),
        (1120, True, False),
        (1220, True, True),
    ):
        timer.tick(t_ms, motion=1.0)
        timer.update_absence(is_absent)
        assert timer.is_gone is is_gone
        assert timer.is_gone is is_gone  # asking changes nothing


def test_a_blurred_frame_counts_after_waiting_in_vain(timer: PresentationTimer) -> None:
    for t_ms, motion, sharpness, is_clear in (
        (0, 0.0, 0.5, True),
        (100, 9.0, 0.5, False),
        (200, 0.0, 0.1, False),
        (300, 9.0, 0.5, True),
        (400, 0.0, 0.5, True),
        (500, 9.0, 0.5, False),
    ):
        timer.tick(t_ms, motion)
        timer.update_clarity(motion, sharpness)
        assert timer.is_clear_enough is is_clear


def test_only_a_thing_that_never_moves_is_unheld(timer: PresentationTimer) -> None:
    timer.tick(500, motion=0.5)
    timer.tick(899, motion=0.0)
    assert not timer.is_unheld
    timer.tick(900, motion=0.0)
    assert timer.is_unheld
    timer.tick(950, motion=0.5)
    assert not timer.is_unheld

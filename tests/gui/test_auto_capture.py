from __future__ import annotations

from kiosk.gui.enrol.auto_capture import HOLD_S, REARM_S, AutoCapture, step


def run(views: list[tuple[float, bool]]) -> list[float]:
    """The times at which the camera released."""
    auto, fired = AutoCapture(), []
    for now_s, good in views:
        auto, fire = step(auto, good, now_s)
        if fire:
            fired.append(now_s)
    return fired


def steady(begin_s: float, end_s: float, good: bool = True) -> list[tuple[float, bool]]:
    count = round((end_s - begin_s) * 10)
    return [(begin_s + k / 10, good) for k in range(count)]


def test_it_releases_after_the_view_was_good_for_a_while() -> None:
    fired = run(steady(0, 2))
    assert len(fired) == 1
    assert HOLD_S <= fired[0] < HOLD_S + 0.2


def test_a_moment_of_blur_starts_the_hold_again() -> None:
    assert run([*steady(0, 0.8), (0.8, False), *steady(0.9, 1.7)]) == []


def test_the_same_view_is_not_taken_again_at_once() -> None:
    assert len(run(steady(0, HOLD_S + REARM_S - 0.2))) == 1


def test_after_the_product_was_moved_it_releases_again() -> None:
    assert len(run(steady(0, 1.2) + steady(1.2, 1.5, good=False) + steady(1.5, 2.7))) == 2


def test_the_hold_fills_from_nothing_to_whole() -> None:
    auto, _ = step(AutoCapture(), True, 10.0)
    assert auto.progress(10.0) == 0.0
    assert 0.4 < auto.progress(10.0 + HOLD_S / 2) < 0.6
    assert auto.progress(99.0) == 1.0

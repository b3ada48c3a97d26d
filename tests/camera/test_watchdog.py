"""Age and content of frames tell a stalled camera; waits grow and are reset."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st

from kiosk.camera.watchdog import BackOff, Limits, Verdict, Watchdog
from kiosk.domain import Image

LIMITS = Limits(first_frame_s=15, silent_s=2.5, frozen_s=2.5)


def picture(seed: int) -> Image:
    return np.random.default_rng(seed).integers(0, 256, (48, 64, 3), dtype=np.uint8)


def watching(*, content: bool = True) -> Watchdog:
    return Watchdog(LIMITS, now=100.0, watch_content=content)


def test_a_camera_may_take_long_to_open_but_not_for_ever() -> None:
    dog = watching()
    assert dog.verdict(114.0) is Verdict.GOOD
    assert dog.verdict(115.1) is Verdict.NEVER_STARTED


def test_silence_is_noticed_within_three_seconds() -> None:
    dog = watching()
    dog.note_frame(picture(0), 101.0)
    assert dog.verdict(103.0) is Verdict.GOOD
    assert dog.verdict(103.8) is Verdict.SILENT


def test_the_same_picture_again_and_again_is_noticed_within_three_seconds() -> None:
    dog = watching()
    for tick in range(30):
        dog.note_frame(picture(1), 101.0 + tick / 10)
    assert dog.verdict(103.9) is Verdict.FROZEN


def test_a_single_pixel_of_noise_is_life() -> None:
    dog = watching()
    for tick in range(60):
        image = picture(1)
        image[7, 5, 0] = tick
        dog.note_frame(image, 101.0 + tick / 10)
    assert dog.verdict(107.0) is Verdict.GOOD
    assert dog.is_alive


def test_a_still_recording_is_no_fault() -> None:
    dog = watching(content=False)
    for tick in range(60):
        dog.note_frame(picture(1), 101.0 + tick / 10)
    assert dog.verdict(107.0) is Verdict.GOOD


def test_a_frozen_camera_that_was_reopened_is_not_alive() -> None:
    dog = watching()
    dog.note_frame(picture(1), 101.0)
    dog.note_frame(picture(1), 101.1)
    assert not dog.is_alive


def test_waits_double_up_to_ten_seconds() -> None:
    back_off = BackOff()
    waits = [back_off.after_failure(0.0) for _ in range(7)]
    assert waits == pytest.approx([0.5, 1, 2, 4, 8, 10, 10])


def test_good_time_resets_the_waits() -> None:
    back_off = BackOff()
    for _ in range(4):
        back_off.after_failure(1.0)
    assert back_off.after_failure(60.0) == pytest.approx(0.5)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=50))
def test_a_wait_is_never_shorter_than_half_a_second_nor_longer_than_ten(lives: list[float]) -> None:
    back_off = BackOff()
    assert all(0.5 <= back_off.after_failure(live) <= 10 for live in lives)

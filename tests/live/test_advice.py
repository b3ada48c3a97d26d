"""Advice while a product is photographed."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, strategies as st

from kiosk.domain import Image
from kiosk.live import Advice, Adviser
from kiosk.live.advice import advise

SIDE = 400


def wall() -> Image:
    return np.full((SIDE, SIDE, 3), 128, np.uint8)


def held(share: float = 0.7, *, seed: int = 0, shift: int = 0) -> Image:
    """A crisp carton before a plain wall, `share` of the picture wide."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 256, (12, 12, 3), dtype=np.uint8)
    side = round(SIDE * share)
    image, start = wall(), (SIDE - side) // 2
    carton = cv2.resize(coarse, (side, side), interpolation=cv2.INTER_NEAREST)
    image[start : start + side, start + shift : start + shift + side] = carton
    return image


def blurred(image: Image, sigma: float) -> Image:
    return cv2.GaussianBlur(image, (0, 0), sigma).astype(np.uint8)


def lit(image: Image, gain: float) -> Image:
    return np.clip(image * gain, 0, 255).astype(np.uint8)


def test_a_crisp_well_lit_product_is_good() -> None:
    assert advise(held()) is Advice.OK


@pytest.mark.parametrize(
    ("image", "kind"),
    [
        (wall(), Advice.NOTHING),
        (lit(held(), 0.2), Advice.DARK),
        (np.full((SIDE, SIDE, 3), 252, np.uint8), Advice.BRIGHT),
        (blurred(held(), 7), Advice.BLURRED),
        (held(0.25), Advice.TOO_FAR),
    ],
)
def test_what_is_wrong_is_said(image: Image, kind: Advice) -> None:
    assert advise(image) is kind


def test_with_the_empty_scene_known_a_cluttered_wall_is_nothing() -> None:
    clutter = held(1.0, seed=5)
    assert advise(clutter, empty=clutter) is Advice.NOTHING


def test_with_the_empty_scene_known_a_product_that_fills_all_is_too_close() -> None:
    assert (
        advise(lit(held(1.0), 0.5), empty=np.full((86, 86, 3), 250, np.uint8)) is Advice.TOO_CLOSE
    )


def test_a_moving_hand_is_told_to_hold_still() -> None:
    assert advise(held(shift=40), previous=held()) is Advice.HAND_MOVING
    assert advise(held(shift=1), previous=held()) is Advice.OK


def test_a_side_that_was_taken_is_not_wanted_again() -> None:
    adviser = Adviser()
    assert adviser.advise(held()) is Advice.OK
    adviser.note_photo(held())
    assert adviser.advise(held(shift=2)) is Advice.TOO_ALIKE
    adviser.advise(held(seed=1))
    assert adviser.advise(held(seed=1)) is Advice.OK
    adviser.start_over()
    assert adviser.advise(held()) is Advice.OK


def test_a_camera_that_changes_its_size_does_not_upset_the_adviser() -> None:
    adviser = Adviser()
    adviser.advise(held())
    smaller = cv2.resize(held(), (300, 300), interpolation=cv2.INTER_AREA).astype(np.uint8)
    assert adviser.advise(smaller) in set(Advice)


@given(st.integers(1, 60), st.integers(1, 60), st.integers(0, 255))
def test_advice_exists_for_any_picture(width: int, height: int, value: int) -> None:
    image = np.full((height, width, 3), value, np.uint8)
    assert advise(image) in set(Advice)

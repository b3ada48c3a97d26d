"""What a camera would see of a studio picture: the product, elsewhere, in other light."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from kiosk.vision.frame import CAMERA_SIDE, cut_out, synthetic_view


def studio(background: int = 255, side: int = 200) -> np.ndarray:
    """A red pack with a white label, before a plain background."""
    photo = np.full((side, side, 3), background, np.uint8)
    photo[40:160, 60:140] = (200, 30, 30)
    photo[80:120, 80:120] = background
    return photo


@pytest.mark.parametrize("background", [255, 243, 20])
def test_product_before_a_plain_background_is_cut_out_with_its_label(background: int) -> None:
    mask = cut_out(studio(background))
    assert mask is not None
    assert mask[40:160, 60:140].all()
    assert mask.sum() == 120 * 80


def test_picture_with_a_scene_behind_is_taken_whole() -> None:
    rng = np.random.default_rng(1)
    assert cut_out(rng.integers(0, 255, (60, 80, 3)).astype(np.uint8)) is None


def test_blank_picture_is_taken_whole() -> None:
    assert cut_out(np.full((50, 50, 3), 255, np.uint8)) is None


def test_view_shows_the_product_large_and_nothing_of_the_studio() -> None:
    view = synthetic_view(studio(), 1)
    red = (view[..., 0] > 90) & (view[..., 0] > 2 * view[..., 1].astype(int))
    corners = view[[0, 0, -1, -1], [0, -1, 0, -1]]
    assert view.shape == (CAMERA_SIDE, CAMERA_SIDE, 3)
    assert red.mean() > 0.15
    assert corners.max() < 250


def test_same_photo_and_number_give_the_same_view_and_others_another() -> None:
    one = synthetic_view(studio(), 1)
    assert np.array_equal(one, synthetic_view(studio(), 1))
    assert not np.array_equal(one, synthetic_view(studio(), 2))
    assert not np.array_equal(one, synthetic_view(studio(20), 1))


@settings(max_examples=20, deadline=None)
@given(height=st.integers(1, 300), width=st.integers(1, 300), shade=st.integers(0, 255))
def test_picture_of_any_size_has_a_view(height: int, width: int, shade: int) -> None:
    photo = np.full((height, width, 3), shade, np.uint8)
    photo[height // 3 : height // 2, width // 3 : width // 2] = 255 - shade
    assert synthetic_view(photo, 1).shape == (CAMERA_SIDE, CAMERA_SIDE, 3)

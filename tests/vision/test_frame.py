"""Judgements of frames, on drawn pictures."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, strategies as st

from kiosk.domain import Image
from kiosk.vision import frame
from kiosk.vision.frame import Box, reticle_box
from kiosk.vision.frame.segmentation import light_gain

sizes = st.integers(1, 4000)


def pattern(side: int = 300, seed: int = 0) -> Image:
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 256, (side // 10, side // 10, 3), dtype=np.uint8)
    return cv2.resize(coarse, (side, side), interpolation=cv2.INTER_NEAREST)


def scene(seed: int = 1) -> Image:
    rng = np.random.default_rng(seed)
    coarse = rng.integers(70, 140, (6, 8, 3), dtype=np.uint8)
    return cv2.resize(coarse, (640, 360), interpolation=cv2.INTER_CUBIC)


def noisy(image: Image, seed: int, sigma: float = 4.0) -> Image:
    noise = np.random.default_rng(seed).normal(0, sigma, image.shape)
    return np.clip(image + noise, 0, 255).astype(np.uint8)


def with_product(background: Image, x: int = 220, y: int = 80, side: int = 200) -> Image:
    image = background.copy()
    image[y : y + side, x : x + side] = pattern(side)
    return image


@given(sizes, sizes)
def test_the_reticle_lies_inside_the_picture_and_is_square(width: int, height: int) -> None:
    box = reticle_box(width, height)
    assert box == box.within(width, height)
    assert box.width == box.height <= min(width, height)
    assert box.width >= 0.9 * min(width, height) - 1


def test_the_reticle_is_central_in_landscape_and_above_the_middle_in_portrait() -> None:
    wide, tall = reticle_box(1280, 720), reticle_box(720, 1280)
    assert abs(wide.left + wide.width / 2 - 640) <= 1
    assert abs(wide.top + wide.height / 2 - 360) <= 1
    assert tall.top + tall.height / 2 < 600


boxes = st.builds(
    Box, st.integers(-50, 99), st.integers(-50, 99), st.integers(1, 200), st.integers(1, 200)
)


@given(boxes, boxes)
def test_an_overlap_lies_in_the_first_box_and_is_never_empty(a: Box, b: Box) -> None:
    inside = a.overlap(b)
    assert a.left <= inside.left < inside.left + inside.width <= a.left + a.width
    assert a.top <= inside.top < inside.top + inside.height <= a.top + a.height


@given(boxes, st.floats(0.1, 1.0))
def test_a_shrunk_box_keeps_its_middle(box: Box, share: float) -> None:
    small = box.shrunk(share)
    assert abs((2 * small.left + small.width) - (2 * box.left + box.width)) <= 2
    assert abs((2 * small.top + small.height) - (2 * box.top + box.height)) <= 2


@given(boxes, st.integers(1, 150), st.integers(1, 150))
def test_a_squared_box_is_a_square_inside_the_picture(box: Box, width: int, height: int) -> None:
    square = box.squared(width, height)
    assert square.width == square.height
    assert square == square.within(width, height)


def test_an_arm_from_below_is_left_out_and_a_tall_product_is_not() -> None:
    reticle = Box(35, 2, 86, 86)
    mask = np.zeros((90, 160), np.bool_)
    mask[20:55, 55:95] = True
    carton = Box(55, 20, 40, 35)
    assert frame.exclude_arm(mask, carton, reticle) == carton
    mask[55:90, 70:80] = True  # the arm
    without = frame.exclude_arm(mask, Box(55, 20, 40, 70), reticle)
    assert abs(without.top + without.height - 55) <= 1
    mask[:] = False
    mask[10:88, 60:90] = True
    bottle = Box(60, 10, 30, 78)
    assert frame.exclude_arm(mask, bottle, reticle) == bottle


@pytest.mark.parametrize("shape", [(1, 1), (1, 500), (90, 90), (720, 1280), (1280, 720)])
def test_a_thumbnail_has_a_short_side_of_90_pixels(shape: tuple[int, int]) -> None:
    small = frame.thumbnail(np.zeros((*shape, 3), np.uint8))
    assert min(small.shape[:2]) == 90


def mask_of(now: Image, empty: Image) -> tuple[frame.Mask, Box]:
    small = frame.thumbnail(now)
    reticle = reticle_box(small.shape[1], small.shape[0])
    return frame.changed_mask(small, frame.thumbnail(empty), reticle), reticle


def test_noise_alone_is_no_presence() -> None:
    mask, reticle = mask_of(noisy(scene(), 1), noisy(scene(), 2))
    assert frame.presence(mask, reticle) == 0


@pytest.mark.parametrize("gain", [0.6, 0.8, 1.3])
def test_other_light_is_no_presence(gain: float) -> None:
    lit = np.clip(scene() * gain, 0, 255).astype(np.uint8)
    mask, reticle = mask_of(noisy(lit, 1), scene())
    assert frame.presence(mask, reticle) < 0.05


@pytest.mark.parametrize("gain", [0.7, 1.0, 1.25])
def test_a_product_is_found_where_it_is(gain: float) -> None:
    lit = np.clip(with_product(scene()) * gain, 0, 255).astype(np.uint8)
    mask, reticle = mask_of(noisy(lit, 1), scene())
    assert frame.presence(mask, reticle) > 0.8
    box = frame.object_box(mask, reticle)
    assert box is not None
    found = box.scaled(4)
    for got, wanted in ((found.left, 220), (found.top, 80), (found.width, 200)):
        assert abs(got - wanted) <= 12


def test_something_beside_the_reticle_is_not_the_product() -> None:
    mask, reticle = mask_of(with_product(scene(), x=0, side=100), scene())
    assert mask.any()
    assert frame.presence(mask, reticle) == 0
    assert frame.object_box(mask, reticle) is None


def test_what_has_left_the_remembered_scene_is_a_ghost_and_a_product_is_not() -> None:
    bare, held = (
        frame.thumbnail(noisy(scene(), 1)),
        frame.thumbnail(noisy(with_product(scene()), 2)),
    )
    reticle = reticle_box(bare.shape[1], bare.shape[0])
    mask = frame.changed_mask(bare, held, reticle)
    assert frame.is_ghost(bare, held, mask)
    assert not frame.is_ghost(held, bare, mask)
    assert not frame.is_ghost(held, bare, np.zeros_like(mask))


def test_motion_tells_a_tremor_from_a_move() -> None:
    def moved(pixels: int, seed: int) -> frame.Thumbnail:
        return frame.thumbnail(noisy(with_product(scene(), x=220 + pixels), seed))

    box = Box(50, 15, 60, 60)
    still, tremor, move = (frame.motion(moved(n, n), moved(0, 99), box) for n in (0, 3, 40))
    assert still < 0.05
    assert still < tremor < 1.2 < move


def test_blur_lowers_sharpness_step_by_step() -> None:
    values = [frame.sharpness(pattern())]
    values += [frame.sharpness(cv2.GaussianBlur(pattern(), (0, 0), s)) for s in (1, 2, 4, 8)]
    assert values == sorted(values, reverse=True)
    assert values[0] > 0.35
    assert values[-1] < 0.15


def test_a_hands_motion_in_one_direction_counts_as_blur() -> None:
    kernel = np.full((1, 25), 1 / 25, np.float32)
    assert frame.sharpness(cv2.filter2D(pattern(), -1, kernel)) < 0.6 * frame.sharpness(pattern())


def test_sharpness_does_not_depend_on_contrast() -> None:
    faint = (96 + pattern() * 0.25).astype(np.uint8)
    assert frame.sharpness(faint) == pytest.approx(frame.sharpness(pattern()), abs=0.08)


def test_a_plain_wall_with_noise_has_no_sharpness() -> None:
    wall = np.full((700, 700, 3), 120, np.uint8)
    assert frame.sharpness(wall) == 0
    assert frame.sharpness(noisy(wall, 3)) == 0


@pytest.mark.parametrize("gain", [0.65, 0.8, 1.0])
def test_a_dim_picture_is_lit_like_a_bright_one(gain: float) -> None:
    bright = frame.normalise_exposure(pattern())
    lit = frame.normalise_exposure((pattern() * gain).astype(np.uint8))
    assert np.abs(lit.astype(float) - bright).mean() < 3


def test_light_keeps_colours_and_does_not_make_the_dark_white() -> None:
    dim = np.full((40, 40, 3), (100, 50, 25), np.uint8)
    lit = frame.normalise_exposure(dim)[0, 0].astype(float)
    assert lit[0] == pytest.approx(160, abs=1)
    assert lit / lit[0] == pytest.approx([1, 0.5, 0.25], abs=0.02)


@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 255))
def test_judgements_are_finite_for_any_picture(width: int, height: int, value: int) -> None:
    image = np.full((height, width, 3), value, np.uint8)
    assert 0 <= frame.sharpness(image) <= 1
    assert 0 <= frame.overexposed_share(image) <= 1
    assert frame.normalise_exposure(image).shape == image.shape
    small = frame.thumbnail(image)
    reticle = reticle_box(small.shape[1], small.shape[0])
    assert np.isfinite(light_gain(small, small, reticle)).all()
    assert frame.motion(small, small, reticle) == 0

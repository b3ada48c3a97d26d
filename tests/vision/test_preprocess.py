"""Pixels reach the network as its card says."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings, strategies as st

from kiosk.errors import PictureError
from kiosk.vision.encoders import preprocess, preprocess_batch
from kiosk.vision.models import SHIPPED, find_model, registered_models
from kiosk.vision.models.cards import ModelCard
from tests.vision.conftest import tiny_card

_shipped = cache(find_model)  # its checksums once, not for each example


def _card(**changes: Any) -> ModelCard:
    return ModelCard(**tiny_card(files={"image.onnx": "0" * 64}, **changes))


def _halves(height: int, width: int) -> np.ndarray:
    """Left half red, right half blue."""
    image = np.zeros((height, width, 3), dtype=np.uint8)
    image[:, : width // 2, 0] = 255
    image[:, width // 2 :, 2] = 255
    return image


@settings(max_examples=60, deadline=None)
@given(
    height=st.integers(1, 80),
    width=st.integers(1, 80),
    resize=st.sampled_from(["shortest", "squash", "longest_pad"]),
    interpolation=st.sampled_from(["bilinear", "bicubic", "area"]),
    colour=st.sampled_from(["rgb", "gray"]),
)
def test_any_picture_gives_the_networks_shape_and_range(
    height: int, width: int, resize: str, interpolation: str, colour: str
) -> None:
    card = _card(
        resize=resize,
        interpolation=interpolation,
        colour=colour,
        input={"width": 12, "height": 8},
    )
    pixels = preprocess(_halves(height, width), card)
    assert pixels.shape == (3, 8, 12)
    assert pixels.dtype == np.float32
    assert pixels.min() >= 0
    assert pixels.max() <= 1 + 1e-6


@pytest.mark.parametrize("model", SHIPPED)
@settings(max_examples=150, deadline=None)
@example(height=116, width=734)
@example(height=734, width=116)
@given(height=st.integers(1, 1200), width=st.integers(1, 1200))
def test_every_shipped_model_takes_any_size(model: str, height: int, width: int) -> None:
    card = _shipped(model).card
    pixels = preprocess(np.zeros((height, width, 3), dtype=np.uint8), card)
    assert pixels.shape == (3, card.input.height, card.input.width)


@settings(max_examples=150, deadline=None)
@given(
    side=st.sampled_from(sorted({entry.input for entry in registered_models().values()})),
    short=st.integers(1, 400),
    aspect=st.floats(1, 40),
    upright=st.booleans(),
    interpolation=st.sampled_from(["bilinear", "bicubic"]),
)
def test_any_proportions_fit_the_input_of_every_known_model(
    side: int, short: int, aspect: float, upright: bool, interpolation: str
) -> None:
    card = _card(input={"width": side, "height": side}, interpolation=interpolation)
    shape = (round(short * aspect), short) if upright else (short, round(short * aspect))
    assert preprocess(np.zeros((*shape, 3), dtype=np.uint8), card).shape == (3, side, side)


def test_mean_and_std_are_taken_per_channel() -> None:
    card = _card(mean=[0.1, 0.2, 0.3], std=[0.5, 0.25, 2.0])
    image = np.full((8, 8, 3), (255, 128, 0), dtype=np.uint8)
    wanted = [(1 - 0.1) / 0.5, (128 / 255 - 0.2) / 0.25, (0 - 0.3) / 2]
    assert np.allclose(preprocess(image, card)[:, 4, 4], wanted, atol=1e-6)


@pytest.mark.parametrize("interpolation", ["bilinear", "bicubic", "area"])
def test_shortest_cuts_the_sides_of_a_wide_picture(interpolation: str) -> None:
    image = np.zeros((64, 192, 3), dtype=np.uint8)
    image[:, 64:128] = 255
    pixels = preprocess(image, _card(interpolation=interpolation))
    assert pixels[:, :, 1:-1].min() > 0.9


def test_squash_keeps_the_sides() -> None:
    pixels = preprocess(_halves(16, 64), _card(resize="squash"))
    assert pixels[0, 4, 0] > 0.9
    assert pixels[2, 4, 7] > 0.9


def test_longest_pad_puts_black_above_and_below_a_wide_picture() -> None:
    image = np.full((20, 40, 3), 255, dtype=np.uint8)
    pixels = preprocess(image, _card(resize="longest_pad"))
    assert pixels[:, :2].max() == 0
    assert pixels[:, 6:].max() == 0
    assert pixels[:, 2:6].min() > 0.99


def test_gray_has_three_equal_channels_by_luma() -> None:
    image = np.full((8, 8, 3), (255, 0, 0), dtype=np.uint8)
    pixels = preprocess(image, _card(colour="gray"))
    assert np.allclose(pixels, 76 / 255, atol=1e-6)


@pytest.mark.parametrize("interpolation", ["bilinear", "bicubic", "area"])
def test_shrinking_averages_instead_of_picking_pixels(interpolation: str) -> None:
    checks = np.indices((256, 256)).sum(axis=0) % 2 * 255
    image = np.repeat(checks[..., None], 3, axis=2).astype(np.uint8)
    pixels = preprocess(image, _card(interpolation=interpolation))
    assert np.abs(pixels - 0.5).max() < 0.05


def test_batch_is_the_stack_of_single_pictures() -> None:
    images = [_halves(9, 30), _halves(40, 10)]
    batch = preprocess_batch(images, _card())
    assert np.array_equal(batch, np.stack([preprocess(image, _card()) for image in images]))


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((8, 8), np.uint8),
        np.zeros((8, 8, 4), np.uint8),
        np.zeros((8, 8, 3), np.float32),
        np.zeros((0, 8, 3), np.uint8),
    ],
)
def test_array_that_is_no_picture_is_refused(array: np.ndarray) -> None:
    with pytest.raises(PictureError, match=r"uint8 \(h, w, 3\)"):
        preprocess(array, _card())


def test_part_of_a_larger_picture_needs_no_copy_first() -> None:
    image = _halves(40, 40)
    assert preprocess(image[::-1, 10:30], _card()).shape == (3, 8, 8)

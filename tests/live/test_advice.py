"""Advice while a product is photographed, and barcodes in view."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import zxingcpp
from hypothesis import given, strategies as st

from kiosk.domain import Image
from kiosk.live import Adviser, read_barcode
from kiosk.live.advice import AdviceKind, advise, is_gtin

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
    advice = advise(held())
    assert advice.kind is AdviceKind.OK
    assert advice.ok


@pytest.mark.parametrize(
    ("image", "kind"),
    [
        (wall(), AdviceKind.NOTHING),
        (lit(held(), 0.2), AdviceKind.DARK),
        (np.full((SIDE, SIDE, 3), 252, np.uint8), AdviceKind.BRIGHT),
        (blurred(held(), 7), AdviceKind.BLURRED),
        (held(0.25), AdviceKind.TOO_FAR),
    ],
)
def test_what_is_wrong_is_said(image: Image, kind: AdviceKind) -> None:
    advice = advise(image)
    assert advice.kind is kind
    assert not advice.ok


def test_with_the_empty_scene_known_a_cluttered_wall_is_nothing() -> None:
    clutter = held(1.0, seed=5)
    assert advise(clutter, empty=clutter).kind is AdviceKind.NOTHING


def test_with_the_empty_scene_known_a_product_that_fills_all_is_too_close() -> None:
    assert advise(lit(held(1.0), 0.5), empty=np.full((86, 86, 3), 250, np.uint8)).kind in (
        AdviceKind.TOO_CLOSE,
    )


def test_a_moving_hand_is_told_to_hold_still() -> None:
    assert advise(held(shift=40), before=held()).kind is AdviceKind.HAND_MOVING
    assert advise(held(shift=1), before=held()).ok


def test_a_side_that_was_taken_is_not_wanted_again() -> None:
    adviser = Adviser()
    assert adviser.advise(held()).ok
    adviser.took(held())
    assert adviser.advise(held(shift=2)).kind is AdviceKind.TOO_ALIKE
    adviser.advise(held(seed=1))
    assert adviser.advise(held(seed=1)).ok
    adviser.start_over()
    assert adviser.advise(held()).ok


def test_a_camera_that_changes_its_size_does_not_upset_the_adviser() -> None:
    adviser = Adviser()
    adviser.advise(held())
    smaller = cv2.resize(held(), (300, 300), interpolation=cv2.INTER_AREA).astype(np.uint8)
    assert adviser.advise(smaller).kind in set(AdviceKind)


@given(st.integers(1, 60), st.integers(1, 60), st.integers(0, 255))
def test_advice_exists_for_any_picture(width: int, height: int, value: int) -> None:
    image = np.full((height, width, 3), value, np.uint8)
    assert advise(image).kind in set(AdviceKind)


def with_code(text: str, code: zxingcpp.BarcodeFormat, scale: int = 4, angle: float = 8) -> Image:
    """A printed code, turned a little, in a camera's picture."""
    drawn = np.asarray(zxingcpp.create_barcode(text, code).to_image(scale=scale))
    image = np.full((480, 640), 205, np.uint8)
    h, w = min(drawn.shape[0], 440), min(drawn.shape[1], 600)
    y, x = (480 - h) // 2, (640 - w) // 2
    image[y - 15 : y + h + 15, x - 15 : x + w + 15] = 255
    image[y : y + h, x : x + w] = drawn[:h, :w]
    turn = cv2.getRotationMatrix2D((320, 240), angle, 1)
    turned = cv2.warpAffine(image, turn, (640, 480), borderValue=(205,))
    return cv2.cvtColor(turned.astype(np.uint8), cv2.COLOR_GRAY2RGB).astype(np.uint8)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("4006381333931", zxingcpp.BarcodeFormat.EAN13),
        ("96385074", zxingcpp.BarcodeFormat.EAN8),
        ("036000291452", zxingcpp.BarcodeFormat.UPCA),
        ("SHELF-42", zxingcpp.BarcodeFormat.Code128),
        ("https://example.com/p/7", zxingcpp.BarcodeFormat.QRCode),
    ],
)
def test_a_barcode_in_view_is_read(text: str, code: zxingcpp.BarcodeFormat) -> None:
    scale = 2 if code is zxingcpp.BarcodeFormat.Code128 else 3
    assert read_barcode(with_code(text, code, scale)) == text


def test_a_picture_without_a_code_gives_none() -> None:
    assert read_barcode(held()) is None
    assert read_barcode(wall()) is None


@pytest.mark.parametrize("text", ["4006381333931", "96385074", "036000291452", "14006381333938"])
def test_a_right_check_digit_is_accepted(text: str) -> None:
    assert is_gtin(text)


@given(st.sampled_from(["4006381333931", "96385074", "036000291452"]), st.data())
def test_a_single_wrong_digit_is_noticed(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text) - 1))
    digit = data.draw(st.sampled_from([d for d in "0123456789" if d != text[place]]))
    assert not is_gtin(text[:place] + digit + text[place + 1 :])


@given(st.text(max_size=16))
def test_any_text_is_judged(text: str) -> None:
    assert is_gtin(text) in (True, False)
    if is_gtin(text):
        assert text.isdigit()

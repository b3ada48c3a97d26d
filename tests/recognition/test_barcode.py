"""Barcodes in a picture."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import zxingcpp
from hypothesis import given, settings, strategies as st

from kiosk.domain import Image
from kiosk.recognition.evidence import is_gtin, read_barcode


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
    pattern = np.random.default_rng(0).integers(0, 256, (12, 12, 3), dtype=np.uint8)
    assert read_barcode(np.kron(pattern, np.ones((24, 24, 1), np.uint8))) is None
    assert read_barcode(np.full((400, 400, 3), 128, np.uint8)) is None


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


@given(st.integers(1, 300), st.integers(1, 300), st.integers(0, 255))
@settings(max_examples=40, deadline=None)
def test_a_picture_of_any_size_is_searched(height: int, width: int, seed: int) -> None:
    noise = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    assert read_barcode(noise) is None or height * width > 400

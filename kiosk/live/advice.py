"""What makes a good photo of a product, said in words while staff hold it to the camera."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from kiosk.domain import Image
from kiosk.vision.frame import (
    BRIGHTNESS_THRESHOLD,
    THUMBNAIL_SHORT_SIDE,
    Box,
    Thumbnail,
    brightness,
    correlation,
    gradient_magnitude,
    motion,
    overexposed_share,
    sharpness,
    signature,
    thumbnail,
)

ANGLES = ("front", "back", "left", "right", "top")

DARK = 45.0  # mean brightness
BRIGHT = 225.0
BURNT = 0.4  # share of the picture that is plain white
BLURRED = 0.2
MOVING = 2.0  # thumbnail pixels between two looks
FAR = 0.45  # share of the reticle's side that the product spans
CLOSE = 0.97  # share of the reticle that differs from the empty scene
ALIKE = 0.93  # likeness to a photo that was taken already
DETAIL = 6.0  # brightness slope that noise does not reach
EMPTY_SHARE = 0.01  # of the picture with such detail

_FORMATS = (
    zxingcpp.BarcodeFormat.EAN13,
    zxingcpp.BarcodeFormat.EAN8,
    zxingcpp.BarcodeFormat.UPCA,
    zxingcpp.BarcodeFormat.UPCE,
    zxingcpp.BarcodeFormat.Code128,
    zxingcpp.BarcodeFormat.QRCode,
)
LONGEST_CODE = 80


class AdviceKind(StrEnum):
    OK = "ok"
    NOTHING = "nothing"
    DARK = "dark"
    BRIGHT = "bright"
    HAND_MOVING = "hand_moving"
    BLURRED = "blurred"
    TOO_FAR = "too_far"
    TOO_CLOSE = "too_close"
    TOO_ALIKE = "too_alike"


@dataclass(frozen=True, slots=True)
class Advice:
    """The most useful thing to say now; `ok`: a photo would be good."""

    kind: AdviceKind

    @property
    def ok(self) -> bool:
        return self.kind is AdviceKind.OK


def advise(
    image: Image,
    *,
    before: Image | None = None,
    empty: Image | None = None,
    taken: Sequence[Image] = (),
) -> Advice:
    """The most useful thing to say about what is in the reticle now.

    `image` is the reticle's part of a frame, RGB. `before` is the same part a moment
    earlier (for the moving hand), `empty` that of the empty scene at any size (without it
    distance is judged by detail alone), `taken` the photos that staff have taken already.
    """
    small = thumbnail(image)
    reference = None if empty is None else _shaped_like(empty, small)
    kind = (
        _light(image)
        or _distance(small, reference)
        or _steadiness(image, small, before)
        or _variety(image, taken)
    )
    return Advice(kind or AdviceKind.OK)


class Adviser:
    """Advice on a running camera: remembers the last look and the photos taken."""

    def __init__(self, *, empty: Image | None = None) -> None:
        self.empty = empty
        self._before: Image | None = None
        self._taken: list[Image] = []

    def advise(self, image: Image) -> Advice:
        """As `advise`, with what was seen before."""
        before, self._before = self._before, image
        if before is not None and before.shape != image.shape:
            before = None
        return advise(image, before=before, empty=self.empty, taken=self._taken)

    def took(self, image: Image) -> None:
        """Note a photo: its like is not asked for again."""
        self._taken.append(image)

    def start_over(self) -> None:
        """Another product."""
        self._before = None
        self._taken.clear()


def read_barcode(image: Image) -> str | None:
    """The text of the largest EAN, UPC, Code 128 or QR code in view whose check holds."""
    gray = np.ascontiguousarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY))
    found = [
        code
        for code in zxingcpp.read_barcodes(gray, formats=_FORMATS)  # type: ignore[arg-type]  # a tuple is its own advice
        if code.valid and 0 < len(code.text) <= LONGEST_CODE and code.text.isprintable()
    ]
    return _printed(max(found, key=_extent)) if found else None


def is_gtin(text: str) -> bool:
    """True for 8, 12, 13 or 14 digits with the right check digit (GS1 General Specifications)."""
    if len(text) not in (8, 12, 13, 14) or not (text.isascii() and text.isdigit()):
        return False
    digits = [int(digit) for digit in reversed(text)]
    total = sum(digit * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return total % 10 == 0


def _light(image: Image) -> AdviceKind | None:
    mean = brightness(image)
    if mean < DARK:
        return AdviceKind.DARK
    washed_out = mean > BRIGHT or overexposed_share(image) > BURNT
    return AdviceKind.BRIGHT if washed_out else None


def _distance(small: Thumbnail, empty: Thumbnail | None) -> AdviceKind | None:
    where = _detail(small) if empty is None else _changed(small, empty)
    if where.mean() < EMPTY_SHARE:
        return AdviceKind.NOTHING
    if empty is not None and where.mean() > CLOSE:
        return AdviceKind.TOO_CLOSE
    return AdviceKind.TOO_FAR if max(_span(where, 0), _span(where, 1)) < FAR else None


def _steadiness(image: Image, small: Thumbnail, before: Image | None) -> AdviceKind | None:
    if before is not None:
        whole = Box(0, 0, small.shape[1], small.shape[0])
        if motion(small, thumbnail(before), whole) > MOVING:
            return AdviceKind.HAND_MOVING
    return AdviceKind.BLURRED if sharpness(image) < BLURRED else None


def _variety(image: Image, taken: Sequence[Image]) -> AdviceKind | None:
    mine = signature(image)
    alike = any(correlation(mine, signature(other)) > ALIKE for other in taken)
    return AdviceKind.TOO_ALIKE if alike else None


def _detail(small: Thumbnail) -> NDArray[np.bool_]:
    return np.asarray(gradient_magnitude(small) / 4 > DETAIL)


def _changed(small: Thumbnail, empty: Thumbnail) -> NDArray[np.bool_]:
    """Without a correction for the light: the product may cover all of the reticle."""
    return np.asarray(np.abs(small - empty).max(axis=2) > 2 * BRIGHTNESS_THRESHOLD)


def _span(where: NDArray[np.bool_], axis: int) -> float:
    """The share of one side that the middle nine tenths of the marked pixels take."""
    mass = np.cumsum(where.sum(axis=axis))
    low, high = np.searchsorted(mass, (0.05 * mass[-1], 0.95 * mass[-1]))
    return float(high - low + 1) / len(mass)


def _shaped_like(empty: Image, small: Thumbnail) -> Thumbnail:
    if min(empty.shape[:2]) > THUMBNAIL_SHORT_SIDE:
        empty = thumbnail(empty).astype(np.uint8)
    size = (small.shape[1], small.shape[0])
    return cv2.resize(empty, size, interpolation=cv2.INTER_LINEAR).astype(np.float32)


def _printed(code: zxingcpp.Barcode) -> str:
    """The text; a UPC-A that was read as an EAN-13 without the zero that nobody prints."""
    text = code.text.strip()
    is_upc = len(text) == 13 and text.isdigit() and text.startswith("0") and is_gtin(text)
    return text[1:] if is_upc else text


def _extent(code: zxingcpp.Barcode) -> int:
    a, b = code.position.top_left, code.position.bottom_right
    return abs(b.x - a.x) + abs(b.y - a.y)

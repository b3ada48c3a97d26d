"""What to say to staff who hold a product to the camera, so that its photo becomes good."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.domain import Image
from kiosk.vision.frame import (
    BRIGHTNESS_THRESHOLD,
    THUMBNAIL_SHORT_SIDE,
    Box,
    Signature,
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

# All chosen by eye.
MIN_BRIGHTNESS = 45.0  # mean, of 255
MAX_BRIGHTNESS = 225.0  # mean, of 255
MAX_OVEREXPOSED = 0.4  # share of the picture
MIN_SHARPNESS = 0.2
MAX_MOTION = 2.0  # thumbnail pixels between two looks
MIN_SPAN = 0.45  # share of the reticle's side that the product spans
MAX_CHANGED = 0.97  # share of the reticle that differs from the empty scene
MAX_CORRELATION = 0.93  # with a photo that was taken already
MIN_GRADIENT = 6.0  # of 255 a pixel, which noise does not reach
MIN_DETAIL = 0.01  # share of the picture with such a gradient, or that differs


class Advice(StrEnum):
    OK = "ok"
    NOTHING = "nothing"
    DARK = "dark"
    BRIGHT = "bright"
    HAND_MOVING = "hand_moving"
    BLURRED = "blurred"
    TOO_FAR = "too_far"
    TOO_CLOSE = "too_close"
    TOO_ALIKE = "too_alike"


def advise(
    image: Image,
    *,
    previous: Image | None = None,
    empty: Image | None = None,
    taken: Sequence[Signature] = (),
) -> Advice:
    """Return the most useful thing to say about what is in the reticle now.

    Args:
        image: the reticle's part of a frame, RGB.
        previous: the same part a moment earlier, for the moving hand.
        empty: the same part of the empty scene in the same light, at any size; without it
            distance is judged by detail alone, and nothing is too close.
        taken: the photos taken already.
    """
    small = thumbnail(image)
    reference = None if empty is None else _shaped_like(empty, small)
    return (
        _light(image)
        or _distance(small, reference)
        or _steadiness(image, small, previous)
        or _variety(image, taken)
        or Advice.OK
    )


class Adviser:
    """Advice on a running camera: remembers the last look and the photos taken."""

    def __init__(self) -> None:
        self._previous: Image | None = None
        self._taken: list[Signature] = []

    def advise(self, image: Image, *, empty: Image | None = None) -> Advice:
        """As the function `advise`, with what was seen and taken so far."""
        previous, self._previous = self._previous, image
        if previous is not None and previous.shape != image.shape:
            previous = None
        return advise(image, previous=previous, empty=empty, taken=self._taken)

    def note_photo(self, image: Image) -> None:
        """Note a photo: another like it is not asked for."""
        self._taken.append(signature(image))

    def start_over(self) -> None:
        """Forget the photos: another product follows."""
        self._previous = None
        self._taken.clear()


def _light(image: Image) -> Advice | None:
    mean = brightness(image)
    if mean < MIN_BRIGHTNESS:
        return Advice.DARK
    is_bright = mean > MAX_BRIGHTNESS or overexposed_share(image) > MAX_OVEREXPOSED
    return Advice.BRIGHT if is_bright else None


def _distance(small: Thumbnail, empty: Thumbnail | None) -> Advice | None:
    mask = _detail(small) if empty is None else _changed(small, empty)
    if mask.mean() < MIN_DETAIL:
        return Advice.NOTHING
    if empty is not None and mask.mean() > MAX_CHANGED:
        return Advice.TOO_CLOSE
    return Advice.TOO_FAR if max(_span(mask, 0), _span(mask, 1)) < MIN_SPAN else None


def _steadiness(image: Image, small: Thumbnail, previous: Image | None) -> Advice | None:
    if previous is not None:
        whole = Box(0, 0, small.shape[1], small.shape[0])
        if motion(small, thumbnail(previous), whole) > MAX_MOTION:
            return Advice.HAND_MOVING
    return Advice.BLURRED if sharpness(image) < MIN_SHARPNESS else None


def _variety(image: Image, taken: Sequence[Signature]) -> Advice | None:
    current = signature(image)
    is_alike = any(correlation(current, photo) > MAX_CORRELATION for photo in taken)
    return Advice.TOO_ALIKE if is_alike else None


def _detail(small: Thumbnail) -> NDArray[np.bool_]:
    return np.asarray(gradient_magnitude(small) / 4 > MIN_GRADIENT)


def _changed(small: Thumbnail, empty: Thumbnail) -> NDArray[np.bool_]:
    return np.asarray(np.abs(small - empty).max(axis=2) > 2 * BRIGHTNESS_THRESHOLD)


def _span(mask: NDArray[np.bool_], axis: int) -> float:
    """The share of one side that the middle nine tenths of the marked pixels take."""
    mass = np.cumsum(mask.sum(axis=axis))
    low, high = np.searchsorted(mass, (0.05 * mass[-1], 0.95 * mass[-1]))
    return float(high - low + 1) / len(mass)


def _shaped_like(empty: Image, small: Thumbnail) -> Thumbnail:
    if min(empty.shape[:2]) > THUMBNAIL_SHORT_SIDE:
        empty = thumbnail(empty).astype(np.uint8)
    size = (small.shape[1], small.shape[0])
    return cv2.resize(empty, size, interpolation=cv2.INTER_LINEAR).astype(np.float32)

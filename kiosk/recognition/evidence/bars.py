"""Where a picture holds parallel bars, cut out, turned upright and sharpened.

A scan line has to cross all bars of a code, which a turned code does not allow, and bars of
two pixels are lost in noise. Averaged along the bars and sharpened across, codes are read at
any angle, and from about 1.7 pixels a module on.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Gray = NDArray[np.uint8]
Field = NDArray[np.float32]

# Measured on EAN-13 drawn at 150 to 280 pixels of a 720p frame, at all angles: with these
# 1.7 pixels a module are read in 10 of 12 frames, without sharpening 2.0 are needed.
ZOOM = 3
SHARPENING = 3.0
SHARPENING_SIGMA = 3.0  # pixels of the patch: one of the picture
WINDOW = 15  # pixels at half size, over which gradients have to agree; chosen by eye
COHERENCE = 0.7  # share of the gradients' energy in one direction; chosen by eye
CONTRAST = 190.0  # Scharr gradient at half size, some 12 grey levels a pixel; chosen by eye
LEAST_AREA = 400  # pixels at half size: bars of 50 x 32 in the picture; chosen by eye
QUIET_ZONE = 35  # pixels left and right of the bars; chosen by eye
MOST_PATCHES = 2  # the largest; chosen by eye


@dataclass(frozen=True, slots=True, eq=False)
class _Gradients:
    """The structure tensor as double angle: `across` and `along` of energy `total`."""

    across: Field
    along: Field
    total: Field


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """Bars cut out of a picture, standing upright; `centre` is their x and y in it, pixels."""

    gray: Gray
    centre: tuple[float, float]


def bar_patches(gray: Gray) -> list[Patch]:
    """Return the largest groups of bars in `gray` (h, w), each turned so that bars stand."""
    if min(gray.shape) < QUIET_ZONE:
        return []  # no room for bars, nor for the windows below
    half = cv2.resize(gray, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA).astype(np.uint8)
    gradients = _gradients(half)
    strength = cv2.magnitude(gradients.across, gradients.along)
    is_bars = (strength > COHERENCE * gradients.total) & (gradients.total > CONTRAST**2)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(is_bars.astype(np.uint8))
    areas = stats[:, cv2.CC_STAT_AREA].copy()
    areas[0] = 0  # what is not bars
    largest = np.argsort(-areas)[:MOST_PATCHES]
    return [
        _patch(gray, gradients, np.asarray(labels == label))
        for label in largest
        if areas[label] >= LEAST_AREA
    ]


def _gradients(gray: Gray) -> _Gradients:
    x = cv2.Scharr(gray, cv2.CV_32F, 1, 0)
    y = cv2.Scharr(gray, cv2.CV_32F, 0, 1)
    xx, yy, xy = (_averaged(product) for product in (x * x, y * y, x * y))
    return _Gradients(xx - yy, 2 * xy, xx + yy)


def _averaged(values: NDArray[np.generic]) -> Field:
    averaged = cv2.boxFilter(np.asarray(values, np.float32), -1, (WINDOW, WINDOW))
    return np.asarray(averaged, np.float32)


def _patch(gray: Gray, gradients: _Gradients, mask: NDArray[np.bool_]) -> Patch:
    """Cut the bars under `mask`, which is at half size, out of the picture."""
    ys, xs = np.nonzero(mask)
    angle = 0.5 * np.arctan2(gradients.along[ys, xs].sum(), gradients.across[ys, xs].sum())
    cos, sin = np.cos(angle), np.sin(angle)
    low, high = np.percentile(2 * (xs * cos + ys * sin), (1, 99))
    top, bottom = np.percentile(2 * (ys * cos - xs * sin), (5, 95))
    width = round(ZOOM * (1.15 * (high - low) + 2 * QUIET_ZONE))
    height = round(ZOOM * max(0.8 * (bottom - top), 24))
    turn = ZOOM * np.array([[cos, sin], [-sin, cos]])
    centre = np.array([(low + high) / 2, (top + bottom) / 2])
    shift = np.array([width, height]) / 2 - ZOOM * centre
    upright = cv2.warpAffine(
        gray,
        np.column_stack([turn, shift]),
        (width, height),
        flags=cv2.INTER_CUBIC,
        borderValue=(255,),
    )
    x, y = centre @ np.array([[cos, sin], [-sin, cos]])
    return Patch(_sharpened(upright, height // 4 | 1), (float(x), float(y)))


def _sharpened(upright: NDArray[np.generic], length: int) -> Gray:
    """Average over `length` pixels along the bars, and exaggerate the differences across."""
    smooth = cv2.blur(np.asarray(upright, np.float32), (1, length))
    blurred = cv2.GaussianBlur(smooth, (0, 0), SHARPENING_SIGMA)
    sharp = smooth + SHARPENING * (smooth - blurred)
    return np.clip(sharp, 0, 255).astype(np.uint8)

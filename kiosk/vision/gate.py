"""Is it worth encoding this frame? Sharp, still, lit, and something there: pure functions.

All but `sharpness` work on a thumbnail whose short side is 90 pixels, so that a verdict
costs about a millisecond. Distances are in thumbnail pixels, brightness is 0 to 255.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.domain import Image

Thumbnail = NDArray[np.float32]  # (h, w, 3), RGB, 0 to 255
Mask = NDArray[np.bool_]  # (h, w)

Element = TypeVar("Element", bound=np.generic)

THUMBNAIL_SHORT_SIDE = 90
RETICLE_SHARE = 0.96  # of the picture's short side
CORE_SHARE = 0.5  # the middle of the reticle, which a held product covers
PORTRAIT_CENTRE = 0.42  # of the height: the card takes the lower part
CHANGED = 16.0  # brightness: above a webcam's noise in a thumbnail many times over
ARM = 0.6  # of the product's width
EXPOSURE_SIDE = 128
WHITE = 250.0
MOST_LIGHT = 1.6
GHOST = 1.5  # times the edge strength
SHARPNESS_SIDE = 256
NOISE_ENERGY = 25.0  # of the Sobel slope, from a webcam in dim light, shrunk to 256 pixels


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels: left, top (inside), width, height."""

    left: int
    top: int
    width: int
    height: int

    def crop(self, image: NDArray[Element]) -> NDArray[Element]:
        """The part of `image` inside the box; a view, no copy."""
        return image[self.top : self.top + self.height, self.left : self.left + self.width]

    def scaled(self, factor: float) -> Box:
        """The same place in a picture that is `factor` times as large."""
        left, top = round(self.left * factor), round(self.top * factor)
        right = round((self.left + self.width) * factor)
        bottom = round((self.top + self.height) * factor)
        return Box(left, top, max(right - left, 1), max(bottom - top, 1))

    def within(self, width: int, height: int) -> Box:
        """The part that lies inside a picture of that size (at least one pixel)."""
        left = min(max(self.left, 0), width - 1)
        top = min(max(self.top, 0), height - 1)
        right = min(max(self.left + self.width, left + 1), width)
        bottom = min(max(self.top + self.height, top + 1), height)
        return Box(left, top, right - left, bottom - top)

    def shrunk(self, share: float) -> Box:
        """The middle of the box, each side `share` as long."""
        width, height = max(round(self.width * share), 1), max(round(self.height * share), 1)
        left = self.left + (self.width - width) // 2
        top = self.top + (self.height - height) // 2
        return Box(left, top, width, height)

    def squared(self, width: int, height: int) -> Box:
        """The square around the box, as far as a picture of that size allows.

        Encoders look at the middle square: of a tall bottle they would see the label alone.
        """
        side = min(max(self.width, self.height), width, height)
        left = min(max(self.left + (self.width - side) // 2, 0), width - side)
        top = min(max(self.top + (self.height - side) // 2, 0), height - side)
        return Box(left, top, side, side)

    def overlap(self, other: Box) -> Box:
        """What both boxes cover (at least one pixel, inside this box)."""
        moved = Box(other.left - self.left, other.top - self.top, other.width, other.height)
        inside = moved.within(self.width, self.height)
        return Box(inside.left + self.left, inside.top + self.top, inside.width, inside.height)


def reticle_box(width: int, height: int) -> Box:
    """Where a product is to be held in a picture of that size: a square.

    Central in landscape; above the middle in portrait, where the card rises from below.
    """
    side = max(round(min(width, height) * RETICLE_SHARE), 1)
    centre = height / 2 if width >= height else max(height * PORTRAIT_CENTRE, side / 2)
    top = min(max(round(centre - side / 2), 0), height - side)
    return Box((width - side) // 2, top, side, side)


def thumbnail(image: Image) -> Thumbnail:
    """`image` shrunk by area to a short side of 90 pixels, slightly smoothed."""
    height, width = image.shape[:2]
    factor = THUMBNAIL_SHORT_SIDE / min(height, width)
    size = (max(round(width * factor), 1), max(round(height * factor), 1))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    return cv2.GaussianBlur(small, (3, 3), 0).astype(np.float32)


def light_gain(now: Thumbnail, before: Thumbnail, reticle: Box) -> NDArray[np.float32]:
    """By how much each channel became brighter, judged around the reticle: (3,)."""
    outside = np.ones(now.shape[:2], np.bool_)
    reticle.crop(outside)[:] = False
    if outside.mean() < 0.1:
        outside[:] = True
    ratio = (now[outside] + 4.0) / (before[outside] + 4.0)
    gain: NDArray[np.float32] = np.clip(np.median(ratio, axis=0), 0.25, 4.0).astype(np.float32)
    return gain


def changed_mask(now: Thumbnail, empty: Thumbnail, reticle: Box) -> Mask:
    """Where `now` differs from the empty scene by more than light and noise can do."""
    expected = np.clip(empty * light_gain(now, empty, reticle), 0, 255)
    differs = np.abs(now - expected).max(axis=2) > CHANGED
    kernel = np.ones((5, 5), np.uint8)
    closed = cv2.morphologyEx(differs.astype(np.uint8), cv2.MORPH_CLOSE, kernel)
    opened = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    return opened.astype(np.bool_)


def presence(mask: Mask, reticle: Box) -> float:
    """The share, 0 to 1, of the reticle's middle that something covers."""
    return float(reticle.shrunk(CORE_SHARE).crop(mask).mean())


def object_box(mask: Mask, reticle: Box) -> Box | None:
    """Around what is held: the parts of `mask` that reach into the reticle's middle."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    core = reticle.shrunk(CORE_SHARE).crop(labels)
    inside = np.bincount(core.ravel(), minlength=count)[1:]
    if count < 2 or not inside.any():
        return None
    mine = np.flatnonzero(inside >= 0.1 * inside.max()) + 1
    left, top = (int(stats[mine, side].min()) for side in (cv2.CC_STAT_LEFT, cv2.CC_STAT_TOP))
    right = int((stats[mine, cv2.CC_STAT_LEFT] + stats[mine, cv2.CC_STAT_WIDTH]).max())
    bottom = int((stats[mine, cv2.CC_STAT_TOP] + stats[mine, cv2.CC_STAT_HEIGHT]).max())
    return Box(left, top, right - left, bottom - top)


def without_arm(mask: Mask, box: Box, reticle: Box) -> Box:
    """`box` less the arm that holds the product from below: rows much narrower than the rest."""
    inside = box.overlap(reticle)
    if inside.top + inside.height < reticle.top + reticle.height:
        return inside
    widths = inside.crop(mask).sum(axis=1)
    narrow = widths < ARM * np.percentile(widths, 85)
    broad = np.flatnonzero(~narrow)
    rows = max(int(broad[-1]) + 1 if len(broad) else 0, inside.height // 2)
    return Box(inside.left, inside.top, inside.width, rows)


def is_ghost(now: Thumbnail, empty: Thumbnail, mask: Mask) -> bool:
    """Whether `mask` marks something that was taken for scenery and has left since.

    Its outline is an edge in the remembered scene and none in the picture.
    """
    area = mask.astype(np.uint8)
    outline = cv2.morphologyEx(area, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 0
    if not outline.any():
        return False
    return float(_slope(empty)[outline].mean()) > GHOST * float(_slope(now)[outline].mean())


def motion(now: Thumbnail, before: Thumbnail, box: Box) -> float:
    """About how many thumbnail pixels the content of `box` moved between two frames.

    Brightness change over brightness slope (the optical flow constraint of Horn and
    Schunck, 1981), summed over the box; large moves saturate near the detail's size.
    """
    a = box.crop(now).mean(axis=2)
    b = box.crop(before).mean(axis=2)
    if min(a.shape) < 3:
        return 0.0
    slope = np.abs(np.diff(b, axis=0)).sum() + np.abs(np.diff(b, axis=1)).sum()
    noise = 1.0 * a.size
    return float(max(np.abs(a - b).sum() - noise, 0.0) / (slope / 2 + noise))


def sharpness(image: Image) -> float:
    """Finest detail against coarser detail, 0 (blurred) to about 0.6 (crisp).

    The share of the slope's energy that a 5x5 blur removes, on the picture shrunk to 256
    pixels, less what sensor noise adds; the worse of the two directions, as a moving hand
    blurs one. Unlike the Laplacian's variance it does not depend on contrast and light.
    """
    factor = min(1.0, SHARPNESS_SIDE / min(image.shape[:2]))
    size = (max(round(image.shape[1] * factor), 1), max(round(image.shape[0] * factor), 1))
    gray = cv2.cvtColor(cv2.resize(image, size, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY)
    smooth = cv2.GaussianBlur(gray, (5, 5), 0)
    return min(_removed_share(gray, smooth, x, 1 - x) for x in (0, 1))


def brightness(image: Image) -> float:
    """Mean brightness, 0 to 255."""
    return float(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).mean())


def exposure(image: Image) -> float:
    """How well lit, 0 (black or burnt out) to 1 (good)."""
    mean = brightness(image)
    burnt = float((image.min(axis=2) > 250).mean())
    return float(np.clip(min((mean - 15) / 45, (250 - mean) / 35, 1.5 - 3 * burnt), 0, 1))


def well_lit(image: Image) -> Image:
    """`image` as if exposed fully: its brightest hundredth becomes nearly white.

    One factor for all channels, 1 to 1.6, so that colours stay and the dark stays dark.
    Photos are usually exposed for the product, a webcam for the whole shop.
    """
    step = max(min(image.shape[:2]) // EXPOSURE_SIDE, 1)
    white = float(np.percentile(image[::step, ::step].max(axis=2), 99))
    factor = min(WHITE / max(white, 1.0), MOST_LIGHT)
    if factor <= 1.0:
        return image
    return cv2.convertScaleAbs(image, alpha=factor).astype(np.uint8, copy=False)


def _slope(small: Thumbnail) -> NDArray[np.float32]:
    gray = small.mean(axis=2)
    across, down = cv2.Sobel(gray, cv2.CV_32F, 1, 0), cv2.Sobel(gray, cv2.CV_32F, 0, 1)
    slope: NDArray[np.float32] = cv2.magnitude(across, down)
    return slope


def _removed_share(gray: NDArray[Any], smooth: NDArray[Any], x: int, y: int) -> float:
    fine = max(_slope_energy(gray, x, y) - NOISE_ENERGY, 0.0)
    coarse = _slope_energy(smooth, x, y)
    return max(1 - coarse / fine, 0.0) if fine > NOISE_ENERGY else 0.0


def _slope_energy(gray: NDArray[Any], x: int, y: int) -> float:
    slope = cv2.Sobel(gray, cv2.CV_32F, x, y)
    return float((slope * slope).mean())

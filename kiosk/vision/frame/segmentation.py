"""What a frame shows that the empty scene does not: background subtraction on thumbnails."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.vision.frame.geometry import Box
from kiosk.vision.frame.thumbnails import Thumbnail, gradient_magnitude

Mask = NDArray[np.bool_]  # (h, w)

BRIGHTNESS_THRESHOLD = 16.0  # of 255: many times a webcam's noise in a thumbnail
CORE_SHARE = 0.5  # of the reticle's side: the middle, which a held product covers; by eye
ARM_WIDTH_SHARE = 0.6  # of the product's width; chosen by eye
GHOST_EDGE_RATIO = 1.5  # of mean gradients; chosen by eye


def light_gain(current: Thumbnail, empty: Thumbnail, reticle: Box) -> NDArray[np.float32]:
    """Estimate by how much each channel became brighter, from around the reticle: (3,)."""
    outside = np.ones(current.shape[:2], np.bool_)
    reticle.crop(outside)[:] = False
    if outside.mean() < 0.1:
        outside[:] = True
    ratio = (current[outside] + 4.0) / (empty[outside] + 4.0)
    gain: NDArray[np.float32] = np.clip(np.median(ratio, axis=0), 0.25, 4.0).astype(np.float32)
    return gain


def relit(empty: Thumbnail, current: Thumbnail, reticle: Box) -> Thumbnail:
    """Return the empty scene as it looks in the light of `current`."""
    return np.clip(empty * light_gain(current, empty, reticle), 0, 255)


def changed_mask(current: Thumbnail, empty: Thumbnail, reticle: Box) -> Mask:
    """Mark where `current` differs from the empty scene by more than light and noise can do."""
    differs = np.abs(current - relit(empty, current, reticle)).max(axis=2) > BRIGHTNESS_THRESHOLD
    kernel = np.ones((5, 5), np.uint8)
    closed = cv2.morphologyEx(differs.astype(np.uint8), cv2.MORPH_CLOSE, kernel)
    opened = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    return opened.astype(np.bool_)


def presence(mask: Mask, reticle: Box) -> float:
    """Return the share, 0 to 1, of the reticle's middle that is marked."""
    return float(reticle.shrunk(CORE_SHARE).crop(mask).mean())


def object_box(mask: Mask, reticle: Box) -> Box | None:
    """Return the box around the parts of `mask` that reach into the reticle's middle, if any."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    core = reticle.shrunk(CORE_SHARE).crop(labels)
    inside = np.bincount(core.ravel(), minlength=count)[1:]
    if count < 2 or not inside.any():
        return None
    chosen = np.flatnonzero(inside >= 0.1 * inside.max()) + 1
    left, top = (int(stats[chosen, side].min()) for side in (cv2.CC_STAT_LEFT, cv2.CC_STAT_TOP))
    right = int((stats[chosen, cv2.CC_STAT_LEFT] + stats[chosen, cv2.CC_STAT_WIDTH]).max())
    bottom = int((stats[chosen, cv2.CC_STAT_TOP] + stats[chosen, cv2.CC_STAT_HEIGHT]).max())
    return Box(left, top, right - left, bottom - top)


def exclude_arm(mask: Mask, box: Box, reticle: Box) -> Box:
    """Cut from `box` the arm that holds the product from below: rows narrower than the rest."""
    inside = box.overlap(reticle)
    if inside.top + inside.height < reticle.top + reticle.height:
        return inside
    widths = inside.crop(mask).sum(axis=1)
    narrow = widths < ARM_WIDTH_SHARE * np.percentile(widths, 85)
    broad = np.flatnonzero(~narrow)
    rows = max(int(broad[-1]) + 1 if len(broad) else 0, inside.height // 2)
    return Box(inside.left, inside.top, inside.width, rows)


def is_ghost(current: Thumbnail, empty: Thumbnail, mask: Mask) -> bool:
    """Whether `mask` marks something that was learnt as scenery and has left since.

    Its outline is an edge in the empty scene and none in the current frame.
    """
    area = mask.astype(np.uint8)
    outline = cv2.morphologyEx(area, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 0
    if not outline.any():
        return False
    remembered = float(gradient_magnitude(empty)[outline].mean())
    return remembered > GHOST_EDGE_RATIO * float(gradient_magnitude(current)[outline].mean())

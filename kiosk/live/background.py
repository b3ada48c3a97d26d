"""What the kiosk knows of the place it looks at: the empty scene, and what is before it now."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.domain import Image
from kiosk.vision.frame import (
    Box,
    Mask,
    Thumbnail,
    changed_mask,
    exclude_arm,
    is_ghost,
    motion,
    object_box,
    presence,
    reticle_box,
    thumbnail,
)

ADAPT_S = 0.4  # how fast the empty scene follows daylight and a drifting camera
ADAPT_CHANGED_S = 4.0  # and where something else is: an arm on its way must not stay behind
SIGNATURE_SIDE = 16

Signature = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """What the gate says of one frame.

    `box`, in the frame's pixels, is the square around the object without the arm.
    `presence` is None while the empty scene is not known; the box is the reticle then.
    `motion` is in thumbnail pixels from the frame before.
    """

    box: Box
    presence: float | None
    motion: float
    thumbnail: Thumbnail
    mask: Mask | None


class Scene:
    """Remembers the empty scene and the last thumbnail. One thread looks; any may locate."""

    def __init__(self) -> None:
        self._empty: Thumbnail | None = None
        self._last: Thumbnail | None = None

    def look(self, image: Image) -> View:
        """Judge a frame; costs one to two milliseconds."""
        small = thumbnail(image)
        last, self._last = self._last, small
        if last is None or last.shape != small.shape:
            last, self._empty = small, None
        reticle = reticle_box(small.shape[1], small.shape[0])
        mask = self._mask(small, reticle)
        found = _find(mask, reticle)
        box = _in_frame(found, image, small)
        covered = None if mask is None else presence(mask, reticle)
        return View(box, covered, motion(small, last, found or reticle), small, mask)

    def locate(self, image: Image) -> Box:
        """Around what is held, in the picture's pixels; the reticle if that cannot be told."""
        small = thumbnail(image)
        reticle = reticle_box(small.shape[1], small.shape[0])
        mask = self._mask(small, reticle)
        return _in_frame(_find(mask, reticle), image, small)

    @property
    def empty(self) -> Thumbnail | None:
        """The empty scene, if it is known; not to be changed."""
        return self._empty

    def learn_empty(self, view: View) -> None:
        """Take this view as the empty scene, whatever was believed before."""
        self._empty = view.thumbnail

    def has_ghost(self, view: View) -> bool:
        """Whether what differs is only something that has left the remembered scene."""
        mask, empty = view.mask, self._empty
        return mask is not None and empty is not None and is_ghost(view.thumbnail, empty, mask)

    def adapt(self, view: View, elapsed_s: float) -> None:
        """Let the empty scene follow slow changes, while nothing is presented."""
        if self._empty is None or view.mask is None:
            return
        share = np.where(view.mask, _share(elapsed_s, ADAPT_CHANGED_S), _share(elapsed_s, ADAPT_S))
        moved = self._empty + share[..., None] * (view.thumbnail - self._empty)
        self._empty = moved.astype(np.float32)

    def _mask(self, small: Thumbnail, reticle: Box) -> Mask | None:
        empty = self._empty
        if empty is None or empty.shape != small.shape:
            return None
        return changed_mask(small, empty, reticle)


def _share(elapsed_s: float, time_constant_s: float) -> float:
    return 1 - math.exp(-elapsed_s / time_constant_s)


def _find(mask: Mask | None, reticle: Box) -> Box | None:
    found = None if mask is None else object_box(mask, reticle)
    return None if mask is None or found is None else exclude_arm(mask, found, reticle)


def _in_frame(found: Box | None, image: Image, small: Thumbnail) -> Box:
    height, width = image.shape[:2]
    if found is None:
        return reticle_box(width, height)
    return found.scaled(height / small.shape[0]).squared(width, height)


def signature(crop: Image) -> Signature:
    """The crop's coarse look, whatever the light: 16x16x3, mean 0, norm 1."""
    small = cv2.resize(crop, (SIGNATURE_SIDE, SIGNATURE_SIDE), interpolation=cv2.INTER_AREA)
    centred = cv2.GaussianBlur(small, (3, 3), 0).astype(np.float32)
    centred -= centred.mean()
    return centred / max(float(np.linalg.norm(centred)), 1e-6)


def likeness(a: Signature, b: Signature) -> float:
    """Correlation of two signatures, -1 to 1: near 1 while the same thing is held."""
    return float((a * b).sum())

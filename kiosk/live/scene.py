"""What the kiosk knows of the place it looks at: the empty scene, and what is before it now."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.domain import Image
from kiosk.vision import gate
from kiosk.vision.gate import Box, Thumbnail

CROP_SHARE = 0.88  # of the object's box: a turned box has the scene in its corners
ADAPT_S = 0.4  # how fast the empty scene follows daylight and a drifting camera
SIGNATURE_SIDE = 16

Signature = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """What the gate says of one frame. `box` is in the frame's pixels.

    `presence` is None while the empty scene is not known; the box is the reticle then.
    `motion` is in thumbnail pixels from the frame before.
    """

    box: Box
    presence: float | None
    motion: float
    thumbnail: Thumbnail


class Scene:
    """Remembers the empty scene and the last thumbnail; one owner, one thread."""

    def __init__(self) -> None:
        self._empty: Thumbnail | None = None
        self._last: Thumbnail | None = None
        self._box: tuple[Box, int, int] | None = None

    def look(self, image: Image) -> View:
        """Judge a frame; costs one to two milliseconds."""
        small = gate.thumbnail(image)
        last, self._last = self._last, small
        if last is None or last.shape != small.shape:
            last, self._empty = small, self._empty_like(small)
        reticle = gate.reticle_box(small.shape[1], small.shape[0])
        box, presence = self._find(small, reticle)
        height, width = image.shape[:2]
        crop = gate.reticle_box(width, height)
        if box is not None:
            crop = box.scaled(height / small.shape[0]).within(width, height)
        self._box = (crop, width, height)
        return View(crop, presence, gate.motion(small, last, box or reticle), small)

    def crop_box(self, width: int, height: int) -> Box:
        """Where the product was in the last frame; the reticle if none of that size was seen."""
        box = self._box  # one read: another thread may ask
        if box is not None and box[1:] == (width, height):
            return box[0]
        return gate.reticle_box(width, height)

    @property
    def is_empty_known(self) -> bool:
        return self._empty is not None

    def learn_empty(self, view: View) -> None:
        """Take this view as the empty scene, whatever was believed before."""
        self._empty = view.thumbnail

    def adapt(self, view: View, elapsed_s: float) -> None:
        """Let the empty scene follow slow changes, while nothing is presented."""
        if self._empty is not None:
            share = 1 - math.exp(-elapsed_s / ADAPT_S)
            self._empty = (1 - share) * self._empty + share * view.thumbnail

    def _find(self, small: Thumbnail, reticle: Box) -> tuple[Box | None, float | None]:
        if self._empty is None:
            return None, None
        mask = gate.changed_mask(small, self._empty, reticle)
        found = gate.object_box(mask, reticle)
        presence = gate.presence(mask, reticle)
        return (found.overlap(reticle).shrunk(CROP_SHARE) if found else None), presence

    def _empty_like(self, small: Thumbnail) -> Thumbnail | None:
        same = self._empty is not None and self._empty.shape == small.shape
        return self._empty if same else None


def signature(crop: Image) -> Signature:
    """The crop's coarse look, whatever the light: 16x16x3, mean 0, norm 1."""
    small = cv2.resize(crop, (SIGNATURE_SIDE, SIGNATURE_SIDE), interpolation=cv2.INTER_AREA)
    centred = cv2.GaussianBlur(small, (3, 3), 0).astype(np.float32)
    centred -= centred.mean()
    return centred / max(float(np.linalg.norm(centred)), 1e-6)


def likeness(a: Signature, b: Signature) -> float:
    """Correlation of two signatures, -1 to 1: near 1 while the same thing is held."""
    return float((a * b).sum())

"""The model of the empty scene, and what a frame shows before it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

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
    relit,
    reticle_box,
    thumbnail,
)

ADAPT_S = 0.4  # time constant for daylight and a drifting camera; chosen by eye
MARGIN = 7  # thumbnail pixels around what differs that may be product, too; chosen by eye
ADAPT_CHANGED_S = 4.0  # where the scene differs, so that a passing arm leaves no trace; by eye


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """What one frame shows.

    `box`, in the frame's pixels, is the square around the object without the arm.
    `presence` is the share of the reticle's middle that is covered, 0 to 1; it is None
    while the empty scene is not known, and the box is the reticle then.
    `motion` is in thumbnail pixels from the previous frame.
    """

    box: Box
    frame_height: int
    presence: float | None
    motion: float
    thumbnail: Thumbnail
    mask: Mask | None

    def product_mask(self) -> Mask | None:
        """The part of `mask` in `box`, a little wider, at a thumbnail's size; None: unknown."""
        if self.mask is None:
            return None
        wide = cv2.dilate(self.mask.astype(np.uint8), np.ones((MARGIN, MARGIN), np.uint8))
        small = self.box.scaled(self.mask.shape[0] / self.frame_height)
        return small.within(self.mask.shape[1], self.mask.shape[0]).crop(wide).astype(np.bool_)


class BackgroundModel:
    """Remembers the empty scene and the last thumbnail.

    One thread calls `observe`, `learn_empty` and `adapt`; any may call `locate`.
    """

    def __init__(self) -> None:
        self._empty: Thumbnail | None = None
        self._last: Thumbnail | None = None

    @property
    def empty(self) -> Thumbnail | None:
        """The empty scene, if it is known; not to be changed."""
        return self._empty

    def observe(self, image: Image) -> View:
        """Compare a frame with the empty scene and the previous frame, in 1 to 2 ms."""
        small = thumbnail(image)
        last, self._last = self._last, small
        if last is None or last.shape != small.shape:
            last, self._empty = small, None
        reticle, mask, found = self._segment(small)
        return View(
            box=_in_frame(found, image, small),
            frame_height=image.shape[0],
            presence=None if mask is None else presence(mask, reticle),
            motion=motion(small, last, found or reticle),
            thumbnail=small,
            mask=mask,
        )

    def locate(self, image: Image) -> Box:
        """Return the square around the object, in the picture's pixels; else the reticle."""
        small = thumbnail(image)
        return _in_frame(self._segment(small)[2], image, small)

    def empty_reticle(self, image: Image) -> Image | None:
        """Return the reticle's part of the empty scene in the light of `image`, if known; small."""
        small, empty = thumbnail(image), self._empty
        if empty is None or empty.shape != small.shape:
            return None
        reticle = reticle_box(small.shape[1], small.shape[0])
        return reticle.crop(relit(empty, small, reticle)).astype(np.uint8)

    def learn_empty(self, view: View) -> None:
        """Take this view as the empty scene, whatever was believed before."""
        self._empty = view.thumbnail

    def is_stale(self, view: View) -> bool:
        """Whether all that differs is something that has left the remembered scene."""
        mask, empty = view.mask, self._empty
        return mask is not None and empty is not None and is_ghost(view.thumbnail, empty, mask)

    def adapt(self, view: View, elapsed_s: float) -> None:
        """Let the empty scene follow slow changes; for views without a product only."""
        if self._empty is None or view.mask is None:
            return
        share = np.where(view.mask, _share(elapsed_s, ADAPT_CHANGED_S), _share(elapsed_s, ADAPT_S))
        moved = self._empty + share[..., None] * (view.thumbnail - self._empty)
        self._empty = moved.astype(np.float32)

    def _segment(self, small: Thumbnail) -> tuple[Box, Mask | None, Box | None]:
        """The reticle, what differs from the empty scene, and the object in the reticle."""
        reticle = reticle_box(small.shape[1], small.shape[0])
        empty = self._empty
        if empty is None or empty.shape != small.shape:
            return reticle, None, None
        mask = changed_mask(small, empty, reticle)
        found = object_box(mask, reticle)
        return reticle, mask, found and exclude_arm(mask, found, reticle)


def _share(elapsed_s: float, time_constant_s: float) -> float:
    return 1 - math.exp(-elapsed_s / time_constant_s)


def _in_frame(found: Box | None, image: Image, small: Thumbnail) -> Box:
    height, width = image.shape[:2]
    if found is None:
        return reticle_box(width, height)
    return found.scaled(height / small.shape[0]).squared(width, height)

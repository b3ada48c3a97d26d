"""Rectangles in pictures, and the reticle: where in a picture a product is to be held."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Element = TypeVar("Element", bound=np.generic)

RETICLE_SHARE = 0.96  # of the picture's short side; chosen by eye
PORTRAIT_CENTRE = 0.42  # of the height, as the card takes the lower part; chosen by eye


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels: left, top (inside), width, height."""

    left: int
    top: int
    width: int
    height: int

    def crop(self, image: NDArray[Element]) -> NDArray[Element]:
        """Return the part of `image` inside the box; a view, no copy."""
        return image[self.top : self.top + self.height, self.left : self.left + self.width]

    def scaled(self, factor: float) -> Box:
        """Return the same place in a picture that is `factor` times as large."""
        left, top = round(self.left * factor), round(self.top * factor)
        right = round((self.left + self.width) * factor)
        bottom = round((self.top + self.height) * factor)
        return Box(left, top, max(right - left, 1), max(bottom - top, 1))

    def within(self, width: int, height: int) -> Box:
        """Return the part inside a picture of that size (at least one pixel)."""
        left = min(max(self.left, 0), width - 1)
        top = min(max(self.top, 0), height - 1)
        right = min(max(self.left + self.width, left + 1), width)
        bottom = min(max(self.top + self.height, top + 1), height)
        return Box(left, top, right - left, bottom - top)

    def shrunk(self, share: float) -> Box:
        """Return the middle of the box, each side `share` as long."""
        width, height = max(round(self.width * share), 1), max(round(self.height * share), 1)
        left = self.left + (self.width - width) // 2
        top = self.top + (self.height - height) // 2
        return Box(left, top, width, height)

    def squared(self, width: int, height: int) -> Box:
        """Return the square around the box, as far as a picture of that size allows.

        Encoders crop to the middle square: of a tall bottle they would see the label alone.
        """
        side = min(max(self.width, self.height), width, height)
        left = min(max(self.left + (self.width - side) // 2, 0), width - side)
        top = min(max(self.top + (self.height - side) // 2, 0), height - side)
        return Box(left, top, side, side)

    def overlap(self, other: Box) -> Box:
        """Return what both boxes cover (at least one pixel, inside this box)."""
        moved = Box(other.left - self.left, other.top - self.top, other.width, other.height)
        inside = moved.within(self.width, self.height)
        return Box(inside.left + self.left, inside.top + self.top, inside.width, inside.height)


def reticle_box(width: int, height: int) -> Box:
    """Return the square in a picture of that size in which a product is to be held.

    It is central in landscape, and above the middle in portrait, where the card rises
    from below.
    """
    side = max(round(min(width, height) * RETICLE_SHARE), 1)
    centre = height / 2 if width >= height else max(height * PORTRAIT_CENTRE, side / 2)
    top = min(max(round(centre - side / 2), 0), height - side)
    return Box((width - side) // 2, top, side, side)

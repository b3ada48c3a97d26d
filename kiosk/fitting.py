"""Fit a picture to a network's input while it is decoded: the part that counts, at its size.

It needs Pillow alone, so that a child process that decodes does it too, and only the
pixels that the network takes pass between processes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np
from PIL import Image as Pillow

from kiosk.pictures import MAX_PIXELS, Decoded, load_upright

Resize = Literal["reduced", "shortest", "squash", "longest_pad"]
Filter = Literal["bilinear", "bicubic"]
_FILTERS = {"bilinear": Pillow.Resampling.BILINEAR, "bicubic": Pillow.Resampling.BICUBIC}
STRIP = 4  # longest side of what is only reduced, in sides of the network; chosen by eye
Edges = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Fitting:
    """What a network takes of a picture: `width` x `height` pixels of it.

    `shortest` cuts out the largest centred part of these proportions, `squash` distorts,
    `longest_pad` adds black edges. `reduced` only halves the picture while both sides keep
    the longer of width and height, and shrinks a strip to four times that; 0 x 0 asks for
    the whole of it.
    """

    width: int = 0
    height: int = 0
    resize: Resize = "reduced"
    interpolation: Filter = "bilinear"

    @property
    def numbers(self) -> tuple[int, int, int]:
        """The same as numbers, for `Fitting.of`."""
        how = get_args(Resize).index(self.resize) * len(_FILTERS)
        return self.width, self.height, how + get_args(Filter).index(self.interpolation)

    @classmethod
    def of(cls, width: int, height: int, how: int) -> Fitting:
        """Return the fitting whose `numbers` these are."""
        resize, interpolation = divmod(how, len(_FILTERS))
        return cls(width, height, get_args(Resize)[resize], get_args(Filter)[interpolation])

    def apply(self, picture: Pillow.Image) -> Pillow.Image:
        """Fit an RGB picture, perhaps in place; it has that size then unless `reduced`.

        Bilinear and bicubic shrink with an antialiasing filter, as the networks' own
        training code does.
        """
        target = (self.width, self.height)
        if self.resize == "reduced" and max(target):
            picture.thumbnail((STRIP * max(target),) * 2, Pillow.Resampling.BOX)
        if self.resize == "reduced" or picture.size == target:
            return picture
        how = _FILTERS[self.interpolation]
        if self.resize == "shortest":
            return picture.resize(target, how, box=centre_box(*picture.size, target))
        if self.resize == "squash":
            return picture.resize(target, how)
        size = padded_size(*picture.size, target)
        canvas = Pillow.new("RGB", target)
        canvas.paste(picture.resize(size, how), padded_corner(size, target))
        return canvas


WHOLE: Final = Fitting()


def decode_fitted(data: bytes, fitting: Fitting, *, max_pixels: int = MAX_PIXELS) -> Decoded:
    """Decode a picture file and fit it; the pixels, uint8 RGB, are read-only.

    A large picture is decoded at a half, quarter or eighth of its size where that is enough.

    Raises:
        PictureError: as `kiosk.pictures.decode_picture`.
    """
    shortest = max(fitting.width, fitting.height)
    picture, width, height = load_upright(data, shortest, max_pixels=max_pixels)
    return Decoded(np.asarray(fitting.apply(picture), dtype=np.uint8), width, height)


def centre_box(width: int, height: int, target: tuple[int, int]) -> Edges:
    """Return the largest centred part of the picture that has the target's proportions."""
    scale = min(width / target[0], height / target[1])
    part_w, part_h = target[0] * scale, target[1] * scale
    # Rounding may put the part a hair outside the picture, which Pillow refuses.
    left, top = max(0.0, (width - part_w) / 2), max(0.0, (height - part_h) / 2)
    return left, top, min(left + part_w, width), min(top + part_h, height)


def padded_size(width: int, height: int, target: tuple[int, int]) -> tuple[int, int]:
    """Return the largest size of the picture's proportions within the target."""
    scale = min(target[0] / width, target[1] / height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def padded_corner(size: tuple[int, int], target: tuple[int, int]) -> tuple[int, int]:
    """Return where a part of that size lies in the middle of the target: left, top."""
    return (target[0] - size[0]) // 2, (target[1] - size[1]) // 2

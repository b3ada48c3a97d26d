"""Prepare pixels as the network's input, exactly as the model's card says.

Bilinear and bicubic shrink with an antialiasing filter (as the networks' own
training code does, through Pillow); `area` is the box filter, which is fastest.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow

from kiosk.domain import Image
from kiosk.errors import PictureError
from kiosk.vision.models.cards import ModelDescription

_LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)  # ITU-R BT.601
_FILTERS = {"bilinear": Pillow.Resampling.BILINEAR, "bicubic": Pillow.Resampling.BICUBIC}
Edges = tuple[float, float, float, float]  # left, top, right, bottom


def preprocess(image: Image, card: ModelDescription) -> NDArray[np.float32]:
    """Turn an RGB picture, uint8 (h, w, 3), into float32 (3, height, width).

    Raises:
        PictureError: the array is not such a picture.
    """
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8 or not image.size:
        raise PictureError(
            f"A picture is uint8 (h, w, 3); got {image.dtype} {image.shape}.",
            next_step="Decode it with read_picture.",
        )
    pixels = _fit(image, card)
    if card.colour == "gray":
        pixels = np.repeat(np.rint(pixels @ _LUMA).astype(np.uint8)[..., None], 3, axis=2)
    scale = np.array([1 / (255 * std) for std in card.std], dtype=np.float32)
    offset = np.array([-m / s for m, s in zip(card.mean, card.std, strict=True)], dtype=np.float32)
    # Transposing bytes rather than floats takes a sixth of the time.
    planes = np.ascontiguousarray(pixels.transpose(2, 0, 1))
    scaled = np.multiply(planes, scale[:, None, None], dtype=np.float32)
    scaled += offset[:, None, None]
    return scaled


def preprocess_batch(images: Sequence[Image], card: ModelDescription) -> NDArray[np.float32]:
    """Stack `preprocess` of each picture: float32 (n, 3, height, width)."""
    batch = np.empty((len(images), 3, card.input.height, card.input.width), dtype=np.float32)
    for row, image in enumerate(images):
        batch[row] = preprocess(image, card)
    return batch


def _fit(image: Image, card: ModelDescription) -> Image:
    height, width = image.shape[:2]
    target = (card.input.width, card.input.height)
    if card.resize == "squash":
        return _resize(image, (0, 0, width, height), target, card.interpolation)
    if card.resize == "shortest":
        return _resize(image, _centre_box(width, height, target), target, card.interpolation)
    return _pad(image, target, card.interpolation)


def _centre_box(width: int, height: int, target: tuple[int, int]) -> Edges:
    """Return the largest centred part of the picture that has the target's proportions."""
    scale = min(width / target[0], height / target[1])
    part_w, part_h = target[0] * scale, target[1] * scale
    # Rounding may put the part a hair outside the picture, which Pillow refuses.
    left, top = max(0.0, (width - part_w) / 2), max(0.0, (height - part_h) / 2)
    return left, top, min(left + part_w, width), min(top + part_h, height)


def _pad(image: Image, target: tuple[int, int], interpolation: str) -> Image:
    height, width = image.shape[:2]
    scale = min(target[0] / width, target[1] / height)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    canvas = np.zeros((target[1], target[0], 3), dtype=np.uint8)
    left, top = (target[0] - size[0]) // 2, (target[1] - size[1]) // 2
    part = _resize(image, (0, 0, width, height), size, interpolation)
    canvas[top : top + size[1], left : left + size[0]] = part
    return canvas


def _resize(image: Image, box: Edges, size: tuple[int, int], interpolation: str) -> Image:
    if interpolation != "area":
        picture = Pillow.fromarray(np.ascontiguousarray(image))
        return np.asarray(picture.resize(size, _FILTERS[interpolation], box=box), dtype=np.uint8)
    import cv2  # not at the top: only this filter needs it, and it takes 15 MB

    left, top, right, bottom = (round(edge) for edge in box)
    part = image[top : max(bottom, top + 1), left : max(right, left + 1)]
    grows = part.shape[1] < size[0] or part.shape[0] < size[1]
    how = cv2.INTER_LINEAR if grows else cv2.INTER_AREA
    return np.asarray(cv2.resize(part, size, interpolation=how), dtype=np.uint8)

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
from kiosk.fitting import Edges, Fitting, centre_box, padded_corner, padded_size
from kiosk.vision.models.cards import ModelDescription

_LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)  # ITU-R BT.601


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


def fitting_of(card: ModelDescription) -> Fitting:
    """Return how a picture may be fitted to the network before it is handed to `preprocess`."""
    size = card.input
    if card.interpolation == "area":
        return Fitting(size.width, size.height)  # OpenCV does it, here
    return Fitting(size.width, size.height, card.resize, card.interpolation)


def _fit(image: Image, card: ModelDescription) -> Image:
    target = (card.input.width, card.input.height)
    if image.shape[1::-1] == target:
        return image
    if card.interpolation != "area":
        picture = Pillow.fromarray(np.ascontiguousarray(image))
        return np.asarray(fitting_of(card).apply(picture), dtype=np.uint8)
    height, width = image.shape[:2]
    if card.resize == "squash":
        return _shrink(image, (0, 0, width, height), target)
    if card.resize == "shortest":
        return _shrink(image, centre_box(width, height, target), target)
    size = padded_size(width, height, target)
    left, top = padded_corner(size, target)
    canvas = np.zeros((target[1], target[0], 3), dtype=np.uint8)
    part = _shrink(image, (0, 0, width, height), size)
    canvas[top : top + size[1], left : left + size[0]] = part
    return canvas


def _shrink(image: Image, box: Edges, size: tuple[int, int]) -> Image:
    """Resize a part of the picture with the box filter."""
    import cv2  # not at the top: only this filter needs it, and it takes 15 MB

    left, top, right, bottom = (round(edge) for edge in box)
    part = image[top : max(bottom, top + 1), left : max(right, left + 1)]
    grows = part.shape[1] < size[0] or part.shape[0] < size[1]
    how = cv2.INTER_LINEAR if grows else cv2.INTER_AREA
    return np.asarray(cv2.resize(part, size, interpolation=how), dtype=np.uint8)

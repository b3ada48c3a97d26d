"""Shrunk frames, for judgements that need no detail."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.domain import Image

Thumbnail = NDArray[np.float32]  # (h, w, 3), RGB, 0 to 255

THUMBNAIL_SHORT_SIDE = 90  # pixels; a judgement of one frame then takes 1 to 2 ms


def thumbnail(image: Image) -> Thumbnail:
    """Shrink `image` by area to a short side of 90 pixels and smooth it slightly."""
    height, width = image.shape[:2]
    factor = THUMBNAIL_SHORT_SIDE / min(height, width)
    size = (max(round(width * factor), 1), max(round(height * factor), 1))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    return cv2.GaussianBlur(small, (3, 3), 0).astype(np.float32)


def gradient_magnitude(small: Thumbnail) -> NDArray[np.float32]:
    """Return the length of the brightness gradient by 3x3 Sobel filters: (h, w)."""
    gray = small.mean(axis=2)
    across, down = cv2.Sobel(gray, cv2.CV_32F, 1, 0), cv2.Sobel(gray, cv2.CV_32F, 0, 1)
    magnitude: NDArray[np.float32] = cv2.magnitude(across, down)
    return magnitude

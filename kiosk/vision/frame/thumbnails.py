"""Shrunk frames, and descriptors of them, for judgements that need no detail."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.domain import Image

Thumbnail = NDArray[np.float32]  # (h, w, 3), RGB, 0 to 255
Signature = NDArray[np.float32]  # (16, 16, 3)

THUMBNAIL_SHORT_SIDE = 90  # pixels; a judgement of one frame then takes 1 to 2 ms
SIGNATURE_SIDE = 16  # pixels; chosen by eye


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


def signature(crop: Image) -> Signature:
    """Describe a crop's coarse appearance whatever the light: 16x16x3, mean 0, norm 1."""
    small = cv2.resize(crop, (SIGNATURE_SIDE, SIGNATURE_SIDE), interpolation=cv2.INTER_AREA)
    centred = cv2.GaussianBlur(small, (3, 3), 0).astype(np.float32)
    centred -= centred.mean()
    return centred / max(float(np.linalg.norm(centred)), 1e-6)


def correlation(a: Signature, b: Signature) -> float:
    """Correlate two signatures, -1 to 1: near 1 while the same thing is held."""
    return float((a * b).sum())

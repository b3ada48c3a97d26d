"""How fit a frame is for recognition: sharp, still and well lit. Pure functions."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.domain import Image
from kiosk.vision.frame.geometry import Box
from kiosk.vision.frame.thumbnails import Thumbnail

SHARPNESS_SIDE = 256  # pixels; chosen by eye
NOISE_ENERGY = 25.0  # of the Sobel gradient, from a webcam in dim light, shrunk to 256 pixels
OVEREXPOSED = 250  # of 255, in every channel; chosen by eye
WHITE = 250.0  # target of the brightest hundredth; chosen by eye
MAX_GAIN = 1.6  # chosen by eye
EXPOSURE_SIDE = 128  # pixels of the subsampled picture; chosen by eye


def motion(current: Thumbnail, previous: Thumbnail, box: Box) -> float:
    """Estimate by how many thumbnail pixels the content of `box` moved between two frames.

    Brightness change over brightness gradient (the optical flow constraint of Horn and
    Schunck, 1981), summed over the box; large moves saturate near the detail's size.
    """
    a = box.crop(current).mean(axis=2)
    b = box.crop(previous).mean(axis=2)
    if min(a.shape) < 3:
        return 0.0
    gradient = np.abs(np.diff(b, axis=0)).sum() + np.abs(np.diff(b, axis=1)).sum()
    noise = 1.0 * a.size
    return float(max(np.abs(a - b).sum() - noise, 0.0) / (gradient / 2 + noise))


def sharpness(image: Image) -> float:
    """Compare the finest detail with coarser detail: 0 (blurred) to about 0.6 (crisp).

    The share of the gradient's energy that a 5x5 blur removes, on the picture shrunk to 256
    pixels, less what sensor noise adds; the worse of the two directions, as a moving hand
    blurs one. Unlike the Laplacian's variance it does not depend on contrast and light.
    """
    factor = min(1.0, SHARPNESS_SIDE / min(image.shape[:2]))
    size = (max(round(image.shape[1] * factor), 1), max(round(image.shape[0] * factor), 1))
    gray = cv2.cvtColor(cv2.resize(image, size, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY)
    smooth = cv2.GaussianBlur(gray, (5, 5), 0)
    return min(_removed_share(gray, smooth, x, 1 - x) for x in (0, 1))


def brightness(image: Image) -> float:
    """Return the mean brightness, 0 to 255."""
    return float(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).mean())


def overexposed_share(image: Image) -> float:
    """Return the share, 0 to 1, of pixels that are plain white."""
    return float((image.min(axis=2) > OVEREXPOSED).mean())


def normalise_exposure(image: Image) -> Image:
    """Brighten `image` until its brightest hundredth is nearly white.

    One factor for all channels, 1 to 1.6, so that colours stay and the dark stays dark.
    Photos are usually exposed for the product, a webcam for the whole shop.
    """
    step = max(min(image.shape[:2]) // EXPOSURE_SIDE, 1)
    white = float(np.percentile(image[::step, ::step].max(axis=2), 99))
    factor = min(WHITE / max(white, 1.0), MAX_GAIN)
    if factor <= 1.0:
        return image
    return cv2.convertScaleAbs(image, alpha=factor).astype(np.uint8, copy=False)


def _removed_share(gray: NDArray[Any], smooth: NDArray[Any], x: int, y: int) -> float:
    fine = max(_gradient_energy(gray, x, y) - NOISE_ENERGY, 0.0)
    coarse = _gradient_energy(smooth, x, y)
    return max(1 - coarse / fine, 0.0) if fine > NOISE_ENERGY else 0.0


def _gradient_energy(gray: NDArray[Any], x: int, y: int) -> float:
    gradient = cv2.Sobel(gray, cv2.CV_32F, x, y)
    return float((gradient * gradient).mean())

"""How close a converted network's embeddings are to the original's, and what to compare on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kiosk.domain import Vectors

COSINE_MIN = 0.9999  # chosen; what networks reach: export/README.md
NORM_TOLERANCE = 1e-3  # twice the relative rounding error of half precision, 2^-11
SAMPLE_TEXTS = (
    "a photo of an apple",
    "Two bottles of oat milk, 1 l each",
    "red running shoes",
    "牛奶 一公升",
    "cà phê sữa đá",
    "a jar of honey; an endlessly long label " + "very sweet " * 90,
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Vectors of a converted network against those of the network it was made from.

    `error_max` is the largest difference of one component. `norm_error` is how far the
    longest or shortest converted vector is from length 1. `own_nearest` counts the
    samples whose vector lies nearest to the original's vector of the same sample.
    """

    samples: int
    cosine_min: float
    cosine_mean: float
    error_max: float
    norm_error: float
    own_nearest: int


def compare(ours: Vectors, theirs: Vectors) -> Comparison:
    """Compare rows of `ours` (converted, n x d) with rows of `theirs` (original, unit length)."""
    a, b = ours.astype(np.float64), theirs.astype(np.float64)
    lengths = np.linalg.norm(a, axis=1)
    cosines = np.sum(a * b, axis=1) / np.maximum(lengths * np.linalg.norm(b, axis=1), 1e-12)
    nearest = np.argmax((a / np.maximum(lengths, 1e-12)[:, None]) @ b.T, axis=1)
    return Comparison(
        samples=len(a),
        cosine_min=float(cosines.min()),
        cosine_mean=float(cosines.mean()),
        error_max=float(np.abs(a - b).max()),
        norm_error=float(np.abs(lengths - 1).max()),
        own_nearest=int(np.sum(nearest == np.arange(len(a)))),
    )


def sample_pixels(count: int, height: int, width: int) -> NDArray[np.float32]:
    """Draw pictures to compare on, float32 (count, 3, height, width) in 0..1: noise over ramps.

    Pure noise alone looks the same to a network everywhere; ramps give it large shapes.
    """
    rng = np.random.default_rng(7)
    ys, xs = np.linspace(0, 1, height)[:, None], np.linspace(0, 1, width)[None, :]
    pictures = np.empty((count, 3, height, width), dtype=np.float32)
    for picture in pictures:
        for channel in picture:
            a, b, c = rng.uniform(-6, 6, 3)
            channel[:] = 0.5 + 0.4 * np.sin(a * ys + b * xs + c)
        picture += rng.normal(0, rng.uniform(0.01, 0.2), picture.shape)
    return np.clip(pictures, 0, 1)

"""Two pictures laid over each other: where do they look the same, and where not?

A sibling of a product bears the same marks in the same places; flavour, picture and colour differ.
"""

from __future__ import annotations

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.domain import Image
from kiosk.recognition.evidence.local_features import LocalFeatures

Homography = NDArray[np.float64]  # (3, 3), from the query to the stored picture

_WINDOW: Final = 13  # pixels of a thumbnail, for the local correlation; chosen by eye
_NOISE: Final = 9.0  # variance of grey that says nothing; chosen by eye
_TEXTURE: Final = 60.0  # variance of grey from which there is something to see; chosen by eye
_SAME: Final = 0.5  # local correlation from which it looks the same; chosen by eye
_OTHER: Final = 0.2  # below which it looks different; chosen by eye
_SURELY_INSIDE: Final = 200  # of 255; chosen by eye
_LEAST_PIXELS: Final = 60  # of a thumbnail, to judge by; chosen by eye


def overlay(
    query: LocalFeatures, stored: LocalFeatures, homography: Homography
) -> tuple[float, float, float]:
    """Lay the query over the stored picture: agreement, contradiction, difference of hues."""
    shown = stored.thumbnail
    size = shown.shape[1], shown.shape[0]
    to_query = np.diag([query.thumbnail.shape[1] / query.width] * 2 + [1.0])
    to_stored = np.diag([shown.shape[1] / stored.width] * 2 + [1.0])
    warp = to_stored @ homography @ np.linalg.inv(to_query)
    laid = cv2.warpPerspective(query.thumbnail, warp, size).astype(np.uint8)
    whole = np.full(query.thumbnail.shape[:2], 255, np.uint8)
    inside = cv2.warpPerspective(whole, warp, size) > _SURELY_INSIDE
    if inside.sum() < _LEAST_PIXELS:
        return 0.0, 0.0, 0.0
    correlation, texture = _local_correlation(laid, shown, inside)
    detailed = inside & (texture > _TEXTURE)
    if detailed.sum() < _LEAST_PIXELS:
        return 0.0, 0.0, _hue_difference(laid, shown, inside)
    seen = correlation[detailed]
    return (
        float((seen > _SAME).mean()),
        float((seen < _OTHER).mean()),
        _hue_difference(laid, shown, inside),
    )


def _local_correlation(
    laid: Image, shown: Image, inside: NDArray[np.bool_]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Normalised cross-correlation around each pixel, -1 to 1, and the variance of `shown`."""
    weight = inside.astype(np.float32)
    a, b = (cv2.cvtColor(each, cv2.COLOR_RGB2GRAY).astype(np.float32) for each in (laid, shown))
    count = np.maximum(_box_sum(weight), 1.0)

    def mean(values: NDArray[Any]) -> NDArray[np.float32]:
        averaged: NDArray[np.float32] = _box_sum(values * weight) / count
        return averaged

    mean_a, mean_b = mean(a), mean(b)
    variance_a = np.maximum(mean(a * a) - mean_a**2, _NOISE)
    variance_b = np.maximum(mean(b * b) - mean_b**2, _NOISE)
    covariance = mean(a * b) - mean_a * mean_b
    return covariance / np.sqrt(variance_a * variance_b), variance_b


def _hue_difference(laid: Image, shown: Image, inside: NDArray[np.bool_]) -> float:
    """The median difference of local log chromaticities, less that of the light."""
    apart = _chromaticity(laid) - _chromaticity(shown)
    apart -= np.median(apart[inside], axis=0)
    local = np.abs(cv2.blur(apart, (7, 7))).sum(axis=2)
    return float(np.median(local[inside]))


def _chromaticity(image: Image) -> NDArray[np.float32]:
    logs = np.log(image.astype(np.float32) + 8.0)  # 8: the dark has no hue
    return np.stack([logs[..., 0] - logs[..., 1], logs[..., 2] - logs[..., 1]], axis=2)


def _box_sum(values: NDArray[Any]) -> NDArray[np.float32]:
    size = _WINDOW, _WINDOW
    summed = cv2.boxFilter(values, -1, size, normalize=False, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(summed, np.float32)

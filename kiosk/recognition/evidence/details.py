"""Geometric verification: do two pictures show the same details in the same arrangement?

Local features are matched, a homography is fitted to the matches, and what fits it counts
(Lowe, IJCV 2004; MAGSAC++: Barath et al., CVPR 2020). Two traps: shelves behind a product
match, and so do brand marks of its siblings. So the fitting matches must cover the product,
and where the pictures, laid over each other, do not look the same counts against it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.domain import DetailMatch
from kiosk.recognition.evidence.local_features import LocalFeatures
from kiosk.recognition.evidence.overlay import Homography, overlay

Matches = NDArray[np.intp]  # (n, 2): a feature of the query, and one of the stored picture

RATIO: Final = 0.85  # of the distances to the best and the second best; benchmarks/second_look.py
TOLERANCE: Final = 6.0  # pixels of a picture of 480; bags bend; benchmarks/second_look.py
LEAST: Final = 4  # matches make a homography
_TURN: Final = np.deg2rad(30)  # from the common turn of all matches; as Lowe's bins
_OCTAVES: Final = 0.7  # from the common scale of all matches; chosen by eye
_LARGEST: Final = 30.0  # times the area, or one 30th, that a picture may become; chosen by eye
_ROUNDS: Final = 500  # of MAGSAC; chosen by eye
_SPOT: Final = 3.0  # pixels: features of one spot count once; chosen by eye
_CELLS: Final = 8  # of the longer side, for coverage; chosen by eye


NOTHING: Final = DetailMatch()


def compare_details(query: LocalFeatures, stored: Iterable[LocalFeatures]) -> list[DetailMatch]:
    """Compare the details of a picture with those of each stored picture, 2 to 5 ms each."""
    return [_compare(query, each) for each in stored]


def _compare(query: LocalFeatures, stored: LocalFeatures) -> DetailMatch:
    matches = consistent(query, stored, match(query, stored))
    found = align(query, stored, matches)
    if found is None:
        return NOTHING
    homography, inliers = found
    seen, shown = query.points[inliers[:, 0]], stored.points[inliers[:, 1]]
    agreement, contradiction, hues = overlay(query, stored, homography)
    return DetailMatch(
        inliers=min(_spots(seen), _spots(shown)),
        coverage=_coverage(stored.points, shown, _longer(stored)),
        query_coverage=_coverage(
            query.points[_lands_inside(query.points, homography, stored)], seen, _longer(query)
        ),
        agreement=agreement,
        contradiction=contradiction,
        colour_difference=hues,
    )


def match(query: LocalFeatures, stored: LocalFeatures) -> Matches:
    """Pair features that are each other's nearest, and much nearer than the second nearest."""
    if min(len(query), len(stored)) < 2:
        return np.zeros((0, 2), np.intp)
    likeness = query.unit_descriptors @ stored.unit_descriptors.T
    rows = np.arange(len(query))
    nearest = likeness.argmax(axis=1)
    mutual = likeness.argmax(axis=0)[nearest] == rows
    first, second = rows[mutual], nearest[mutual]
    best = likeness[first, second]
    likeness[first, second] = -1.0
    rival = np.maximum(likeness[first].max(axis=1), likeness[:, second].max(axis=0))
    is_clear = _distance(best) < RATIO * _distance(rival)
    return np.stack([first[is_clear], second[is_clear]], axis=1)


def consistent(query: LocalFeatures, stored: LocalFeatures, matches: Matches) -> Matches:
    """Keep the matches that agree with the largest number of others on turn and scale."""
    if len(matches) < LEAST:
        return matches
    one, other = matches.T
    turns = stored.angles[other] - query.angles[one]
    octaves = np.log2(stored.scales[other] / query.scales[one])
    apart = np.abs(np.angle(np.exp(1j * (turns[:, None] - turns))))
    agree = (apart < _TURN) & (np.abs(octaves[:, None] - octaves) < _OCTAVES)
    kept: Matches = matches[agree[agree.sum(axis=1).argmax()]]
    return kept


def align(
    query: LocalFeatures, stored: LocalFeatures, matches: Matches
) -> tuple[Homography, Matches] | None:
    """Fit a homography; return it with the matches that fit it, or None where none makes sense."""
    if len(matches) < LEAST:
        return None
    found, fits = cv2.findHomography(
        query.points[matches[:, 0]],
        stored.points[matches[:, 1]],
        cv2.USAC_MAGSAC,
        TOLERANCE,
        maxIters=_ROUNDS,
        confidence=0.995,
    )
    if found is None:
        return None
    homography = np.asarray(found, np.float64)
    if not _is_plausible(homography, query):
        return None
    inliers: Matches = matches[fits.ravel().astype(np.bool_)]
    return (homography, inliers) if len(inliers) >= LEAST else None


def _is_plausible(homography: Homography, query: LocalFeatures) -> bool:
    """Whether the query's frame stays convex, is not mirrored, and keeps a likely size."""
    width, height = query.width, query.height
    corners = np.array([[[0, 0], [width, 0], [width, height], [0, height]]], np.float32)
    seen = cv2.perspectiveTransform(corners, homography)[0].astype(np.float32)
    growth = cv2.contourArea(seen, oriented=True) / (width * height)
    return 1 / _LARGEST < growth < _LARGEST and cv2.isContourConvex(seen)


def _distance(likeness: NDArray[np.float32]) -> NDArray[np.float32]:
    """The Euclidean distance of unit vectors with that dot product."""
    apart: NDArray[np.float32] = np.sqrt(np.maximum(2.0 - 2.0 * likeness, 0.0))
    return apart


def _lands_inside(
    points: NDArray[np.float32], homography: Homography, other: LocalFeatures
) -> NDArray[np.bool_]:
    moved = cv2.perspectiveTransform(points[None], homography)[0]
    inside: NDArray[np.bool_] = ((moved >= 0) & (moved < (other.width, other.height))).all(axis=1)
    return inside


def _coverage(points: NDArray[np.float32], inliers: NDArray[np.float32], side: int) -> float:
    """Return the share of the cells with `points` that hold one of `inliers`, which are some."""
    filled = _cells(points, side / _CELLS)
    return len(_cells(inliers, side / _CELLS)) / max(len(filled), 1)


def _spots(points: NDArray[np.float32]) -> int:
    return len(_cells(points, _SPOT))


def _cells(points: NDArray[np.float32], size: float) -> set[tuple[int, int]]:
    return {(int(x), int(y)) for x, y in points / size}


def _longer(features: LocalFeatures) -> int:
    return max(features.width, features.height)

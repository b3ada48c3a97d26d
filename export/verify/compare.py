"""The arithmetic of a comparison."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from export.verify.report import Agreement, Comparison
from kiosk.domain import Vectors


def compare(ours: Vectors, theirs: Vectors) -> Comparison:
    """Rows of `ours` (package, n x d) against rows of `theirs` (network, unit length)."""
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


def top1_agreement(
    ours: Vectors, theirs: Vectors, gallery: Vectors, owners: Sequence[str], own_rows: Sequence[int]
) -> Agreement:
    """Do both name the same product as nearest?

    `owners[i]` is the SKU of gallery row i; query k is not compared with the gallery
    row `own_rows[k]` (itself; -1 where it is not part of the gallery).
    """
    same = 0
    for mine, other, own in zip(ours, theirs, own_rows, strict=True):
        same += _nearest(mine, gallery, owners, own) == _nearest(other, gallery, owners, own)
    return Agreement(len(ours), same)


def _nearest(vector: Vectors, gallery: Vectors, owners: Sequence[str], own: int) -> str:
    scores = gallery @ vector
    if own >= 0:
        scores[own] = -np.inf
    return owners[int(np.argmax(scores))]

"""Vectors for benchmarks of scale: those of real shop photos, and as many more like them.

A new product is a real product's mean, moved by the difference of two others; its photos
deviate from it as photos of real products deviate from their mean. So they lie in clusters,
on the few directions that real pictures take, and rivals are as near as a shop's are.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from kiosk.domain import Image, Vectors
from kiosk.pictures import read_picture
from kiosk.vectors import l2_normalise
from kiosk.vision.encoders import load_encoder

CHECKOUT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("SHELFLENS_BENCH_DATA", CHECKOUT.parent / "shared"))
SETS = (
    ("grocery", "enrol.csv"),
    ("drinks", "enrol.csv"),
    ("covers", "enrol.csv"),
    ("snacks", "enrol.csv"),
)
PHOTOS = 5  # of each product
SHIFT = 1.5  # at most of a mean, in differences of two others; by eye, see `describe`
NOISE = 0.5  # at most, beside a deviation, so that no two photos are equal; by eye
BATCH = 32


def real_vectors(cache: Path, model: str = "efficientnet_lite0_int8") -> tuple[Vectors, list[str]]:
    """Return vectors (n, d) of the sets' photos, encoded once and kept in `cache`, and SKUs."""
    if not cache.is_file():
        rows = list(_photos())
        encoder = load_encoder(model)
        parts = [encoder.encode(images) for images in _batches(rows)]
        np.savez(cache, vectors=np.concatenate(parts), skus=np.array([sku for _, sku in rows]))
    with np.load(cache) as kept:
        return kept["vectors"], kept["skus"].tolist()


def _photos() -> Iterator[tuple[Path, str]]:
    for folder, table in SETS:
        with (DATA / folder / table).open(encoding="utf-8") as lines:
            for row in csv.DictReader(lines):
                yield DATA / folder / row["path"], f"{folder}/{row['sku']}"


def _batches(rows: list[tuple[Path, str]]) -> Iterator[list[Image]]:
    for start in range(0, len(rows), BATCH):
        yield [read_picture(path) for path, _ in rows[start : start + BATCH]]


class ShopVectors:
    """Draws products like the real ones; the same seed gives the same."""

    def __init__(self, vectors: Vectors, skus: list[str], seed: int = 0) -> None:
        self._random = np.random.default_rng(seed)
        names, owner = np.unique(skus, return_inverse=True)
        counts = np.bincount(owner)
        sums = np.zeros((len(names), vectors.shape[1]), np.float64)
        np.add.at(sums, owner, vectors)
        self._means = (sums / counts[:, None]).astype(np.float32)
        self._deviations = (vectors - self._means[owner])[counts[owner] > 1]

    def centres(self, products: int) -> Vectors:
        """Return float32 (products, d), rows of norm 1."""
        a, b, c = self._random.integers(0, len(self._means), (3, products))
        weight = self._random.uniform(0, SHIFT, (products, 1)).astype(np.float32)
        return l2_normalise(self._means[a] + weight * (self._means[b] - self._means[c]))

    def photos(self, centres: Vectors) -> Vectors:
        """Return one photo of each of `centres` (n, d), rows of norm 1."""
        drawn = self._random.integers(0, len(self._deviations), (2, len(centres)))
        weight = self._random.uniform(0, NOISE, (len(centres), 1)).astype(np.float32)
        moved = self._deviations[drawn[0]] + weight * self._deviations[drawn[1]]
        return l2_normalise(centres + moved)


def describe(vectors: Vectors, owner: np.ndarray, rows: np.ndarray) -> str:
    """Say how near photos `rows` are to their own product and to the nearest other."""
    similar = vectors[rows] @ vectors.T
    similar[np.arange(len(rows)), rows] = -1
    own = owner[rows][:, None] == owner[None]
    siblings = np.where(own, similar, -1).max(axis=1)
    rivals = np.where(own, -1, similar).max(axis=1)
    right = float((siblings > rivals).mean())
    return (
        f"nearest sibling {np.median(siblings):.2f}, nearest rival {np.median(rivals):.2f}, "
        f"first right {right:.2f}"
    )

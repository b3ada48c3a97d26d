"""Invented galleries: products are clusters that vary along shared directions."""

from __future__ import annotations

import numpy as np

from kiosk.domain import Gallery, Vectors
from kiosk.vectors import l2_normalise

DIMENSION = 48


def clusters(
    products: int, photos: int, *, seed: int = 0, nuisance: float = 2.0
) -> tuple[list[str], list[str], Vectors]:
    """SKUs, photo names and vectors. `nuisance` is the spread along six shared directions."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(products, DIMENSION))
    shared = rng.normal(size=(6, DIMENSION)) * nuisance / np.sqrt(6)
    skus, names, rows = [], [], []
    for k in range(products):
        for i in range(photos):
            skus.append(f"P{k:03d}")
            names.append(f"{k:03d}-{i:02d}")
            noise = 0.3 * rng.normal(size=DIMENSION)
            rows.append(centres[k] + rng.normal(size=6) @ shared + noise)
    return skus, names, l2_normalise(np.array(rows, np.float32))


def gallery(products: int, photos: int, **options: float) -> Gallery:
    seed = int(options.pop("seed", 0))
    skus, names, vectors = clusters(products, photos, seed=seed, **options)
    prices = {sku: 100 + 10 * i for i, sku in enumerate(dict.fromkeys(skus))}
    return Gallery("test", vectors, tuple(skus), tuple(names), prices)

"""A drawn shop with vectors that scatter around their products like photos do."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from export.bundle.gather import Contents, Proofs
from kiosk.domain import Gallery, Price, Product, Vectors
from kiosk.recognition import SearchEngine
from kiosk.vectors import l2_normalise
from tests.export.cards import card

MakeContents = Callable[..., Contents]


def scattered(products: int, photos: int, dimension: int, seed: int = 0) -> Vectors:
    """Photos (products * photos, d): centres that are alike, and noise along a few axes."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=dimension) + 0.5 * rng.normal(size=(products, dimension))
    axes = rng.normal(size=(max(4, dimension // 8), dimension))
    noise = rng.normal(size=(products * photos, len(axes))) @ axes
    rows = np.repeat(centres, photos, axis=0) + 0.08 * noise
    rows += 0.05 * rng.normal(size=rows.shape)
    return l2_normalise(rows.astype(np.float32))


@pytest.fixture(scope="session")
def make_contents() -> MakeContents:
    """Makes a shop as `engine` has learned it; a large one stays as it is before a refit."""

    def make(
        products: int = 60,
        photos: int = 4,
        dimension: int = 64,
        proofs: Proofs | None = None,
        engine: SearchEngine | None = None,
    ) -> Contents:
        skus = [f"P{number:05d}" for number in range(products)]
        owners = tuple(np.repeat(skus, photos).tolist())
        gallery = Gallery(
            "drawn",
            scattered(products, photos, dimension),
            owners,
            tuple(f"{number:064x}" for number in range(len(owners))),
            {sku: 100 + number for number, sku in enumerate(skus)},
        )
        engine = engine or SearchEngine()
        engine.replace(gallery)
        if products <= 1000:
            engine.refit()
        metric, confidence = engine.parameters
        return Contents(
            card=card(dimension=dimension),
            fingerprint="drawn@1",
            products=[
                Product(
                    sku,
                    f"產品 {number}: café 1/2 “l”",
                    Price(100 + number, "EUR"),
                    category="Drawn",
                    description="A thing in a box. " * 3,
                    barcode=f"{4000000000000 + number}",
                )
                for number, sku in enumerate(skus)
            ],
            gallery=gallery,
            proofs=proofs or Proofs(),
            confidence=confidence,
            metric=metric,
            error_budget=engine.error_budget,
        )

    return make


def reseal(bundle: Path, manifest: object) -> None:
    """Write another manifest into a bundle, with the checksum that belongs to it."""
    data = json.dumps(manifest).encode()
    (bundle / "manifest.json").write_bytes(data)
    (bundle / "manifest.sha256").write_text(hashlib.sha256(data).hexdigest())

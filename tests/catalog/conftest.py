"""A real catalogue in a temporary folder, and small pictures to fill it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from kiosk.catalog import CatalogStore
from kiosk.domain import Image, Price, Product
from kiosk.pictures import encode_jpeg

Picture = Callable[[int], Image]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[CatalogStore]:
    with CatalogStore.open(tmp_path / "shop") as opened:
        yield opened


def picture(seed: int, side: int = 24) -> Image:
    """A small picture that differs from that of every other seed."""
    return np.random.default_rng(seed).integers(0, 255, (side, side, 3), dtype=np.uint8)


def jpeg(seed: int) -> bytes:
    return encode_jpeg(picture(seed))


def product(
    sku: str = "A1", name: str = "Oolong tea", minor: int = 3_500, **rest: object
) -> Product:
    return Product(sku, name, Price(minor, "TWD"), **rest)  # type: ignore[arg-type]


def unit_vector(seed: int, dimension: int = 16) -> np.ndarray:
    vector = np.random.default_rng(seed).standard_normal(dimension).astype(np.float32)
    return vector / np.linalg.norm(vector)

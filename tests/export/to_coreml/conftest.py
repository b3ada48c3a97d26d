"""Towers to export, and pictures to compare on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from torch import nn

from export.parity import sample_pixels
from export.to_coreml import convert, description
from export.to_coreml.options import Precision, Target, TowerNames
from export.to_coreml.tools import quiet
from export.towers import ImageTower
from kiosk.domain import Image
from kiosk.pictures import read_picture
from tests.export.cards import card


def saved(tower: ImageTower, folder: Path, names: TowerNames) -> Path:
    """A package that verify was not asked about."""
    model = convert.convert(tower, names, Target.IOS16)
    description.describe(model, tower, names, Precision.FP16)
    path = folder / f"{names.package}.mlpackage"
    with quiet():
        model.save(str(path))
    description.seal(path)
    return path


@pytest.fixture(scope="session")
def real_pictures(bench_data: Path) -> list[Image]:
    """Eight photos of groceries, of many sizes."""
    files = sorted((bench_data / "grocery" / "val").glob("*/*.jpg"))
    return [read_picture(path) for path in files[:: len(files) // 8][:8]]


def noise(seed: int, height: int = 40, width: int = 50) -> Image:
    rng = np.random.default_rng(seed)
    return rng.integers(0, 256, (height, width, 3), dtype=np.uint8)


@pytest.fixture(scope="session")
def pictures() -> list[Image]:
    """Six drawn pictures, of another size than any network takes."""
    return [np.rint(p.transpose(1, 2, 0) * 255).astype(np.uint8) for p in sample_pixels(6, 90, 120)]


@pytest.fixture(scope="session")
def small_tower() -> Callable[[nn.Module], ImageTower]:
    """Wraps a network that takes 64 x 48 pixels as a tower with everything around it."""

    def make(network: nn.Module) -> ImageTower:
        described = card(
            id="small",
            title="A small network",
            dimension=24,
            input={"width": 64, "height": 48},
            mean=(0.48145466, 0.4578275, 0.40821073),
            std=(0.26862954, 0.26130258, 0.27577711),
        )
        return ImageTower(network, described)

    return make

"""The training photos: a folder arranged like a shop, `enrol.csv` and `train_rest.csv`."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from export.camera_view import scene_behind
from kiosk.domain import Image
from kiosk.pictures import read_picture

Rows = NDArray[np.intp]
SHOWN = 5  # photos of a product in a proof's gallery
SCENES = 24  # that a camera may see behind a product
_PHOTOS_BEHIND = 60


def read_rows(folder: Path) -> list[tuple[Path, str]]:
    """Training photos and their SKU."""
    rows = []
    for name in ("enrol.csv", "train_rest.csv"):
        with (folder / name).open(newline="", encoding="utf-8") as stream:
            rows += [(folder / row["path"], row["sku"]) for row in csv.DictReader(stream)]
    return rows


def spread(rows: Rows) -> Rows:
    """Five of the rows, evenly apart."""
    chosen: Rows = rows[np.linspace(0, len(rows) - 1, SHOWN).round().astype(int)]
    return chosen


def scenes(photos: Sequence[Path], seed: int) -> list[Image]:
    """Defocused shops, each (720, 720, 3), made of some of the photos."""
    rng = np.random.default_rng(seed)
    count = min(_PHOTOS_BEHIND, len(photos))
    behind = [read_picture(photos[k]) for k in rng.choice(len(photos), count, replace=False)]
    return [scene_behind(rng, behind) for _ in range(SCENES)]

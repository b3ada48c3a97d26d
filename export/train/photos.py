"""Training photos: a folder arranged like a shop, each photo also as a kiosk's camera sees it.

The folder holds `enrol.csv`, and `train_rest.csv` or `queries.csv`, with the columns path and
sku. What views of a camera are worth is measured in benchmarks/RESULTS.md.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.domain import Image
from kiosk.pictures import read_picture
from kiosk.vision.frame import CAMERA_SIDE as SIDE, camera_view as camera_view

Array = NDArray[np.float32]
Rows = NDArray[np.intp]
SEED = 5  # arbitrary, but fixed: training can be repeated
SHOWN = 5  # photos of a product in a proof's gallery
SCENES = 24  # that a camera may see behind a product; chosen
_PHOTOS_BEHIND = 60  # that scenes are made of; chosen


def read_rows(*folders: Path) -> tuple[list[Path], Rows]:
    """Read the paths of the training photos, and the number of each one's product."""
    rows = []
    for folder in folders:
        rest = "train_rest.csv" if (folder / "train_rest.csv").is_file() else "queries.csv"
        for name in ("enrol.csv", rest):
            with (folder / name).open(newline="", encoding="utf-8") as stream:
                reader = csv.DictReader(stream)
                rows += [(folder / row["path"], f"{folder}/{row['sku']}") for row in reader]
    paths, skus = zip(*rows, strict=True)
    return list(paths), np.unique(skus, return_inverse=True)[1]


def shown_rows(owner: Rows) -> Rows:
    """Return five rows of each product, evenly apart: a proof's gallery.

    `owner` numbers the product of each row.
    """
    return np.concatenate([spread(np.flatnonzero(owner == k)) for k in np.unique(owner)])


def spread(rows: Rows) -> Rows:
    """Return five of the rows, evenly apart."""
    chosen: Rows = rows[np.linspace(0, len(rows) - 1, SHOWN).round().astype(int)]
    return chosen


def count_right(gallery: Array, owner: Rows, queries: Array, wanted: Rows) -> int:
    """Count the queries (n, d) whose nearest gallery row, by dot product, is of their product."""
    return int((owner[np.argmax(queries @ gallery.T, axis=1)] == wanted).sum())


def scenes(photos: Sequence[Path]) -> list[Image]:
    """Make defocused shops, each (720, 720, 3), made of some of the photos."""
    rng = np.random.default_rng(SEED)
    count = min(_PHOTOS_BEHIND, len(photos))
    behind = [read_picture(photos[k]) for k in rng.choice(len(photos), count, replace=False)]
    return [_scene_behind(rng, behind) for _ in range(SCENES)]


def _scene_behind(rng: np.random.Generator, photos: Sequence[Image]) -> Image:
    """A defocused shop (720, 720, 3) made of random photos."""
    tiles = [cv2.resize(photos[int(rng.integers(len(photos)))], (240, 240)) for _ in range(6)]
    sheet = cv2.resize(np.vstack([np.hstack(tiles[:3]), np.hstack(tiles[3:])]), (SIDE, SIDE))
    scene: Image = (0.55 * cv2.GaussianBlur(sheet, (0, 0), 45) + 40).astype(np.uint8)
    return scene

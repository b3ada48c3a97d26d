"""Training photos: a folder arranged like a shop, each photo also as a kiosk's camera sees it.

The folder holds `enrol.csv` and `train_rest.csv` with the columns path and sku. A camera's view
is the photo held, turned, lit and compressed. Its ranges were
chosen; what such views are worth is measured in benchmarks/RESULTS.md.
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

Array = NDArray[np.float32]
Rows = NDArray[np.intp]
SEED = 5  # arbitrary, but fixed: training can be repeated
SHOWN = 5  # photos of a product in a proof's gallery
SCENES = 24  # that a camera may see behind a product; chosen
SIDE = 720  # pixels: the square that the kiosk cuts out of a 720p frame
_PHOTOS_BEHIND = 60  # that scenes are made of; chosen


def read_rows(folder: Path) -> tuple[list[Path], Rows]:
    """Read the paths of the training photos, and the number of each one's product."""
    rows = []
    for name in ("enrol.csv", "train_rest.csv"):
        with (folder / name).open(newline="", encoding="utf-8") as stream:
            rows += [(folder / row["path"], row["sku"]) for row in csv.DictReader(stream)]
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


def camera_view(rng: np.random.Generator, photo: Image, scene: Image) -> Image:
    """`photo` (RGB) before `scene`, 62 to 100 % of its height, as JPEG gives it: (720, 720, 3)."""
    corners = _held(rng, photo.shape[1] / photo.shape[0])
    height, width = photo.shape[:2]
    from_photo = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    warp = cv2.getPerspectiveTransform(from_photo, corners)
    layer = cv2.warpPerspective(photo, warp, (SIDE, SIDE), flags=cv2.INTER_LINEAR)
    mask = cv2.warpPerspective(np.full((height, width), 255, np.uint8), warp, (SIDE, SIDE))
    alpha = cv2.GaussianBlur(mask, (0, 0), 2.5)[..., None].astype(np.float32) / 255
    return _exposed(rng, alpha * layer + (1 - alpha) * scene)


def _held(rng: np.random.Generator, proportions: float) -> Array:
    """Corners of the photo in the picture: sheared, turned, off the centre."""
    height = rng.uniform(0.62, 1.0) * SIDE
    width = proportions * height
    box = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * (width / 2, height / 2)
    shear = rng.normal(0, 0.08, 2)
    box[:, 0] *= 1 + shear[0] * box[:, 1] / height
    box[:, 1] *= 1 + shear[1] * box[:, 0] / width
    angle = rng.normal(0, 0.12)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    place = np.array([SIDE / 2 + rng.normal(0, 45), SIDE / 2 + rng.normal(0, 25)])
    corners: Array = (box @ turn + place).astype(np.float32)
    return corners


def _exposed(rng: np.random.Generator, picture: NDArray[np.floating]) -> Image:
    """Exposure, colour cast, sensor noise and one JPEG round trip."""
    gain = rng.uniform(0.7, 1.25) * rng.uniform(0.94, 1.06, 3)
    noise = rng.normal(0, 4, (SIDE // 2, SIDE // 2, 3)).astype(np.float32)
    noisy = np.clip(picture * gain + cv2.resize(noise, (SIDE, SIDE)), 0, 255).astype(np.uint8)
    _, jpeg = cv2.imencode(".jpg", noisy[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 80])
    decoded = cv2.imdecode(jpeg, cv2.IMREAD_COLOR)
    assert decoded is not None
    return np.ascontiguousarray(decoded[..., ::-1], np.uint8)

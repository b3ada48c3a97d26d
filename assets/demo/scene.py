"""The shop behind the product: a counter, and shelves out of focus."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from assets.demo.raster import Floats, floats
from assets.demo.sheet import Sheet
from kiosk.domain import Image

COUNTER_LINE = 0.70  # where the counter begins, as a share of the height
_SHELF_COLOURS = (
    "#C85A4A",
    "#E0A84A",
    "#5E8F6B",
    "#4A7CA8",
    "#D8C9A8",
    "#8A6FA0",
    "#E8E0D0",
    "#B86E3A",
)


@lru_cache(maxsize=6)
def counter(width: int, height: int, seed: int = 0) -> Image:
    """Draw the empty scene as RGB (height, width, 3); treat it as read-only."""
    wall = _shelves(width, height, seed)
    line = int(height * COUNTER_LINE)
    table = _table(width, height - line, seed)
    scene = wall.copy()
    scene[line:] = table
    edge = np.clip((np.arange(height) - line + 14) / 28, 0, 1)[:, None, None]
    soft = cv2.GaussianBlur(scene, (0, 0), 9)
    near = np.abs(edge - 0.5) < 0.499
    scene = np.where(near, soft, scene)
    out = np.clip(scene * _vignette(width, height), 0, 255).astype(np.uint8)
    out.flags.writeable = False
    return out


def _shelves(width: int, height: int, seed: int) -> Floats:
    rng = np.random.default_rng(100 + seed)
    small = Sheet(width // 4, height // 4, "#B9A88E")
    small.gradient([0, 0, small.width, small.height], ["#CBBBA2", "#A8967C"])
    pitch = small.height / 3.4
    for row in range(4):
        floor = pitch * (row + 0.85)
        x = rng.uniform(-10, 10)
        while x < small.width:
            wide, tall = rng.uniform(8, 22), rng.uniform(0.4, 0.78) * pitch
            colour = str(rng.choice(_SHELF_COLOURS))
            small.rect([x, floor - tall, x + wide, floor], colour, radius=2)
            x += wide + rng.uniform(1, 6)
        small.rect([0, floor, small.width, floor + 5], "#8A7256")
    for _ in range(5):
        x = rng.uniform(0, small.width)
        small.circle(x, rng.uniform(0, small.height * 0.18), rng.uniform(5, 9), "#FFF3D6")
    blurred = cv2.GaussianBlur(small.finished().astype(np.float32), (0, 0), small.height / 26)
    large = cv2.resize(blurred, (width, height), interpolation=cv2.INTER_CUBIC)
    return floats(large * 0.80 + 34)


def _table(width: int, height: int, seed: int) -> Floats:
    rng = np.random.default_rng(200 + seed)
    grain = floats(
        cv2.GaussianBlur(floats(rng.normal(size=(height, width))), (0, 0), sigmaX=90, sigmaY=1.1)
    )
    grain /= max(float(grain.std()), 1e-6)
    depth = np.linspace(0, 1, height)[:, None]
    tone = 1.02 - 0.14 * depth + 0.010 * grain
    return floats(tone[..., None] * np.array([214, 184, 146]))


def _vignette(width: int, height: int) -> Floats:
    x, y = np.linspace(-1, 1, width)[None, :], np.linspace(-1, 1, height)[:, None]
    return floats(1 - 0.16 * (x**2 + y**2) ** 1.2 / 2)[..., None]


def contact_shadow(
    scene: Image, x: float, y: float, half_width: float, *, strength: float = 0.45
) -> None:
    """Darken a picture, in place, under something that stands at (x, y)."""
    reach = half_width * 0.24 + 4
    top, bottom = max(0, int(y - 2.2 * reach)), min(scene.shape[0], int(y + 2.2 * reach))
    part = scene[top:bottom]
    down, across = np.mgrid[top:bottom, 0 : scene.shape[1]].astype(np.float32)
    far = ((across - x) / (half_width * 1.12)) ** 2 + ((down - y) / reach) ** 2
    kept = (255.5 - 255 * strength * np.exp(-1.6 * far)).astype(np.uint8)
    part[:] = cv2.multiply(part, cv2.merge([kept] * 3), scale=1 / 255)

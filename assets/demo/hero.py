"""Draw the picture of the attract screen: three demo products on a leaf-tinted disc."""

from __future__ import annotations

import cv2
import numpy as np

from assets.demo.catalogue import SOLD
from assets.demo.light import Light
from assets.demo.raster import Pose
from assets.demo.render import draw_sprite
from kiosk.demo.compose import premultiplied
from kiosk.domain import Image

SIDE_PX = 1400
FINAL_PX = 700
LEAF_TINT = (221, 241, 230)
FLOOR = 1120
# From the back to the front: SKU, turn, the middle's x, pixels to a unit.
GROUP = (
    ("TEA-001", Pose(yaw=24, pitch=8), 490, 830),
    ("DRINK-001", Pose(yaw=-8, pitch=8), 960, 690),
    ("FRUIT-003", Pose(yaw=12, pitch=8), 740, 370),
)


def hero() -> Image:
    """Draw it: RGBA (FINAL_PX, FINAL_PX, 4), straight alpha."""
    canvas = np.zeros((SIDE_PX, SIDE_PX, 4), dtype=np.float32)
    middle = SIDE_PX // 2
    disc = np.zeros((SIDE_PX, SIDE_PX), dtype=np.uint8)
    cv2.circle(disc, (middle, middle), int(SIDE_PX * 0.47), 255, -1, cv2.LINE_AA)
    canvas[..., :3] = np.array(LEAF_TINT) * (disc / 255)[..., None]
    canvas[..., 3] = disc
    bodies = {thing.product.sku: thing.body for thing in SOLD}
    for depth, (sku, pose, x, px) in enumerate(GROUP):
        sprite = premultiplied(draw_sprite(bodies[sku], pose, Light(), height_px=px))
        rows, columns = (np.flatnonzero((sprite[..., 3] > 99).any(axis=k)) for k in (1, 0))
        sprite = sprite[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        foot = FLOOR + 34 * depth
        half = sprite.shape[1] / 2
        shadow = np.zeros((SIDE_PX, SIDE_PX), dtype=np.float32)
        centre, axes = (x, foot - 8), (int(half * 1.02), int(half * 0.2))
        cv2.ellipse(shadow, centre, axes, 0, 0, 360, 0.42, -1)
        soft = np.asarray(cv2.GaussianBlur(shadow, (0, 0), 16), dtype=np.float32)
        canvas[..., :3] *= (1 - soft)[..., None]
        top, left = foot - sprite.shape[0], int(x - half)
        part = canvas[top:foot, left : left + sprite.shape[1]]
        part[:] = sprite + part * (1 - sprite[..., 3:] / 255)
    small = np.asarray(
        cv2.resize(canvas, (FINAL_PX, FINAL_PX), interpolation=cv2.INTER_AREA), dtype=np.float32
    )
    small[..., :3] /= np.maximum(small[..., 3:] / 255, 1e-3)
    return np.asarray(np.clip(small + 0.5, 0, 255), dtype=np.uint8)

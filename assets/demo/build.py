"""Draw the picture of the attract screen: three demo products on a leaf-tinted disc.

python assets/demo/build.py
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from kiosk.demo.catalogue import DEMO_STOCK
from kiosk.demo.hand import premultiplied
from kiosk.demo.light import Light
from kiosk.demo.raster import Pose
from kiosk.demo.render import draw_sprite

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


def main() -> None:
    canvas = np.zeros((SIDE_PX, SIDE_PX, 4), dtype=np.float32)
    middle = SIDE_PX // 2
    disc = np.zeros((SIDE_PX, SIDE_PX), dtype=np.uint8)
    cv2.circle(disc, (middle, middle), int(SIDE_PX * 0.47), 255, -1, cv2.LINE_AA)
    canvas[..., :3] = np.array(LEAF_TINT) * (disc / 255)[..., None]
    canvas[..., 3] = disc
    bodies = {thing.product.sku: thing.body for thing in DEMO_STOCK}
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
    picture = Image.fromarray(np.clip(small + 0.5, 0, 255).astype(np.uint8))
    target = Path(__file__).with_name("hero.png")
    picture.save(target, optimize=True)
    print(f"{target.name}: {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()

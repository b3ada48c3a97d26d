"""The demo shop's products as staff would photograph them."""

from __future__ import annotations

import zlib

import cv2
import numpy as np

from assets.demo.catalogue import DrawnProduct
from assets.demo.hand import draw_hand, grip_of
from assets.demo.light import Light
from assets.demo.raster import Pose
from assets.demo.render import FINE_SAMPLES, SAMPLES, draw_sprite
from assets.demo.scene import contact_shadow, counter
from kiosk.demo.compose import Hand, blend, hold, premultiplied
from kiosk.domain import Image
from kiosk.errors import BugError

VIEWS = ("front", "left", "right", "back", "top")
"""The angles at which staff photograph a product; the first is the cover."""

_POSES = {
    "front": Pose(yaw=0, pitch=9),
    "left": Pose(yaw=38, pitch=12, roll=3),
    "right": Pose(yaw=-38, pitch=10, roll=-4),
    "back": Pose(yaw=180, pitch=9),
    "top": Pose(yaw=-8, pitch=36),
}
_IN_HAND = {"left", "right"}
# None of these is among the lights of the demo camera.
_LAMPS = (
    Light(azimuth=-28, elevation=50, key=0.64, ambient=0.68),
    Light(azimuth=22, elevation=38, key=0.58, ambient=0.66, warmth=0.25, window=0.9),
)
_SIDE_PX = 540
_PX_PER_UNIT = 400
_AHEAD = 4  # products


def draw(thing: DrawnProduct, view: str) -> Image:
    """Draw one staff photo: RGB, 540 x 540, the same at every call.

    Front, back and top stand on the counter; left and right are held up. Light, angle and
    size differ from what the demo camera shows.

    Raises:
        BugError: `view` is none of VIEWS.
    """
    if view not in _POSES:
        raise BugError(f"there is no view {view!r}; there are {', '.join(VIEWS)}")
    rng = np.random.default_rng(zlib.crc32(f"{thing.product.sku} {view}".encode()))
    pose = _nudged(_POSES[view], rng)
    lamp = _LAMPS[int(rng.integers(len(_LAMPS)))]
    scale = thing.size * float(rng.uniform(0.94, 1.04))
    scene = _place(rng)
    if view in _IN_HAND:
        return _held_up(thing, scene, pose, lamp, _PX_PER_UNIT * scale, int(rng.integers(20)))
    samples = FINE_SAMPLES if view == "back" and thing.product.barcode else SAMPLES
    return _standing(thing, scene, pose, lamp, _PX_PER_UNIT * scale, samples)


def _nudged(pose: Pose, rng: np.random.Generator) -> Pose:
    yaw, pitch, roll = rng.uniform(-5, 5), rng.uniform(-2, 4), rng.uniform(-2, 2)
    return Pose(pose.yaw + yaw, pose.pitch + pitch, pose.roll + roll)


def _place(rng: np.random.Generator) -> Image:
    """A square of the counter, from another shelf than the demo camera sees."""
    scene = counter(1280, 720, 1)
    left = int(rng.integers(0, 1280 - 640))
    crop = np.ascontiguousarray(scene[60:700, left : left + 640])
    return np.asarray(
        cv2.resize(crop, (_SIDE_PX, _SIDE_PX), interpolation=cv2.INTER_AREA), np.uint8
    )


def _standing(
    thing: DrawnProduct, scene: Image, pose: Pose, lamp: Light, px: float, samples: float
) -> Image:
    sprite = draw_sprite(thing.body, pose, lamp, height_px=px, side_px=_SIDE_PX, samples=samples)
    rows, columns = (np.flatnonzero((sprite[..., 3] > 127).any(axis=axis)) for axis in (1, 0))
    shift = int(_SIDE_PX / 2 - (rows[0] + rows[-1]) / 2)
    foot = int(rows[-1]) + shift
    half = (int(columns[-1]) - int(columns[0])) / 2
    contact_shadow(scene, float(columns.mean()), foot - half * 0.06, half)
    blend(scene, np.roll(premultiplied(sprite), shift, axis=0))
    return scene


def _held_up(
    thing: DrawnProduct, scene: Image, pose: Pose, lamp: Light, px: float, look: int
) -> Image:
    side = int(_SIDE_PX * 1.5)
    hand = draw_hand(grip_of(thing.body, pose), lamp, look, height_px=px / 2, side_px=side // 2)
    product = draw_sprite(thing.body, pose, lamp, height_px=px, side_px=side)
    held = hold(premultiplied(product), Hand.enlarged(hand.behind, hand.before))
    edge = (side - _SIDE_PX) // 2
    blend(scene, held[edge + 20 : edge + 20 + _SIDE_PX, edge : edge + _SIDE_PX])
    return scene

"""What the demo camera composes: each product at each turn, the hand that holds it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assets.demo.catalogue import DrawnProduct
from assets.demo.hand import draw_hand, grip_of
from assets.demo.light import Light
from assets.demo.raster import Pose
from assets.demo.render import draw_sprite
from kiosk.demo.motion import TURNS
from kiosk.demo.stock import HELD_MIDDLE, HELD_SIZE, PX_PER_UNIT

_SIDE_PX = 2 * max(*HELD_MIDDLE)
_HAND_SIDE_PX = HELD_SIZE[1]  # half the product's scale: what is below the middle fits in
_PITCH = 12  # degrees, as a customer sees what they hold
_GRIP_YAW = 12  # the hand is as wide as the product at half its usual turn
# No staff photo was taken under one of these; one for each product in turn.
_LIGHTS = (
    Light(azimuth=-40, elevation=40),
    Light(azimuth=30, elevation=55, key=0.60, ambient=0.70),
    Light(azimuth=50, elevation=25, key=0.55, ambient=0.66),
    Light(azimuth=-15, elevation=65, key=0.72, ambient=0.60),
    Light(azimuth=-60, elevation=20, key=0.60, ambient=0.58, window=0.8),
)

Rgba = NDArray[np.uint8]


def turntable(thing: DrawnProduct, number: int) -> Rgba:
    """Draw a product at each of TURNS side by side: RGBA with straight alpha."""
    light = _LIGHTS[number % len(_LIGHTS)]
    px = PX_PER_UNIT * thing.size
    sprites = [
        draw_sprite(thing.body, Pose(yaw, _PITCH), light, height_px=px, side_px=_SIDE_PX)
        for yaw in TURNS
    ]
    drawn = np.max([sprite[..., 3] for sprite in sprites], axis=0) > 0
    half_high, half_wide = (
        _SIDE_PX // 2 - int(np.flatnonzero(line | line[::-1])[0])
        for line in (drawn.any(axis=1), drawn.any(axis=0))
    )
    middle = _SIDE_PX // 2
    rows, columns = (slice(middle - half, middle + half) for half in (half_high, half_wide))
    return np.concatenate([sprite[rows, columns] for sprite in sprites], axis=1)


def hand(thing: DrawnProduct, number: int) -> Rgba:
    """Draw what of the hand is behind the product, and beside it what is before it.

    Both are half the size of HELD_SIZE: skin has no detail that would be missed.
    """
    drawn = draw_hand(
        grip_of(thing.body, Pose(_GRIP_YAW, _PITCH)),
        _LIGHTS[number % len(_LIGHTS)],
        number,
        height_px=PX_PER_UNIT * thing.size / 2,
        side_px=_HAND_SIDE_PX,
    )
    left, top = (_HAND_SIDE_PX // 2 - at // 2 for at in HELD_MIDDLE)
    box = slice(top, top + HELD_SIZE[1] // 2), slice(left, left + HELD_SIZE[0] // 2)
    return np.concatenate([drawn.behind[box], drawn.before[box]], axis=1)

"""Put pre-drawn pictures together: a product into a hand, the hand over the scene.

Sprites are uint8 RGBA (height, width, 4) with colours multiplied by alpha, if not said
otherwise; pictures are RGB.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.domain import Image

Sprite = NDArray[np.uint8]

_SHADOW_BLUR_PX = 3.5  # of the fingers' shadow on the product, chosen by eye; as are these:
_SHADOW_SHIFT_PX = (3, -2)  # down, right
_SHADOW_STRENGTH = 0.42


@dataclass(frozen=True, eq=False, slots=True)
class Hand:
    """What is behind the product, what is before it, and what light the fingers leave (L)."""

    behind: Sprite
    before: Sprite
    light: NDArray[np.uint8]

    @classmethod
    def enlarged(cls, behind: Sprite, before: Sprite) -> Hand:
        """Make a hand of two layers with straight alpha, drawn at half the product's size."""
        shadow = cv2.GaussianBlur(before[..., 3], (0, 0), _SHADOW_BLUR_PX)
        shadow = np.roll(shadow, _SHADOW_SHIFT_PX, axis=(0, 1))
        light = cv2.convertScaleAbs(shadow, alpha=-_SHADOW_STRENGTH, beta=255)
        layers = (premultiplied(behind), premultiplied(before), np.asarray(light, np.uint8))
        return cls(*(_doubled(layer) for layer in layers))


def premultiplied(sprite: Sprite) -> Sprite:
    """Multiply the colours of RGBA with straight alpha by that alpha."""
    alpha = cv2.extractChannel(sprite, 3)
    factor = cv2.merge([alpha, alpha, alpha, np.full_like(alpha, 255)])
    return np.asarray(cv2.multiply(sprite, factor, scale=1 / 255), dtype=np.uint8)


def hold(product: Sprite, hand: Hand) -> Sprite:
    """Put a product between the two layers of a hand; all are of one size."""
    full = np.full_like(hand.light, 255)
    shaded = cv2.multiply(product, cv2.merge([hand.light] * 3 + [full]), scale=1 / 255)
    return _over(hand.before, _over(np.asarray(shaded, dtype=np.uint8), hand.behind))


def blend(under: Image, sprite: Sprite) -> None:
    """Lay a sprite over a picture of the same size, in place."""
    rest = cv2.cvtColor(cv2.bitwise_not(cv2.extractChannel(sprite, 3)), cv2.COLOR_GRAY2RGB)
    kept = cv2.multiply(under, rest, scale=1 / 255)
    under[:] = cv2.add(kept, cv2.cvtColor(sprite, cv2.COLOR_RGBA2RGB))


def lay(
    picture: Image,
    sprite: Sprite,
    middle: tuple[float, float],
    at: tuple[float, float],
    *,
    roll: float,
    scale: float,
    smear: tuple[float, float],
) -> None:
    """Turn a sprite round its `middle`, scale it, and lay it over a picture, in place.

    `middle` (x, y in the sprite) falls on `at` (x, y in the picture); `roll` is in degrees;
    `smear` is the way across and down, in pixels, that it moves while the shutter is open.
    """
    turn = np.asarray(cv2.getRotationMatrix2D(middle, roll, scale), np.float64)
    turn[:, 2] += np.subtract(at, middle)
    height, width = sprite.shape[:2]
    corners = np.array([[0, 0, 1], [width, 0, 1], [width, height, 1], [0, height, 1]]) @ turn.T
    size = (picture.shape[1], picture.shape[0])
    left, top = (int(v) for v in np.clip(np.floor(corners.min(axis=0)), 0, size))
    right, bottom = (int(v) for v in np.clip(np.ceil(corners.max(axis=0)), 0, size))
    if right - left < 2 or bottom - top < 2:
        return
    turn[:, 2] -= (left, top)
    warped = cv2.warpAffine(sprite, turn, (right - left, bottom - top), flags=cv2.INTER_LINEAR)
    kernel = [1 + 2 * round(abs(way) / 2) for way in smear]
    if max(kernel) > 1:
        warped = cv2.blur(warped, kernel)
    blend(picture[top:bottom, left:right], np.asarray(warped, dtype=np.uint8))


def _doubled(layer: NDArray[np.uint8]) -> NDArray[np.uint8]:
    size = (2 * layer.shape[1], 2 * layer.shape[0])
    return np.asarray(cv2.resize(layer, size, interpolation=cv2.INTER_LINEAR), dtype=np.uint8)


def _over(top: Sprite, under: Sprite) -> Sprite:
    rest = cv2.bitwise_not(cv2.extractChannel(top, 3))
    kept = cv2.multiply(under, cv2.merge([rest] * 4), scale=1 / 255)
    return np.asarray(cv2.add(top, kept), dtype=np.uint8)

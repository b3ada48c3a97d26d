"""A plain drawn hand that holds a product from the side or from below."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assets.demo.light import Light
from assets.demo.raster import Pose, Surface, floats
from assets.demo.render import Body, draw_sprite
from assets.demo.shapes import lathe, moved, resampled, smooth, tube
from assets.demo.sheet import Colour, Sheet

Sprite = NDArray[np.uint8]

SKINS: tuple[Colour, ...] = ("#E9B48F", "#C98A62", "#8A5A3C", "#F2C9A8")
SLEEVES: tuple[Colour, ...] = ("#2F6F63", "#3D4F7A", "#A8483F", "#C9B28A", "#4A4A52")
_NARROWEST, _WIDEST_SIDE_GRIP = 0.16, 0.30  # half widths above this are held from below

Knots = list[tuple[float, float, float]]


@dataclass(frozen=True, slots=True)
class Grip:
    """Where a product can be held: half its width and its lower edge, in object units."""

    half_width: float
    bottom: float

    @property
    def from_side(self) -> bool:
        return self.half_width <= _WIDEST_SIDE_GRIP


def grip_of(body: Body, pose: Pose) -> Grip:
    """Measure a body as it stands in a pose."""
    turn = pose.matrix()
    points = np.concatenate([(s.points @ turn.T).reshape(-1, 3) for s in body.surfaces])
    bottom = float(points[:, 1].min())
    low = points[points[:, 1] < bottom + 0.4 * float(np.ptp(points[:, 1]))]
    return Grip(float(np.abs(low[:, 0]).max()), bottom)


@dataclass(frozen=True, eq=False, slots=True)
class Hand:
    """What is behind the product and what is before it: RGBA (uint8, straight alpha)."""

    behind: Sprite
    before: Sprite


def draw_hand(grip: Grip, light: Light, look: int, *, height_px: float, side_px: int) -> Hand:
    """Draw a hand for a grip in a square picture; `look` chooses the skin and the sleeve."""
    behind, before = _from_side(grip) if grip.from_side else _from_below(grip)
    skin = Sheet(8, 8, SKINS[look % len(SKINS)]).finished()
    sleeve = Sheet(8, 8, SLEEVES[look % len(SLEEVES)]).finished()
    textures = {"skin": skin, "sleeve": sleeve}
    layers = [
        draw_sprite(Body(parts, textures), Pose(), light, height_px=height_px, side_px=side_px)
        for parts in (behind, before)
    ]
    if grip.from_side:
        _fade_root(layers[1], grip, height_px)
    return Hand(*layers)


def _fade_root(before: Sprite, grip: Grip, height_px: float) -> None:
    """Let the thumb grow out of the palm behind it instead of ending on it, in place."""
    middle = before.shape[0] / 2
    column = int(middle + (max(grip.half_width, _NARROWEST) - 0.1) * height_px)
    low, high = (middle - (grip.bottom + at) * height_px for at in (-0.08, 0.10))
    rows = np.arange(before.shape[0])
    ramp = np.clip((low - rows) / (low - high), 0, 1)[:, None]
    before[:, column:, 3] = (before[:, column:, 3] * ramp).astype(np.uint8)


def _limb(
    knots: Knots, radii: list[float], *, name: str = "skin", finish: str = "skin", tip: bool = False
) -> Surface:
    """A tube along a curve; with `tip` its ends are half spheres, like a finger's."""
    path = resampled(smooth(knots, 60), _ROWS)
    at = np.linspace(0, 1, _ROWS)
    radius = floats(np.interp(at, np.linspace(0, 1, len(radii)), radii))
    if tip:
        length = float(np.linalg.norm(np.diff(path, axis=0), axis=1).sum())
        rest = np.clip((0.5 - np.abs(at - 0.5)) * length / radii[-1], 0, 1)
        radius = floats(radius * np.sqrt(1 - (1 - rest) ** 2))
    return tube(path, radius, name, finish, rows=_ROWS, columns=29)


def _ball(x: float, y: float, z: float, rx: float, ry: float, rz: float) -> Surface:
    turn = np.linspace(0, np.pi, 30)
    ball = lathe(np.column_stack([np.sin(turn), np.cos(turn)]), "skin", "skin", rows=30, columns=41)
    return moved([ball], floats(np.diag([rx, ry, rz])), (x, y, z))[0]


def _arm(x: float, y: float, lean: float) -> list[Surface]:
    """Wrist, forearm and sleeve, leaving the picture at the bottom."""
    wrist = [(x, y, -0.12), (x + lean * 0.2, y - 0.22, -0.12), (x + lean * 0.6, y - 0.6, -0.1)]
    sleeve = [
        (x + lean * 0.32, y - 0.36, -0.1),
        (x + lean * 0.7, y - 0.7, -0.1),
        (x + lean * 1.6, y - 1.5, -0.1),
    ]
    return [
        _limb(wrist, [0.10, 0.092, 0.10, 0.11]),
        _limb(sleeve, [0.0, 0.128, 0.140, 0.150, 0.16, 0.17, 0.18], name="sleeve", finish="cloth"),
    ]


_ROWS = 64
_THUMB = [0.058, 0.058, 0.052, 0.052, 0.046]
_FINGER = [0.046, 0.046, 0.044, 0.040]


def _from_side(grip: Grip) -> tuple[list[Surface], list[Surface]]:
    w = max(grip.half_width, _NARROWEST)
    y = grip.bottom + 0.20
    palm = _ball(w * 0.62 + 0.04, y - 0.10, -0.16, w * 0.45 + 0.12, 0.20, 0.09)
    heel = _ball(w + 0.02, y - 0.20, -0.10, 0.11, 0.14, 0.10)
    behind = [palm, heel, *_arm(w + 0.03, y - 0.24, 0.45)]
    thumb: Knots = [
        (w + 0.03, y - 0.27, -0.09),
        (w + 0.095, y - 0.14, -0.02),
        (w + 0.085, y - 0.01, 0.07),
        (w + 0.01, y + 0.09, 0.17),
        (w - 0.10, y + 0.15, 0.20),
    ]
    before = [_limb(thumb, _THUMB, tip=True)]
    for k in range(4):
        level = y - 0.13 + 0.088 * k
        reach = (0.05, 0.075, 0.07, 0.04)[k]
        knuckle = -w - 0.035
        finger: Knots = [
            (knuckle + 0.05, level - 0.012, -0.14),
            (knuckle - 0.008, level, -0.02),
            (knuckle + 0.03, level + 0.006, 0.12),
            (knuckle + 0.06 + reach, level + 0.012, 0.17),
        ]
        before.append(_limb(finger, _FINGER, tip=True))
    return behind, before


def _from_below(grip: Grip) -> tuple[list[Surface], list[Surface]]:
    y = grip.bottom
    palm = _ball(0.04, y - 0.055, -0.06, 0.25, 0.085, 0.14)
    behind = [palm, *_arm(0.10, y - 0.10, 0.35)]
    before = []
    for k in range(4):
        x = -0.17 + 0.095 * k
        up = (0.055, 0.085, 0.09, 0.065)[k]
        finger: Knots = [
            (x + 0.02, y - 0.075, -0.02),
            (x, y - 0.06, 0.12),
            (x - 0.006, y + 0.0, 0.19),
            (x - 0.01, y + up, 0.20),
        ]
        before.append(_limb(finger, _FINGER, tip=True))
    thumb: Knots = [
        (0.22, y - 0.08, -0.02),
        (0.285, y - 0.04, 0.10),
        (0.285, y + 0.05, 0.18),
        (0.25, y + 0.12, 0.20),
    ]
    before.append(_limb(thumb, _THUMB, tip=True))
    return behind, before

"""Fruit of the demo shop: no labels, only form, colour and skin."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import ImageColor

from assets.demo.raster import Floats, Pose, Surface, floats, surface
from assets.demo.render import Body
from assets.demo.shapes import lathe, moved, smooth, tube
from assets.demo.sheet import Colour, Sheet
from kiosk.domain import Image

SKIN = (320, 640)  # rows, columns of a skin's picture


def _noise(seed: int, wide: float, high: float) -> Floats:
    """Smooth noise, 0 to 1, that meets itself where the skin closes; sizes in pixels."""
    rng = np.random.default_rng(seed)
    raw = rng.normal(size=SKIN).astype(np.float32)
    tiled = np.hstack([raw, raw, raw])
    soft = cv2.GaussianBlur(tiled, (0, 0), sigmaX=wide, sigmaY=high)[:, SKIN[1] : 2 * SKIN[1]]
    low, top = np.percentile(soft, [1, 99])
    return np.asarray(np.clip((soft - low) / (top - low), 0, 1), dtype=np.float32)


def _mix(first: ArrayLike, second: Colour, share: ArrayLike) -> Floats:
    amount = np.clip(share, 0, 1)[..., None]
    return floats(np.asarray(first) * (1 - amount) + _rgb(second) * amount)


def _rgb(colour: Colour) -> Floats:
    return np.array(ImageColor.getrgb(colour)[:3], dtype=np.float32)


def _base(colour: Colour) -> Floats:
    return floats(np.broadcast_to(_rgb(colour), (*SKIN, 3)))


def _down() -> Floats:
    return floats(np.broadcast_to(np.linspace(0, 1, SKIN[0])[:, None], SKIN))


def _skin(values: Floats) -> Image:
    return np.clip(values, 0, 255).astype(np.uint8)


def _specks(values: Floats, colour: Colour, count: int, seed: int, radius: float = 1.0) -> Floats:
    rng = np.random.default_rng(seed)
    mask = np.zeros(SKIN, dtype=np.float32)
    for _ in range(count):
        at = (int(rng.integers(SKIN[1])), int(rng.integers(SKIN[0])))
        cv2.circle(mask, at, max(1, round(radius * rng.uniform(0.6, 1.6))), 1.0, -1, cv2.LINE_AA)
    return _mix(values, colour, 0.7 * cv2.GaussianBlur(mask, (0, 0), 0.7))


def blade(
    foot: tuple[float, float, float],
    length: float,
    width: float,
    *,
    lift: float,
    turn: float,
    curl: float = 0.3,
    texture: str = "leaf",
    finish: str = "fruit",
) -> list[Surface]:
    """A leaf from `foot`, `turn` degrees round y, rising by `lift`, its tip curling down."""
    v, u = np.meshgrid(np.linspace(0, 1, 25), np.linspace(-1, 1, 11), indexing="ij")
    half = width / 2 * np.sin(np.pi * np.clip(v, 0, 1) ** 0.8) ** 0.9
    along = length * v
    height = -curl * length * v**2 + 0.25 * np.abs(u) * half
    points = floats(np.dstack([u * half, height, along]))
    rise = Pose(pitch=-lift).matrix()
    yaw = Pose(yaw=turn).matrix()
    both = [surface(points, texture, finish, flip=flip) for flip in (False, True)]
    return moved(moved(both, rise, (0, 0, 0)), yaw, foot)


def _leaf() -> Image:
    s = Sheet(60, 160, "#3F8A3A")
    s.gradient([0, 0, 60, 160], ["#2F7230", "#5DA84A"])
    s.line([(30, 0), (30, 160)], "#8CCB74", 3)
    for y in range(10, 150, 18):
        s.line([(30, y), (4, y + 16)], "#6DB45C", 1.5)
        s.line([(30, y), (56, y + 16)], "#6DB45C", 1.5)
    return s.finished()


def _plain(colour: Colour) -> Image:
    return Sheet(8, 8, colour).finished()


def _stem(height: float, length: float, radius: float = 0.016) -> Surface:
    path = [(0, height, 0), (0.006, height + length * 0.6, 0.004), (0.03, height + length, 0.01)]
    return tube(path, [radius, radius * 0.8, radius * 1.3, 0.0], "stem", "skin", columns=17)


def apple() -> Body:
    profile = smooth(
        [
            (0.0, 0.27),
            (0.07, 0.34),
            (0.20, 0.395),
            (0.36, 0.32),
            (0.44, 0.10),
            (0.40, -0.14),
            (0.28, -0.35),
            (0.13, -0.405),
            (0.0, -0.36),
        ],
        90,
    )

    def lobes(angle: Floats, v: Floats) -> Floats:
        return floats(1 + 0.035 * np.cos(5 * angle + 0.4) * np.clip(v - 0.45, 0, 1) ** 1.2 * 2)

    skin = _mix(_base("#B3121D"), "#D8322B", _noise(3, 5, 60))
    skin = _mix(skin, "#F0A53C", np.clip(_noise(4, 3.5, 80) * 1.7 - 1.0, 0, 1) * 0.75)
    skin = _mix(skin, "#D7C04A", np.clip(1 - _down() * 8, 0, 1))
    skin = _mix(skin, "#8B0A16", np.clip(_noise(8, 60, 60) - 0.55, 0, 1))
    skin = _specks(skin, "#F5D9A8", 320, 5, 0.8)
    body = lathe(profile, "skin", "fruit", rows=80, swell=lobes)
    leaf = blade((0.02, 0.36, 0), 0.26, 0.13, lift=30, turn=62)
    return Body(
        [body, _stem(0.27, 0.20), *leaf],
        {"skin": _skin(skin), "stem": _plain("#5C3B1E"), "leaf": _leaf()},
    )


def orange() -> Body:
    profile = smooth(
        [
            (0.0, 0.385),
            (0.08, 0.40),
            (0.27, 0.33),
            (0.415, 0.08),
            (0.40, -0.15),
            (0.25, -0.34),
            (0.07, -0.40),
            (0.0, -0.395),
        ],
        90,
    )
    skin = _mix(_base("#F28A10"), "#FFA62B", _noise(6, 40, 40))
    skin = _mix(skin, "#D96F06", np.clip(_noise(7, 1.4, 1.4) * 1.6 - 0.9, 0, 1) * 0.6)
    skin = _mix(skin, "#B9C14A", np.clip(1 - _down() * 14, 0, 1) * 0.7)
    body = lathe(profile, "skin", "peel", rows=80)
    leaves = [
        *blade((0.02, 0.39, 0.0), 0.32, 0.16, lift=24, turn=70),
        *blade((-0.02, 0.39, 0), 0.26, 0.13, lift=34, turn=-60),
    ]
    return Body(
        [body, _stem(0.375, 0.07, 0.02), *leaves],
        {"skin": _skin(skin), "stem": _plain("#6B7A3A"), "leaf": _leaf()},
    )


def pear() -> Body:
    profile = smooth(
        [
            (0.0, 0.40),
            (0.06, 0.415),
            (0.125, 0.35),
            (0.155, 0.20),
            (0.25, 0.02),
            (0.325, -0.18),
            (0.30, -0.36),
            (0.15, -0.46),
            (0.0, -0.43),
        ],
        90,
    )
    skin = _mix(_base("#B9C23E"), "#D9D05A", _noise(11, 40, 60))
    skin = _mix(skin, "#8FA832", np.clip(_noise(12, 70, 30) - 0.5, 0, 1))
    side = floats(np.clip(np.cos(np.linspace(-np.pi, np.pi, SKIN[1]) - 0.9), 0, 1) ** 2)
    skin = _mix(skin, "#D88A3E", np.broadcast_to(side, SKIN) * _noise(15, 12, 12) * 0.7)
    skin = _specks(skin, "#7C6B24", 900, 13, 0.8)
    body = lathe(profile, "skin", "fruit", rows=80)
    return Body([body, _stem(0.40, 0.17, 0.014)], {"skin": _skin(skin), "stem": _plain("#54391C")})


def lemon() -> Body:
    profile = smooth(
        [
            (0.0, 0.44),
            (0.045, 0.43),
            (0.08, 0.37),
            (0.20, 0.28),
            (0.30, 0.08),
            (0.295, -0.12),
            (0.19, -0.30),
            (0.07, -0.37),
            (0.0, -0.39),
        ],
        90,
    )
    skin = _mix(_base("#F7DC2F"), "#FFE95E", _noise(21, 40, 40))
    skin = _mix(skin, "#D8B815", np.clip(_noise(22, 1.6, 1.6) * 1.6 - 0.9, 0, 1) * 0.6)
    body = lathe(profile, "skin", "peel", rows=80)
    lying = Pose(roll=62).matrix()
    return Body(moved([body], lying, (0, 0, 0)), {"skin": _skin(skin)})


def aubergine() -> Body:
    profile = smooth(
        [
            (0.0, 0.33),
            (0.10, 0.33),
            (0.15, 0.22),
            (0.18, 0.05),
            (0.235, -0.18),
            (0.225, -0.36),
            (0.12, -0.465),
            (0.0, -0.48),
        ],
        90,
    )
    skin = _mix(_base("#3A1248"), "#5A1F6B", _noise(31, 50, 70))
    skin = _mix(skin, "#231030", np.clip(_noise(32, 20, 80) - 0.5, 0, 1))
    body = lathe(profile, "skin", "plastic", rows=80)
    crown = lathe(
        [(0.03, 0.39), (0.11, 0.355), (0.165, 0.27), (0.17, 0.22)],
        "stem",
        "fruit",
        rows=24,
        columns=145,
        swell=_crown,
    )
    stalk = tube(
        [(0, 0.36, 0), (0.01, 0.43, 0.01), (0.05, 0.48, 0.02)],
        [0.045, 0.03, 0.034, 0.0],
        "stem",
        "skin",
        columns=21,
    )
    return Body([body, crown, stalk], {"skin": _skin(skin), "stem": _plain("#5E8A3C")})


def _crown(angle: Floats, v: Floats) -> Floats:
    return floats(1 + 0.03 * np.cos(5 * angle) * v)


def dragon_fruit() -> Body:
    profile = smooth(
        [
            (0.0, 0.36),
            (0.12, 0.35),
            (0.25, 0.25),
            (0.325, 0.04),
            (0.31, -0.16),
            (0.21, -0.36),
            (0.08, -0.44),
            (0.0, -0.44),
        ],
        90,
    )
    skin = _mix(_base("#D81B6A"), "#F0468C", _noise(41, 30, 40))
    skin = _mix(skin, "#B30F55", np.clip(_noise(42, 12, 30) - 0.5, 0, 1))
    flap = Sheet(40, 160, "#E23379")
    flap.gradient([0, 0, 40, 160], ["#D81B6A", "#EE5A93", "#E8B06A", "#A9C24A", "#6E9E3A"])
    parts = [lathe(profile, "skin", "fruit", rows=80)]
    for row, (height, radius, size) in enumerate(
        (
            (-0.30, 0.25, 0.19),
            (-0.15, 0.312, 0.22),
            (0.0, 0.322, 0.24),
            (0.14, 0.285, 0.25),
            (0.25, 0.225, 0.26),
            (0.33, 0.13, 0.28),
        )
    ):
        count = (6, 7, 7, 6, 6, 5)[row]
        for k in range(count):
            turn = 360 * (k + 0.5 * (row % 2)) / count + 13 * row
            a = np.deg2rad(turn)
            foot = (radius * 0.97 * np.sin(a), height, radius * 0.97 * np.cos(a))
            parts += blade(
                foot, size, 0.13, lift=62 - 3 * row, turn=turn, curl=-0.10, texture="flap"
            )
    return Body(parts, {"skin": _skin(skin), "flap": flap.finished()})


def bananas() -> Body:
    skin = _mix(_base("#F6CE2C"), "#FFE061", _noise(51, 40, 60))
    ends = np.clip(np.abs(_down() - 0.5) * 2 - 0.82, 0, 1) * 5
    skin = _mix(skin, "#A9B53A", np.clip(ends, 0, 1) * 0.8)
    skin = _mix(skin, "#4A3317", np.clip(np.abs(_down() - 0.5) * 2 - 0.965, 0, 1) * 40)
    skin = _specks(skin, "#7A4F16", 130, 52, 1.3)
    radii = [0.034, 0.036, 0.05, 0.082, 0.098, 0.102, 0.10, 0.09, 0.066, 0.034, 0.022, 0.0]
    parts = []
    for k, (turn, lean) in enumerate(((-34, 0.0), (-8, 0.02), (20, 0.0), (46, -0.03))):
        a = np.deg2rad(np.linspace(78, -68, 24))
        path: NDArray[np.float64] = np.column_stack(
            [0.46 * np.cos(a) - 0.22, 0.47 * np.sin(a) - 0.03 + lean, 0 * a]
        )
        spine = path @ Pose(yaw=turn).matrix().astype(np.float64).T
        top = np.array([-0.10, 0.43, 0.0])
        spine[0] = spine[0] * 0.3 + top * 0.7
        parts.append(tube(spine, radii, f"skin{k % 2}", "skin", rows=56, columns=41))
    stalk = tube(
        [(-0.10, 0.40, 0), (-0.13, 0.46, 0), (-0.17, 0.50, 0)],
        [0.055, 0.05, 0.045, 0.0],
        "stalk",
        "skin",
    )
    shaded = _skin(skin * 0.96)
    return Body(
        [*parts, stalk], {"skin0": _skin(skin), "skin1": shaded, "stalk": _plain("#8A7A2E")}
    )

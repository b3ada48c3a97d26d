"""A small z-buffer: surfaces given as grids of points become per-pixel maps.

Space is right-handed: x to the right, y up, z towards the viewer. A pose turns the object
by `yaw` round y, then `pitch` (its top comes towards the viewer), then `roll` in the picture.
Each surface is diced finer than a pixel and its samples compete for the pixels by depth,
after the REYES idea (Cook, Carpenter and Catmull, 1987).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float32]


def floats(values: ArrayLike) -> Floats:
    """Return values as an array of float32."""
    return np.asarray(values, dtype=np.float32)


DISTANCE = 6.0  # of the eye, in object units; gives the mild perspective of a camera at 60 cm
_STEP_PX = 0.9
_STRIPS = 12
_DEPTH_STEPS = 1 << 20
_BITS = 14  # for a fine row, and for a fine column
_DIE_BITS = 12


@dataclass(frozen=True, slots=True)
class Pose:
    """How an object is turned, in degrees."""

    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0

    def matrix(self) -> Floats:
        """Return the 3x3 rotation."""
        yaw, pitch, roll = np.deg2rad([self.yaw, self.pitch, self.roll])
        around_y = [[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]]
        around_x = [
            [1, 0, 0],
            [0, np.cos(pitch), -np.sin(pitch)],
            [0, np.sin(pitch), np.cos(pitch)],
        ]
        around_z = [[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]]
        return np.asarray(np.array(around_z) @ around_x @ around_y, dtype=np.float32)


@dataclass(frozen=True, eq=False, slots=True)
class Surface:
    """A grid of points (rows, columns, 3) with outward normals, and how it looks.

    Columns run along texture u, rows along texture v from its top. `texture` names one of
    the product's pictures and `window` = (u0, v0, u1, v1) the part of it, 0 to 1.
    """

    points: Floats
    normals: Floats
    texture: str
    finish: str
    window: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True, eq=False, slots=True)
class Patch:
    """The pixels that show one surface.

    `places` are row * width + column; `uv` is (n, 2) in 0 to 1 of the surface's grid;
    `normals` is (n, 3) in view space, of about unit length.
    """

    surface: int
    places: NDArray[np.int64]
    uv: Floats
    normals: Floats


def surface(
    points: Floats,
    texture: str,
    finish: str,
    *,
    window: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0),
    inside: tuple[float, float, float] = (0.0, 0.0, 0.0),
    flip: bool | None = None,
) -> Surface:
    """Make a surface; its normals face away from the point `inside`, or as `flip` says."""
    grid = np.asarray(points, dtype=np.float32)
    across = np.gradient(grid, axis=1)
    down = np.gradient(grid, axis=0)
    normals = np.cross(down, across)
    length = np.linalg.norm(normals, axis=2, keepdims=True)
    normals = normals / np.maximum(length, 1e-9)
    # A pole of the grid has no area: it takes the normal of its neighbour.
    for row, neighbour in ((0, 1), (-1, -2)):
        if float(length[row].max()) < 1e-6:
            normals[row] = normals[neighbour]
    if flip is None:
        away = np.sum(normals * (grid - np.array(inside, dtype=np.float32)), axis=2)
        flip = float(np.sum(away * length[..., 0])) < 0
    return Surface(grid, floats(-normals if flip else normals), texture, finish, window)


def rasterise(
    surfaces: Sequence[Surface],
    pose: Pose,
    size: tuple[int, int],
    scale: float,
    origin: tuple[float, float] | None = None,
) -> list[Patch]:
    """Find what each pixel of a picture shows, `scale` pixels to a unit.

    `size` is (width, height); the object's origin falls on the pixel `origin` (x, y), by
    default the middle of the picture.
    """
    rotation = pose.matrix()
    origin = origin or (size[0] / 2, size[1] / 2)
    keys = np.full(size[0] * size[1], -1, dtype=np.int64)
    dice: list[_Die] = []
    for number, item in enumerate(surfaces):
        screen, facing = _project(item, rotation, origin, scale)
        for start, stop in _strips(item.points.shape[1]):
            part = slice(start, stop + 1)
            if float(facing[:, part].max()) < 0:
                continue
            dense = _dice(screen[:, part])
            _splat(keys, dense, len(dice), size)
            dice.append(_Die(number, start, stop - start, *dense.shape[:2]))
    return _resolve(keys, dice, surfaces, rotation)


@dataclass(frozen=True, slots=True)
class _Die:
    """A diced strip: its surface, first column and width in cells, and its fine size."""

    surface: int
    start: int
    cells: int
    rows: int
    columns: int


def extent(
    surfaces: Sequence[Surface], pose: Pose, scale: float
) -> tuple[float, float, float, float]:
    """The box that a body fills, in pixels from its origin: left, top, right, bottom."""
    rotation = pose.matrix()
    grids = [_project(item, rotation, (0.0, 0.0), scale)[0] for item in surfaces]
    low = np.min([grid[..., :2].min(axis=(0, 1)) for grid in grids], axis=0)
    high = np.max([grid[..., :2].max(axis=(0, 1)) for grid in grids], axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _project(
    item: Surface, rotation: Floats, origin: tuple[float, float], scale: float
) -> tuple[Floats, Floats]:
    turned = item.points @ rotation.T
    nearness = DISTANCE / (DISTANCE - turned[..., 2])
    x = origin[0] + turned[..., 0] * nearness * scale
    y = origin[1] - turned[..., 1] * nearness * scale
    depth = (turned[..., 2] + DISTANCE / 2) / DISTANCE
    eye = np.array([0, 0, DISTANCE], dtype=np.float32) - turned
    facing = np.sum((item.normals @ rotation.T) * eye, axis=2)
    return np.dstack([x, y, depth]).astype(np.float32), np.asarray(facing, dtype=np.float32)


def _strips(columns: int) -> list[tuple[int, int]]:
    count = _STRIPS if columns > _STRIPS * 2 else 1
    edges = np.linspace(0, columns - 1, count + 1).astype(int)
    return [(int(a), int(b)) for a, b in pairwise(edges)]


def _dice(screen: Floats) -> Floats:
    """Refine a grid of projected points until neighbours lie less than a pixel apart."""
    rows, columns = screen.shape[:2]
    across = np.hypot(*np.moveaxis(np.diff(screen[..., :2], axis=1), 2, 0)).max(initial=0)
    down = np.hypot(*np.moveaxis(np.diff(screen[..., :2], axis=0), 2, 0)).max(initial=0)
    fine_columns = (columns - 1) * max(1, int(np.ceil(across / _STEP_PX))) + 1
    fine_rows = (rows - 1) * max(1, int(np.ceil(down / _STEP_PX))) + 1
    map_x, map_y = np.meshgrid(
        np.linspace(0, columns - 1, fine_columns, dtype=np.float32),
        np.linspace(0, rows - 1, fine_rows, dtype=np.float32),
    )
    return np.asarray(cv2.remap(screen, map_x, map_y, cv2.INTER_LINEAR), dtype=np.float32)


def _splat(keys: NDArray[np.int64], dense: Floats, die: int, size: tuple[int, int]) -> None:
    """Let samples compete: the key is depth, strip, row and column, high bits first."""
    width, height = size
    rows, columns = dense.shape[:2]
    x = dense[..., 0].astype(np.int32)
    y = dense[..., 1].astype(np.int32)
    low = (np.arange(rows, dtype=np.int64)[:, None] << _BITS) + np.arange(columns)
    depth = (dense[..., 2] * _DEPTH_STEPS).astype(np.int64)
    key = (depth << (2 * _BITS + _DIE_BITS)) + ((die << (2 * _BITS)) + low)
    place = y * width + x
    inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    if inside.all():
        np.maximum.at(keys, place.ravel(), key.ravel())
    else:
        np.maximum.at(keys, place[inside], key[inside])


def _resolve(
    keys: NDArray[np.int64], dice: list[_Die], surfaces: Sequence[Surface], rotation: Floats
) -> list[Patch]:
    if not dice:
        return []
    pixels = np.flatnonzero(keys >= 0)
    won = keys[pixels]
    die = (won >> (2 * _BITS)).astype(np.int32) & ((1 << _DIE_BITS) - 1)
    order = np.argsort(die.astype(np.int16), kind="stable")
    pixels, won, die = pixels[order], won[order], die[order]
    row = floats((won >> _BITS) & ((1 << _BITS) - 1))
    column = floats(won & ((1 << _BITS) - 1))
    start = floats([d.start for d in dice])
    step_x = floats([d.cells / max(d.columns - 1, 1) for d in dice])
    step_y = floats([(len(surfaces[d.surface].points) - 1) / max(d.rows - 1, 1) for d in dice])
    at_x = start[die] + column * step_x[die]
    at_y = row * step_y[die]
    owners = np.array([d.surface for d in dice])
    patches = []
    for number in np.unique(owners):
        mine = np.flatnonzero(owners == number)  # its strips follow each other
        part = slice(
            int(np.searchsorted(die, mine[0], "left")), int(np.searchsorted(die, mine[-1], "right"))
        )
        if part.start < part.stop:
            item = surfaces[int(number)]
            rows, columns = item.points.shape[:2]
            uv = np.column_stack([at_x[part] / (columns - 1), at_y[part] / (rows - 1)])
            normals = look_up(floats(item.normals @ rotation.T), at_x[part], at_y[part])
            patches.append(Patch(int(number), pixels[part], uv, normals))
    return patches


def look_up(picture: Floats | NDArray[np.uint8], x: Floats, y: Floats) -> Floats:
    """Interpolate a picture or grid (h, w, channels) at n points: float32 (n, channels)."""
    columns = 4096  # OpenCV's maps must be shorter than 32,768
    rows = -(-x.size // columns)
    map_x = np.zeros(rows * columns, dtype=np.float32)
    map_y = np.zeros(rows * columns, dtype=np.float32)
    map_x[: x.size], map_y[: y.size] = x, y
    shape = (rows, columns)
    out = cv2.remap(picture, map_x.reshape(shape), map_y.reshape(shape), cv2.INTER_LINEAR)
    return floats(out.reshape(rows * columns, -1)[: x.size])

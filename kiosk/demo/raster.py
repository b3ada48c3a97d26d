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
class Buffer:
    """What each pixel shows. `owner` is the surface's number, -1 for none.

    `uv` is (h, w, 2) in 0 to 1 of that surface's grid; `normals` is (h, w, 3) in view space.
    """

    owner: NDArray[np.int16]
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
    surfaces: Sequence[Surface], pose: Pose, size: tuple[int, int], scale: float
) -> Buffer:
    """Draw surfaces into maps of `size` = (width, height) pixels, `scale` pixels a unit.

    The object's origin falls on the middle of the picture.
    """
    width, height = size
    rotation = pose.matrix()
    keys = np.full(width * height, -1, dtype=np.int64)
    dice: list[tuple[int, int, int, int, int]] = []  # first id, surface, first column, shape
    first_id = 0
    for number, item in enumerate(surfaces):
        screen, facing = _project(item, rotation, size, scale)
        for start, stop in _strips(item.points.shape[1]):
            part = slice(start, stop + 1)
            if float(facing[:, part].max()) < 0:
                continue
            dense = _dice(screen[:, part])
            rows, columns = dense.shape[:2]
            _splat(keys, dense, first_id, size)
            dice.append((first_id, number, start, rows, columns))
            first_id += rows * columns
    return _resolve(keys, dice, surfaces, rotation, size)


def _project(
    item: Surface, rotation: Floats, size: tuple[int, int], scale: float
) -> tuple[Floats, Floats]:
    turned = item.points @ rotation.T
    nearness = DISTANCE / (DISTANCE - turned[..., 2])
    x = size[0] / 2 + turned[..., 0] * nearness * scale
    y = size[1] / 2 - turned[..., 1] * nearness * scale
    depth = (turned[..., 2] + DISTANCE / 2) / DISTANCE
    eye = np.array([0, 0, DISTANCE], dtype=np.float32) - turned
    facing = np.sum((item.normals @ rotation.T) * eye, axis=2)
    return np.dstack([x, y, depth]).astype(np.float32), np.asarray(facing, dtype=np.float32)


def _strips(columns: int) -> list[tuple[int, int]]:
    edges = np.unique(np.linspace(0, columns - 1, min(columns, _STRIPS + 1)).astype(int))
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


def _splat(keys: NDArray[np.int64], dense: Floats, first_id: int, size: tuple[int, int]) -> None:
    width, height = size
    x = dense[..., 0].astype(np.int32).ravel()
    y = dense[..., 1].astype(np.int32).ravel()
    depth = (dense[..., 2].ravel() * _DEPTH_STEPS).astype(np.int64)
    key = (depth << 32) + np.arange(first_id, first_id + x.size, dtype=np.int64)
    inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    place = y * width + x
    if not inside.all():
        place, key = place[inside], key[inside]
    np.maximum.at(keys, place, key)


def _resolve(
    keys: NDArray[np.int64],
    dice: list[tuple[int, int, int, int, int]],
    surfaces: Sequence[Surface],
    rotation: Floats,
    size: tuple[int, int],
) -> Buffer:
    width, height = size
    owner = np.full(width * height, -1, dtype=np.int16)
    uv = np.zeros((width * height, 2), dtype=np.float32)
    normals = np.zeros((width * height, 3), dtype=np.float32)
    pixels = np.flatnonzero(keys >= 0)
    ids = (keys[pixels] & 0xFFFFFFFF).astype(np.int32)
    table = np.array(dice, dtype=np.int32).reshape(-1, 5)
    which = np.searchsorted(table[:, 0], ids, side="right") - 1
    local = ids - table[which, 0]
    rows, columns = np.divmod(local, table[which, 4])
    numbers = table[which, 1]
    owner[pixels] = numbers
    for number in np.unique(numbers):
        item = surfaces[int(number)]
        mine = numbers == number
        entry, place = which[mine], pixels[mine]
        grid_rows, grid_columns = item.points.shape[:2]
        spans = {start: stop - start for start, stop in _strips(grid_columns)}
        step_x = np.array([spans.get(int(r[2]), 1) / (r[4] - 1) for r in table], np.float32)
        step_y = np.array([(grid_rows - 1) / (r[3] - 1) for r in table], np.float32)
        at_x = floats(table[entry, 2] + columns[mine] * step_x[entry])
        at_y = floats(rows[mine] * step_y[entry])
        uv[place] = np.column_stack([at_x / (grid_columns - 1), at_y / (grid_rows - 1)])
        normals[place] = _sample(item.normals @ rotation.T, at_x, at_y)
    shape = (height, width)
    return Buffer(owner.reshape(shape), uv.reshape(*shape, 2), normals.reshape(*shape, 3))


def _sample(grid: Floats, x: Floats, y: Floats) -> Floats:
    """Interpolate a grid at many points; OpenCV wants maps below 32,768 in each side."""
    columns = 4096
    padded = -(-x.size // columns) * columns
    map_x = np.zeros(padded, dtype=np.float32)
    map_y = np.zeros(padded, dtype=np.float32)
    map_x[: x.size], map_y[: y.size] = x, y
    out = cv2.remap(grid, map_x.reshape(-1, columns), map_y.reshape(-1, columns), cv2.INTER_LINEAR)
    return np.asarray(out.reshape(padded, -1)[: x.size], dtype=np.float32)

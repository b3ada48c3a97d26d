"""The forms of packages and fruit as surfaces: lathe, extrusion, pillow, tube and plane.

An object is about one unit tall, its middle at the origin, its front towards +z. Wrapped
textures start at the middle of the back: u = 0.5 is the front, and u grows to the right.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assets.demo.raster import Floats, Surface, floats, surface

Window = tuple[float, float, float, float]
WHOLE: Window = (0.0, 0.0, 1.0, 1.0)


def resampled(points: ArrayLike, count: int) -> NDArray[np.float64]:
    """Return `count` points at equal distances along a polyline of any dimension."""
    line = np.asarray(points, dtype=np.float64)
    steps = np.linalg.norm(np.diff(line, axis=0), axis=1)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    at = np.linspace(0, along[-1], count)
    return np.column_stack([np.interp(at, along, line[:, k]) for k in range(line.shape[1])])


def smooth(points: ArrayLike, count: int = 64) -> NDArray[np.float64]:
    """Return a Catmull-Rom curve through the points."""
    line = np.asarray(points, dtype=np.float64)
    padded = np.vstack([2 * line[0] - line[1], line, 2 * line[-1] - line[-2]])
    at = np.linspace(0, len(line) - 1, count)
    k = np.minimum(at.astype(int), len(line) - 2)
    t = (at - k)[:, None]
    a, b, c, d = padded[k], padded[k + 1], padded[k + 2], padded[k + 3]
    out = b + t / 2 * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))
    return np.asarray(out)


def lathe(
    profile: ArrayLike,
    texture: str,
    finish: str,
    *,
    rows: int = 64,
    columns: int = 97,
    window: Window = WHOLE,
    swell: Callable[[Floats, Floats], Floats] | None = None,
) -> Surface:
    """Turn a profile of (radius, height), top first, round the y axis.

    `swell(angle, v)` multiplies the radius; v runs from 0 at the top to 1.
    """
    line = resampled(profile, rows)
    angle = np.linspace(-np.pi, np.pi, columns)[None, :]
    v = np.linspace(0, 1, rows)[:, None]
    radius = np.broadcast_to(line[:, :1], (rows, columns)).copy()
    if swell is not None:
        radius *= swell(floats(angle), floats(v))
    height = np.broadcast_to(line[:, 1:2], (rows, columns))
    points = np.dstack([radius * np.sin(angle), height, radius * np.cos(angle)])
    # A lid or a base is a flat profile: its outside is up or down, not away from the middle.
    middle = (0.0, float(line[:, 1].mean()), 0.0)
    flat = float(np.ptp(line[:, 1])) < 1e-6
    below = (0.0, middle[1] - (1.0 if middle[1] > 0 else -1.0), 0.0)
    return surface(floats(points), texture, finish, window=window, inside=below if flat else middle)


def disc(radius: float, height: float, texture: str, finish: str) -> Surface:
    """A flat lid at `height`; its texture is polar: v = 0 at the rim, 1 in the middle."""
    return lathe([(radius, height), (0.0, height)], texture, finish, rows=12)


def rounded_outline(width: float, depth: float, radius: float) -> NDArray[np.float64]:
    """The plan (x, z) of a box with round edges, from the back's middle round by the left."""
    corners = []
    for cx, cz, start in ((-1, -1, 180), (-1, 1, 90), (1, 1, 0), (1, -1, -90)):
        middle = np.array([cx * (width / 2 - radius), cz * (depth / 2 - radius)])
        turn = np.deg2rad(np.linspace(start + 90, start, 7))
        corners.append(middle + radius * np.column_stack([np.cos(turn), np.sin(turn)]))
    loop = np.vstack(corners)
    # Back left, front left, front right, back right.
    seam = np.array([[0.0, -depth / 2]])
    return np.vstack([seam, loop, seam])


def extrude(
    outline: ArrayLike,
    heights: Sequence[tuple[float, float]],
    texture: str,
    finish: str,
    *,
    columns: int = 193,
    rows: int = 24,
    window: Window = WHOLE,
) -> Surface:
    """Raise an outline (x, z) through (height, scale of the outline) pairs, top first."""
    plan = resampled(outline, columns)
    line = resampled(heights, rows)
    x = line[:, 1:2] * plan[None, :, 0]
    z = line[:, 1:2] * plan[None, :, 1]
    y = np.broadcast_to(line[:, :1], x.shape)
    return surface(floats(np.dstack([x, y, z])), texture, finish, window=window)


def plane(
    corners: Sequence[Sequence[float]],
    texture: str,
    finish: str,
    *,
    window: Window = WHOLE,
    cells: int = 9,
    inside: tuple[float, float, float] = (0.0, 0.0, 0.0),
) -> Surface:
    """A flat patch: top left, top right, bottom right, bottom left as seen from outside."""
    a, b, c, d = (np.array(corner, dtype=np.float64) for corner in corners)
    u = np.linspace(0, 1, cells)[None, :, None]
    v = np.linspace(0, 1, cells)[:, None, None]
    points = (1 - v) * ((1 - u) * a + u * b) + v * ((1 - u) * d + u * c)
    return surface(floats(points), texture, finish, window=window, inside=inside)


def box(width: float, height: float, depth: float, finish: str = "card") -> list[Surface]:
    """A carton: textures `wrap` (its perimeter) and `top`."""
    w, h, d, r = width / 2, height / 2, depth / 2, 0.012
    sides = extrude(
        rounded_outline(width, depth, 0.016),
        [(h, 1 - r / w), (h - r, 1), (-h + r, 1), (-h, 1 - r / w)],
        "wrap",
        finish,
    )
    i, j = w - r, d - r
    lid = plane([(-i, h, -j), (i, h, -j), (i, h, j), (-i, h, j)], "top", finish)
    base = plane([(-i, -h, j), (i, -h, j), (i, -h, -j), (-i, -h, -j)], "top", finish)
    return [sides, lid, base]


def tube(
    path: ArrayLike,
    radii: ArrayLike,
    texture: str,
    finish: str,
    *,
    columns: int = 33,
    rows: int = 40,
    flatten: float = 1.0,
) -> Surface:
    """Sweep a circle along a path; `radii` at equal distances, 0 at an end closes it.

    `flatten` scales the circle along the sideways axis.
    """
    spine = resampled(path, rows)
    given = np.asarray(radii, dtype=np.float64)
    radius = np.interp(np.linspace(0, 1, rows), np.linspace(0, 1, given.size), given)
    tangent = np.gradient(spine, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    side = np.cross(tangent, [0.0, 0.0, 1.0])
    weak = np.linalg.norm(side, axis=1) < 0.2
    side[weak] = np.cross(tangent[weak], [0.0, 1.0, 0.0])
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    other = np.cross(side, tangent)
    angle = np.linspace(-np.pi, np.pi, columns)[None, :, None]
    ring = flatten * np.sin(angle) * side[:, None, :] + np.cos(angle) * other[:, None, :]
    points = spine[:, None, :] + radius[:, None, None] * ring
    outward = floats(points - spine[:, None, :])
    made = surface(floats(points), texture, finish)
    flip = float(np.sum(made.normals * outward)) < 0
    return Surface(made.points, -made.normals if flip else made.normals, texture, finish)


def pillow(
    width: float, height: float, depth: float, finish: str, *, seed: int = 0, seal: float = 0.055
) -> list[Surface]:
    """A bag sealed at top and bottom: textures `front` and `back`."""
    n = 72
    u, v = np.meshgrid(np.linspace(-1, 1, n), np.linspace(-1, 1, n))
    rng = np.random.default_rng(seed)
    inner = np.clip((1 - np.abs(v)) / (2 * seal) - 0.5, 0, None)  # 0 within the seals
    body = (1 - np.exp(-2.2 * inner * seal * 4)) * np.clip(1 - u**2, 0, 1) ** 0.62
    x = width / 2 * u * (1 - 0.05 * np.clip(1 - v**2, 0, 1) ** 0.7)
    y = -height / 2 * v
    out = []
    for sign, name in ((1, "front"), (-1, "back")):
        creases = np.zeros_like(u)
        for _ in range(16):
            at, lean, reach = rng.uniform(-0.9, 0.9), rng.uniform(-0.5, 0.5), rng.uniform(0.2, 0.6)
            end = rng.choice([-1, 1])
            down = np.abs(v - end)
            ridge = np.exp(-(((u - at - lean * down) / (0.03 + 0.05 * down)) ** 2))
            creases += rng.uniform(-0.02, 0.02) * ridge * np.exp(-down / reach)
        z = sign * (depth / 2 * body + creases * np.clip(inner, 0, 1) * np.clip(1 - u**2, 0, 1))
        points = np.dstack([sign * x, y, z + sign * 0.002])
        out.append(surface(floats(points), name, finish, inside=(0, 0, -sign * 4.0)))
    return out


def moved(
    surfaces: Sequence[Surface], turn: Floats, offset: tuple[float, float, float]
) -> list[Surface]:
    """Return the surfaces turned by a 3x3 matrix and then shifted."""
    shift = np.array(offset, dtype=np.float32)
    return [
        Surface(s.points @ turn.T + shift, s.normals @ turn.T, s.texture, s.finish, s.window)
        for s in surfaces
    ]

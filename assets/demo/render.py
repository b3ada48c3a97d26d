"""Surfaces, textures, a pose and a light become a sprite: a cut-out picture with alpha."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from assets.demo.light import FINISHES, SIDE, Light, lit_sphere
from assets.demo.raster import Floats, Patch, Pose, Surface, extent, floats, look_up, rasterise
from kiosk.domain import Image

SAMPLES = 1.5
FINE_SAMPLES = 2.0
_PITCH = 4  # pixels; so many hold whole samples
DAYLIGHT = Light()


@dataclass(frozen=True, eq=False, slots=True)
class Body:
    """A thing that can be drawn: its surfaces and the flat pictures on them (RGB)."""

    surfaces: Sequence[Surface]
    textures: Mapping[str, Image]


def draw_sprite(
    body: Body,
    pose: Pose,
    light: Light = DAYLIGHT,
    *,
    height_px: float = 400,
    side_px: int = 0,
    samples: float = SAMPLES,
) -> NDArray[np.uint8]:
    """Draw a body as RGBA (uint8, straight alpha), its origin in the middle of the picture.

    `height_px` is the length of one object unit; `side_px` the side of the square picture,
    by default what holds the body in every pose. `samples` are those along a pixel's side:
    bar codes want FINE_SAMPLES.
    """
    side_px = side_px or 2 * (int(1.1 * reach_of(body) * height_px) + 2)
    sprite = np.zeros((side_px, side_px, 4), dtype=np.uint8)
    box = _drawn_box(body, pose, height_px, side_px)
    if box is None:
        return sprite
    left, top, right, bottom = box
    size = (round((right - left) * samples), round((bottom - top) * samples))
    middle = (side_px / 2 - left) * samples, (side_px / 2 - top) * samples
    patches = rasterise(body.surfaces, pose, size, height_px * samples, middle)
    colour = np.zeros((size[1], size[0], 3), dtype=np.float32)
    coverage = np.zeros((size[1], size[0]), dtype=np.float32)
    for patch in patches:
        colour.reshape(-1, 3)[patch.places] = shade(patch, body, light)
        coverage.reshape(-1)[patch.places] = 1.0
    sprite[top:bottom, left:right] = _shrunk(colour, coverage, (right - left, bottom - top))
    return sprite


def _drawn_box(
    body: Body, pose: Pose, height_px: float, side_px: int
) -> tuple[int, int, int, int] | None:
    """The part of the picture that the body fills; None if it lies outside.

    An empty margin would cost as much as the drawing itself. Its sides are multiples of
    the oversampling's pitch, so that a body is drawn alike wherever its box begins.
    """
    reach = extent(body.surfaces, pose, height_px)
    edges = [side_px / 2 + v for v in reach]
    left, top = (max(0, int(v) // _PITCH * _PITCH - _PITCH) for v in edges[:2])
    right, bottom = (min(side_px, (int(v) // _PITCH + 2) * _PITCH) for v in edges[2:])
    return (left, top, right, bottom) if right > left and bottom > top else None


def reach_of(body: Body) -> float:
    """The distance of the farthest point from the origin, in object units."""
    return max(float(np.linalg.norm(s.points, axis=2).max()) for s in body.surfaces)


def shade(patch: Patch, body: Body, light: Light) -> Floats:
    """Return the colour of each pixel of a patch: float RGB (n, 3), 0 to 1."""
    item = body.surfaces[patch.surface]
    normals = patch.normals
    grain = FINISHES[item.finish].grain
    if grain:
        normals = _roughened(normals, patch.uv, grain)
    factor, gleam = lit_sphere(item.finish, light)
    x = (normals[:, 0] + 1) * ((SIDE - 1) / 2)
    y = (1 - normals[:, 1]) * ((SIDE - 1) / 2)
    out = look_up(factor, x, y)
    out *= _texture_colour(body.textures[item.texture], item, patch.uv)
    out += look_up(gleam, x, y)
    return floats(np.clip(out, 0, 1, out=out))


def _texture_colour(texture: Image, item: Surface, uv: Floats) -> Floats:
    height, width = texture.shape[:2]
    u0, v0, u1, v1 = item.window
    x = (u0 + uv[:, 0] * (u1 - u0)) * (width - 1)
    y = (v0 + uv[:, 1] * (v1 - v0)) * (height - 1)
    found = look_up(texture, x, y)
    found *= np.float32(1 / 255)
    return found


@lru_cache(maxsize=1)
def _grain() -> Floats:
    rng = np.random.default_rng(5)
    noise = floats(cv2.GaussianBlur(floats(rng.normal(size=(512, 512))), (0, 0), 1.6))
    noise /= float(noise.std())
    slopes = np.dstack([cv2.Sobel(noise, -1, 1, 0), cv2.Sobel(noise, -1, 0, 1)])
    return floats(slopes / 6)


def _roughened(normals: Floats, uv: Floats, grain: float) -> Floats:
    bump = look_up(_grain(), uv[:, 0] * 1536 % 511, uv[:, 1] * 768 % 511)
    out = normals.copy()
    out[:, :2] += grain * bump
    return floats(out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-6))


def _shrunk(colour: Floats, coverage: Floats, size: tuple[int, int]) -> NDArray[np.uint8]:
    """Shrink to `size`, close pinholes between samples, and give straight alpha."""
    small = floats(cv2.resize(colour, size, interpolation=cv2.INTER_AREA))
    alpha = floats(cv2.resize(coverage, size, interpolation=cv2.INTER_AREA))
    small /= np.maximum(alpha, 1e-3)[..., None]
    solid = cv2.morphologyEx(alpha, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    alpha[(alpha > 0.2) & (solid > 0.99)] = 1.0
    alpha = np.minimum(alpha, cv2.GaussianBlur(alpha, (3, 3), 0.6))
    out = np.dstack([np.minimum(small, 1), alpha])
    return np.asarray(out * 255 + 0.5, dtype=np.uint8)

"""How finishes take the light: two pictures of a lit sphere, looked up by the normal.

The way of the "lit sphere" (Sloan, Martin, Gooch and Gooch, 2001): for a fixed eye and a far
light all that a normal decides can be drawn once, and each pixel costs one look-up.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from assets.demo.raster import Floats, floats

SIDE = 64


@dataclass(frozen=True, slots=True)
class Light:
    """The light of a place. Angles in degrees: azimuth to the right, elevation up.

    `warmth` is 0 for daylight, positive for lamps, negative for shade; `key` and `ambient`
    are intensities that together give about 1 on a lit white card.
    """

    azimuth: float = -35.0
    elevation: float = 45.0
    key: float = 0.66
    ambient: float = 0.68
    warmth: float = 0.0
    window: float = 1.0

    def tint(self) -> Floats:
        """The colour of the key light as RGB factors."""
        return np.array([1 + 0.10 * self.warmth, 1.0, 1 - 0.16 * self.warmth], dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Finish:
    """A material: `shine` of the clear coat, `blur` of what it mirrors, `metal` or not.

    `wrap` softens the edge of the shadow; `edge` darkens (or, below 0, lightens) the rim;
    `grain` roughens the normals.
    """

    shine: float = 0.05
    blur: float = 0.35
    metal: float = 0.0
    wrap: float = 0.25
    edge: float = 0.15
    grain: float = 0.0


FINISHES: dict[str, Finish] = {
    "card": Finish(shine=0.05, blur=0.40),
    "coated": Finish(shine=0.16, blur=0.20),
    "paper": Finish(shine=0.02, blur=0.6, wrap=0.35),
    "plastic": Finish(shine=0.34, blur=0.09, edge=0.10),
    "satin": Finish(shine=0.20, blur=0.26, edge=0.12),
    "film": Finish(shine=0.42, blur=0.13, edge=0.12),
    "foil": Finish(shine=0.80, blur=0.18, metal=0.35, edge=0.2),
    "metal": Finish(shine=0.85, blur=0.12, metal=0.9, edge=0.25),
    "printed can": Finish(shine=0.50, blur=0.12, metal=0.25, edge=0.24),
    "glass": Finish(shine=0.75, blur=0.05, edge=0.50, wrap=0.5),
    "fruit": Finish(shine=0.22, blur=0.20, wrap=0.35, edge=0.22),
    "peel": Finish(shine=0.26, blur=0.24, wrap=0.35, edge=0.20, grain=0.16),
    "skin": Finish(shine=0.06, blur=0.45, wrap=0.45, edge=0.20),
    "cloth": Finish(shine=0.0, blur=0.6, wrap=0.35, edge=0.04, grain=0.10),
    "rubber": Finish(shine=0.08, blur=0.35, wrap=0.3, edge=0.10),
}


@lru_cache(maxsize=24)  # 100 KB each; a body and its hand take about six
def lit_sphere(finish_name: str, light: Light) -> tuple[Floats, Floats]:
    """Return (factor, gleam): pictures (SIDE, SIDE, 3) to multiply with and to add, 0 to 1."""
    finish = FINISHES[finish_name]
    grid = np.linspace(-1, 1, SIDE, dtype=np.float32)
    nx, ny = np.meshgrid(grid, -grid)
    flat = np.clip(1 - nx**2 - ny**2, 0, None)
    outside = np.maximum(np.sqrt(nx**2 + ny**2), 1.0)
    nx, ny, nz = nx / outside, ny / outside, np.sqrt(flat)
    azimuth, elevation = (float(v) for v in np.deg2rad([light.azimuth, light.elevation]))
    key = np.array([np.sin(azimuth) * np.cos(elevation), np.sin(elevation)])
    towards = np.cos(azimuth) * np.cos(elevation)
    lambert = nx * key[0] + ny * key[1] + nz * towards
    wrapped = np.clip((lambert + finish.wrap) / (1 + finish.wrap), 0, 1)
    sky = 0.86 + 0.14 * ny
    rim = 1 - finish.edge * (1 - nz) ** 2
    lit = (light.ambient * sky * rim)[..., None] + (light.key * wrapped * rim)[
        ..., None
    ] * light.tint()
    mirrored = _surroundings(nx, ny, nz, light, finish.blur)
    fresnel = finish.shine * (0.25 + 0.75 * (1 - nz) ** 3)
    gleam = (fresnel * mirrored)[..., None] * (0.5 + 0.5 * light.tint())
    # Metal mirrors its surroundings in its own colour.
    shine_of_metal = (0.35 + 1.05 * mirrored)[..., None]
    factor = lit * (1 - finish.metal) + finish.metal * shine_of_metal * (0.45 + 0.55 * lit)
    return floats(np.minimum(factor, 1.12)), floats(gleam)


def _surroundings(nx: Floats, ny: Floats, nz: Floats, light: Light, blur: float) -> Floats:
    """What a mirror with this normal shows: a tall window, a lamp strip, the ceiling, the floor."""
    x, y, z = 2 * nz * nx, 2 * nz * ny, 2 * nz * nz - 1
    across = floats(np.arctan2(x, z))
    up = floats(np.arcsin(np.clip(y, -1, 1)))
    side = float(np.deg2rad(light.azimuth))
    window = _soft_box(across - side * 1.35, up - 0.30, 0.34, 0.75, blur)
    strip = _soft_box(across + side * 1.9, up - 0.1, 0.10, 0.95, blur)
    ceiling = _soft_step(up - 0.75, blur + 0.15)
    horizon = 0.22 * _soft_step(up + 0.15, blur + 0.3)
    total = light.window * (1.0 * window + 0.45 * strip) + 0.35 * ceiling + horizon
    return floats(np.clip(total, 0, 1.4))


def _soft_step(x: Floats, softness: float) -> Floats:
    return floats(1 / (1 + np.exp(-np.clip(x / (softness * 0.35), -40, 40))))


def _soft_box(x: Floats, y: Floats, half_x: float, half_y: float, blur: float) -> Floats:
    across = _soft_step(floats(half_x - np.abs(x)), blur)
    along = _soft_step(floats(half_y - np.abs(y)), blur)
    return floats(across * along)

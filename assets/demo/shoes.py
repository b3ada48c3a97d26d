"""Shoes of the demo shop, lofted from sections along the foot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assets.demo import motifs
from assets.demo.raster import Surface, floats, surface
from assets.demo.render import Body
from assets.demo.shapes import smooth, tube
from assets.demo.sheet import Colour, Sheet
from kiosk.domain import Image

Line = NDArray[np.float64]
_SECTIONS, _AROUND = 81, 33


@dataclass(frozen=True, slots=True)
class Last:
    """The form of a shoe. `collar` is the height of the ankle's edge, `sole` the heel's."""

    collar: float = 0.30
    instep: float = 0.25
    toe: float = 0.15
    sole: float = 0.085
    front_sole: float = 0.055
    spring: float = 0.035


def _along() -> Line:
    """Places along the foot from the heel (0) to the toe (1), closer together at the ends."""
    return np.asarray((1 - np.cos(np.linspace(0, np.pi, _SECTIONS))) / 2)


def _half_width(t: Line) -> Line:
    knots = smooth(
        [
            (0, 0.0),
            (0.03, 0.075),
            (0.14, 0.125),
            (0.38, 0.115),
            (0.66, 0.158),
            (0.86, 0.135),
            (0.97, 0.065),
            (1, 0.0),
        ],
        120,
    )
    return np.interp(t, knots[:, 0], knots[:, 1])


def _ground(t: Line, last: Last) -> Line:
    return -0.28 + last.spring * np.clip((t - 0.68) / 0.32, 0, 1) ** 2


def _sole_top(t: Line, last: Last) -> Line:
    return _ground(t, last) + np.interp(
        t, [0, 0.3, 0.7, 1], [last.sole, last.sole * 0.95, last.front_sole, last.front_sole]
    )


def _crest(t: Line, last: Last) -> Line:
    """The height of the upper above its sole along the middle line."""
    knots = smooth(
        [
            (0, last.collar * 0.96),
            (0.06, last.collar),
            (0.22, last.collar * 0.86),
            (0.36, last.collar * 0.92),
            (0.44, last.instep * 1.06),
            (0.62, last.instep * 0.78),
            (0.82, last.toe),
            (0.95, last.toe * 0.72),
            (1, last.toe * 0.3),
        ],
        160,
    )
    return np.interp(t, knots[:, 0], knots[:, 1])


def _gap(t: Line) -> Line:
    """Half the width of the opening: the ankle's hole and the throat under the laces."""
    return np.interp(
        t,
        [0.0, 0.05, 0.12, 0.28, 0.38, 0.44, 0.66, 0.70],
        [0.0, 0.05, 0.085, 0.085, 0.065, 0.036, 0.028, 0.0],
    )


def _upper(last: Last, side: int, shrink: float = 0.0) -> Line:
    """One half of the upper: rows from the rim down to the sole, columns from heel to toe."""
    t = _along()[None, :]
    s = np.linspace(0, 1, _AROUND)[:, None]
    width = np.maximum(_half_width(t) - shrink, 0.0)
    gap = np.minimum(_gap(t), width * 0.98)
    bulge = np.sin(s * np.pi / 2) ** 0.75
    steep = np.interp(t, [0, 0.35, 0.6, 1], [0.42, 0.5, 0.8, 0.9])
    z = gap + (width - gap) * bulge
    y = _sole_top(t, last) - 0.01 + (_crest(t, last) - shrink) * np.cos(s * np.pi / 2) ** steep
    x = np.broadcast_to(t - 0.5, z.shape)
    return np.dstack([x, y, side * z])


def _sole(last: Last) -> list[Surface]:
    t = _along()
    width = _half_width(t) + 0.012 * (_half_width(t) > 0)
    loop_t = np.concatenate([t, t[::-1]])
    loop_z = np.concatenate([-width, width[::-1]])
    rows = np.linspace(0, 1, 12)[:, None]
    top, low = _sole_top(loop_t, last)[None, :] + 0.008, _ground(loop_t, last)[None, :]
    y = top + (low - top) * rows
    bow = 1 + 0.035 * np.sin(rows * np.pi)
    x = np.broadcast_to((loop_t - 0.5) * 1.012, y.shape) * np.ones_like(bow)
    wall = np.dstack([x, y, loop_z[None, :] * bow])
    across = np.linspace(-1, 1, 9)[:, None]
    base = np.dstack(
        [
            np.broadcast_to((t - 0.5) * 1.012, (9, t.size)),
            np.broadcast_to(_ground(t, last), (9, t.size)),
            across * width,
        ]
    )
    return [
        surface(floats(wall), "sole", "rubber", inside=(0, -0.2, 0)),
        surface(floats(base), "tread", "rubber", inside=(0, 1, 0)),
    ]


def _laces(last: Last, rows: int) -> list[Surface]:
    out = []
    for k in range(rows):
        t = 0.40 + 0.27 * k / max(rows - 1, 1)
        at = np.array([t])
        y = float(_sole_top(at, last)[0] + _crest(at, last)[0]) + 0.004
        reach = float(_gap(at)[0]) + 0.028
        path = [
            (t - 0.5, y - 0.022, -reach),
            (t - 0.495, y + 0.008, -reach / 2),
            (t - 0.49, y + 0.013, 0),
            (t - 0.495, y + 0.008, reach / 2),
            (t - 0.5, y - 0.022, reach),
        ]
        out.append(tube(smooth(path, 24), [0.0115] * 2, "lace", "cloth", columns=17, rows=24))
    bow = float(_sole_top(np.array([0.41]), last)[0] + _crest(np.array([0.41]), last)[0]) + 0.02
    for side in (-1, 1):
        loop = [
            (-0.09, bow, 0),
            (-0.06, bow + 0.045, side * 0.06),
            (-0.03, bow + 0.02, side * 0.115),
            (-0.05, bow - 0.02, side * 0.09),
            (-0.09, bow, 0),
        ]
        out.append(tube(smooth(loop, 40), [0.009] * 2, "lace", "cloth", columns=15, rows=40))
    return out


def _tongue(last: Last) -> Surface:
    t = np.linspace(0.33, 0.69, 30)
    across = np.linspace(-1, 1, 11)[:, None]
    height = _sole_top(t, last) + _crest(t, last) - 0.006 + 0.07 * np.clip((0.42 - t) / 0.09, 0, 1)
    x = np.broadcast_to(t - 0.5 - 0.05 * np.clip((0.42 - t) / 0.09, 0, 1), (11, 30))
    y = height - 0.018 * across**2
    z = across * (np.interp(t, [0.33, 0.69], [0.072, 0.036]))
    return surface(floats(np.dstack([x, y, z])), "tongue", "cloth", inside=(0, -1, 0))


def _shoe(
    last: Last,
    outer: Sheet,
    sole: Sheet,
    colours: tuple[Colour, Colour, Colour],
    laces: int,
    finish: str,
) -> Body:
    """Join the parts; colours are of the lining, the tongue and the laces."""
    upper = [
        surface(floats(_upper(last, k)), "upper", finish, inside=(0, -0.1, 0)) for k in (1, -1)
    ]
    lining = [
        surface(floats(_upper(last, k, 0.012)), "lining", "cloth", inside=(0, -0.1, 0))
        for k in (1, -1)
    ]
    turned = [Surface(s.points, -s.normals, s.texture, s.finish, s.window) for s in lining]
    rim = [
        tube(_upper(last, k)[0, 2:44], [0.011] * 2, "rim", "cloth", columns=17, rows=60)
        for k in (1, -1)
    ]
    flat: dict[str, Image] = {
        name: Sheet(8, 8, colour).finished()
        for name, colour in zip(
            ("lining", "tongue", "lace", "rim", "tread"),
            (*colours, colours[0], "#4A4A4A"),
            strict=True,
        )
    }
    textures = {"upper": outer.finished(), "sole": sole.finished(), **flat}
    return Body(
        [*upper, *turned, *rim, *_sole(last), _tongue(last), *_laces(last, laces)], textures
    )


def trail_runner() -> Body:
    s = Sheet(1000, 360, "#F26B21")
    s.gradient([0, 0, 1000, 360], ["#FF8A3C", "#EE5A17"])
    for k in range(0, 1000, 16):
        s.line([(k, 0), (k + 60, 360)], "#F97B2E", 2)
    s.polygon([(0, 60), (150, 40), (190, 360), (0, 360)], "#14343F")
    s.polygon([(860, 360), (905, 150), (1000, 60), (1000, 360)], "#14343F")
    for lift, colour in ((0, "#FFFFFF"), (34, "#FFD23A")):
        peaks = [(240, 290), (380, 130), (450, 215), (540, 90), (660, 250), (760, 190), (850, 300)]
        s.line([(x, y + lift) for x, y in peaks], colour, 16)
    s.rect([0, 330, 1000, 360], "#14343F")
    s.turned_text(104, 190, "TARVO", 46, "#FFD23A", 0)
    sole = Sheet(1000, 80, "#F4F2EC")
    sole.rect([0, 52, 1000, 80], "#18A6A0")
    for x in range(0, 1000, 20):
        sole.rect([x, 66, x + 10, 80], "#0C6F74")
    return _shoe(
        Last(collar=0.29, sole=0.10, front_sole=0.066, spring=0.05),
        s,
        sole,
        ("#14343F", "#FF8A3C", "#FFFFFF"),
        5,
        "cloth",
    )


def canvas_sneaker() -> Body:
    s = Sheet(1000, 360, "#23366F")
    for k in range(0, 1000, 6):
        s.line([(k, 0), (k, 360)], "#2A3F80", 1)
    s.polygon([(870, 0), (1000, 0), (1000, 360), (835, 360)], "#F7F3E8")
    s.line([(838, 360), (872, 0)], "#C9C2B0", 5)
    s.polygon([(0, 0), (34, 0), (44, 360), (0, 360)], "#F7F3E8")
    s.polygon(motifs.petal(180, 300, 150, 60, 20), "#F2B705")
    s.polygon(motifs.petal(180, 300, 120, 50, 62), "#F7D154")
    for k in range(3):
        s.line([(420 + 90 * k, 120 + 50 * k), (440 + 90 * k, 330)], "#F7F3E8", 3)
    sole = Sheet(1000, 80, "#FBF8F0")
    sole.rect([0, 22, 1000, 30], "#C8281E")
    sole.rect([0, 38, 1000, 42], "#23366F")
    return _shoe(
        Last(collar=0.38, instep=0.31, toe=0.135, sole=0.075, front_sole=0.07, spring=0.015),
        s,
        sole,
        ("#F1EBDD", "#2A3F80", "#FFFFFF"),
        6,
        "cloth",
    )


def kids_sneaker() -> Body:
    s = Sheet(1000, 360, "#F5B8CF")
    s.gradient([0, 0, 1000, 360], ["#FBD0DF", "#F3A6C4"])
    motifs.cloud(s, 330, 190, 100, "#FFFFFF")
    motifs.cloud(s, 640, 240, 70, "#FFFFFF")
    for k, colour in enumerate(("#E8505B", "#F9A83A", "#F9E04A", "#5BC27A", "#4A9BE8")):
        s.arc(480, 330, 150 - 18 * k, 180, 360, colour, 18)
    s.polygon([(0, 0), (110, 0), (120, 360), (0, 360)], "#8E6FD8")
    motifs.star(s, 60, 170, 36, "#F9E04A")
    s.polygon([(900, 0), (1000, 0), (1000, 360), (870, 360)], "#8E6FD8")
    sole = Sheet(1000, 80, "#FFFFFF")
    sole.rect([0, 40, 1000, 80], "#BFE3F7")
    return _shoe(
        Last(collar=0.31, instep=0.27, toe=0.17, sole=0.085, front_sole=0.075, spring=0.03),
        s,
        sole,
        ("#8E6FD8", "#FBD0DF", "#F9E04A"),
        4,
        "satin",
    )

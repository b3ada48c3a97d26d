"""Ornaments for labels: fruit slices, waves, hills, leaves, stars, beans, fish, flowers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assets.demo.sheet import Colour, Point, Sheet


def petal(x: float, y: float, length: float, width: float, angle: float) -> list[Point]:
    """Return the outline of a leaf or petal from its foot (x, y), turned from straight up."""
    t = np.linspace(0, np.pi, 24)
    along, across = length * (1 - np.cos(t)) / 2, width / 2 * np.sin(t) ** 1.3
    a = np.deg2rad(angle)
    out = []
    for sign in (1, -1):
        order = slice(None) if sign == 1 else slice(None, None, -1)
        for u, w in zip(along[order], sign * across[order], strict=True):
            out.append((x + u * np.sin(a) + w * np.cos(a), y - u * np.cos(a) + w * np.sin(a)))
    return [(float(px), float(py)) for px, py in out]


def citrus(
    s: Sheet, x: float, y: float, r: float, rind: Colour, pith: Colour, flesh: Colour
) -> None:
    s.circle(x, y, r, rind)
    s.circle(x, y, r * 0.90, pith)
    for k in range(9):
        turn = np.deg2rad(40 * k + np.linspace(3.5, 36.5, 10))
        arc = [(x + r * 0.82 * np.cos(a), y + r * 0.82 * np.sin(a)) for a in turn]
        middle = np.deg2rad(40 * k + 20)
        foot = (x + r * 0.10 * np.cos(middle), y + r * 0.10 * np.sin(middle))
        s.polygon([foot, *arc], flesh)


def star(
    s: Sheet, x: float, y: float, r: float, colour: Colour, *, points: int = 5, inner: float = 0.42
) -> None:
    turn = np.arange(2 * points) * np.pi / points
    radii = np.where(np.arange(2 * points) % 2, r * inner, r)
    s.polygon(
        [(x + q * np.sin(a), y - q * np.cos(a)) for a, q in zip(turn, radii, strict=True)], colour
    )


def burst(s: Sheet, x: float, y: float, r: float, colour: Colour, rays: int) -> None:
    for k in range(rays):
        a, b = 2 * np.pi * k / rays, 2 * np.pi * (k + 0.5) / rays
        s.polygon(
            [
                (x, y),
                (x + r * np.cos(a), y + r * np.sin(a)),
                (x + r * np.cos(b), y + r * np.sin(b)),
            ],
            colour,
        )


def wave(
    s: Sheet,
    y: float,
    height: float,
    length: float,
    colour: Colour,
    *,
    phase: float = 0.0,
    down_to: float | None = None,
) -> None:
    """Fill from a sine line down to `down_to` (the sheet's end), over the whole width."""
    x = np.linspace(0, s.width, 200)
    line = y + height * np.sin(2 * np.pi * (x / length + phase))
    end = s.height if down_to is None else down_to
    s.polygon([*zip(x, line, strict=True), (s.width, end), (0, end)], colour)


def ridge(s: Sheet, y: float, height: float, colour: Colour, seed: int, *, peaks: int = 9) -> None:
    """Fill a mountain ridge that meets itself where the wrap closes."""
    rng = np.random.default_rng(seed)
    x = np.linspace(0, 1, 300)
    line = np.zeros_like(x)
    for k in range(1, peaks):
        line += rng.uniform(0.4, 1) / k * np.sin(2 * np.pi * (k * x + rng.uniform()))
    top = y - height * (line - line.min()) / np.ptp(line)
    s.polygon([*zip(x * s.width, top, strict=True), (s.width, s.height), (0, s.height)], colour)


def sprig(
    s: Sheet,
    foot: Point,
    tip: Point,
    colour: Colour,
    *,
    leaves: int = 6,
    size: float = 40,
    lean: float = 48,
) -> None:
    """A stalk with leaves on both sides: wheat, tea or olive by its numbers."""
    a, b = np.array(foot), np.array(tip)
    along = b - a
    heading = float(np.degrees(np.arctan2(along[0], -along[1])))
    s.line([foot, tip], colour, max(2.0, size * 0.08))
    for k in range(leaves):
        at = a + along * (0.25 + 0.75 * k / leaves)
        for side in (-1, 1):
            s.polygon(
                petal(float(at[0]), float(at[1]), size, size * 0.42, heading + side * lean), colour
            )
    s.polygon(petal(tip[0], tip[1], size, size * 0.42, heading), colour)


def dots(
    s: Sheet,
    box: Sequence[float],
    count: int,
    sizes: tuple[float, float],
    colours: Sequence[Colour],
    seed: int,
) -> None:
    rng = np.random.default_rng(seed)
    x0, y0, x1, y1 = box
    for k in range(count):
        s.circle(
            rng.uniform(x0, x1), rng.uniform(y0, y1), rng.uniform(*sizes), colours[k % len(colours)]
        )


def bean(
    s: Sheet, x: float, y: float, size: float, angle: float, colour: Colour, groove: Colour
) -> None:
    """A coffee bean, turned by `angle` degrees."""
    t = np.linspace(0, 2 * np.pi, 40)
    a = np.deg2rad(angle)
    u, w = size * np.cos(t), size * 0.68 * np.sin(t)
    s.polygon(
        [*zip(x + u * np.cos(a) - w * np.sin(a), y + u * np.sin(a) + w * np.cos(a), strict=True)],
        colour,
    )
    g = np.linspace(-0.85, 0.85, 20)
    gx, gy = size * g, size * 0.16 * np.sin(g * np.pi)
    s.line(
        [
            *zip(
                x + gx * np.cos(a) - gy * np.sin(a),
                y + gx * np.sin(a) + gy * np.cos(a),
                strict=True,
            )
        ],
        groove,
        size * 0.13,
    )


def fish(
    s: Sheet, x: float, y: float, size: float, colour: Colour, eye: Colour, *, left: bool = True
) -> None:
    d = 1 if left else -1
    t = np.linspace(0, np.pi, 30)
    body = [(x - d * size * np.cos(a), y - size * 0.36 * np.sin(a) ** 1.1) for a in t]
    body += [(x + d * size * np.cos(a), y + size * 0.32 * np.sin(a) ** 1.1) for a in t]
    s.polygon(body, colour)
    tail = x + d * size * 0.92
    s.polygon(
        [
            (tail, y),
            (tail + d * size * 0.42, y - size * 0.34),
            (tail + d * size * 0.26, y),
            (tail + d * size * 0.42, y + size * 0.34),
        ],
        colour,
    )
    s.polygon(
        [
            (x - d * size * 0.1, y - size * 0.3),
            (x + d * size * 0.3, y - size * 0.56),
            (x + d * size * 0.4, y - size * 0.26),
        ],
        colour,
    )
    s.circle(x - d * size * 0.66, y - size * 0.06, size * 0.06, eye)


def lotus(s: Sheet, x: float, y: float, size: float, outer: Colour, inner: Colour) -> None:
    for angle in (-78, 78, -52, 52):
        s.polygon(petal(x, y, size, size * 0.42, angle), outer)
    for angle in (-27, 27, 0):
        s.polygon(petal(x, y, size * 1.08, size * 0.46, angle), inner)


def cloud(s: Sheet, x: float, y: float, size: float, colour: Colour) -> None:
    for dx, dy, r in (
        (-0.62, 0.1, 0.34),
        (-0.2, -0.12, 0.46),
        (0.28, -0.04, 0.40),
        (0.68, 0.14, 0.28),
    ):
        s.circle(x + dx * size, y + dy * size, r * size, colour)
    s.rect(
        [x - 0.9 * size, y + 0.1 * size, x + 0.9 * size, y + 0.42 * size],
        colour,
        radius=0.16 * size,
    )


def seal(s: Sheet, x: float, y: float, size: float, text: str, colour: Colour, ink: Colour) -> None:
    """A red stamp with up to four characters, read from top to bottom, right to left."""
    s.rect([x - size, y - size, x + size, y + size], colour, radius=size * 0.22)
    if len(text) == 1:
        s.text(x, y, text, size * 1.4, ink)
        return
    for k, character in enumerate(text[:4]):
        s.text(
            x + size * (0.45 - 0.9 * (k // 2)),
            y + size * (0.9 * (k % 2) - 0.45),
            character,
            size * 0.82,
            ink,
        )

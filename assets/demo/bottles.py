"""Bottles and jars of the demo shop."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assets.demo import motifs
from assets.demo.raster import Floats, Surface, floats
from assets.demo.render import Body
from assets.demo.shapes import disc, lathe, smooth, tube
from assets.demo.sheet import Colour, Sheet
from kiosk.domain import Image

LABEL_PX = 880  # pixels of a label for one object unit


def _plain(colour: Colour) -> Image:
    return Sheet(8, 8, colour).finished()


def _depth(colours: Sequence[Colour]) -> Image:
    """What stands in a clear bottle: colours blending from the top down."""
    s = Sheet(16, 300, colours[0])
    s.gradient([0, 0, 16, 300], colours)
    return s.finished()


class Label(Sheet):
    """A label right round a body of `radius`, from `top` down to `bottom` in object units."""

    def __init__(self, radius: float, top: float, bottom: float, colour: Colour) -> None:
        self.radius, self.top, self.bottom = radius, top, bottom
        super().__init__(int(2 * np.pi * radius * LABEL_PX), int((top - bottom) * LABEL_PX), colour)
        self.middle = self.width / 2

    def surface(self, finish: str = "paper") -> Surface:
        r = self.radius + 0.003
        return lathe([(r, self.top), (r, self.bottom)], "label", finish, rows=24)


def _cap(
    radius: float, top: float, bottom: float, finish: str = "plastic", ribs: int = 0
) -> list[Surface]:
    def ribbed(angle: Floats, v: Floats) -> Floats:
        return floats(1 + 0.02 * np.cos(ribs * angle) * (v < 0.999))

    edge = (top - bottom) * 0.12
    wall = lathe(
        [(radius * 0.95, top), (radius, top - edge), (radius, bottom)],
        "cap", finish, rows=20, columns=145, swell=ribbed if ribs else None,
    )  # fmt: skip
    return [wall, disc(radius * 0.955, top, "cap", finish)]


def olive_oil(barcode: str) -> Body:
    s = Label(0.15, 0.04, -0.38, "#F6F0DD")
    s.rect([0, 0, s.width, 12], "#B08A3C")
    s.rect([0, s.height - 12, s.width, s.height], "#B08A3C")
    motifs.sprig(
        s, (s.middle - 90, 270), (s.middle + 60, 170), "#5E7A2E", leaves=5, size=46, lean=50
    )
    for dx, dy in ((-30, 262), (28, 240), (70, 200)):
        s.ellipse(s.middle + dx, dy, 15, 20, "#39451A")
    s.text(s.middle, 72, "Olivara", 76, "#39451A", within=215)
    s.text(s.middle, 128, "EXTRA VIRGIN", 26, "#B08A3C", spacing=0.1, within=205)
    s.text(s.middle, 318, "特級初榨橄欖油", 30, "#39451A", within=210)
    s.barcode(0, s.height / 2, barcode, 3.15, 96, ladder=True)
    outline = smooth([(0.046, 0.34), (0.05, 0.24), (0.075, 0.165), (0.135, 0.115), (0.15, 0.06)])
    body = [*outline, (0.15, -0.44), (0.14, -0.468), (0.0, -0.46)]
    surfaces = [
        lathe(body, "oil", "glass", rows=90),
        s.surface(),
        lathe([(0.052, 0.345), (0.052, 0.235)], "cap", "metal", rows=20),
        *_cap(0.054, 0.47, 0.33, "satin"),
    ]
    oil = _depth(["#1F2E12", "#2E4418", "#4B651F", "#33491A"])
    return Body(surfaces, {"oil": oil, "label": s.finished(), "cap": _plain("#B08A3C")})


def fish_sauce(barcode: str) -> Body:
    s = Label(0.16, 0.06, -0.36, "#F7C02C")
    s.gradient([0, 0, s.width, s.height], ["#FFD558", "#F2A71B"])
    motifs.wave(s, 270, 16, s.width / 5, "#B3261E")
    motifs.wave(s, 305, 14, s.width / 6, "#0E4A78", phase=0.2)
    motifs.fish(s, s.middle, 205, 84, "#0E4A78", "#FFFFFF")
    s.text(s.middle, 60, "SÓNG VÀNG", 56, "#B3261E", within=250)
    s.text(s.middle, 118, "Nước mắm nhĩ", 42, "#0E4A78", within=235)
    s.text(s.middle, 338, "40° đạm · 500 ml", 24, "#FFFFFF", within=200)
    s.barcode(0, s.height / 2, barcode, 3.15, 96, ladder=True)
    outline = smooth([(0.05, 0.36), (0.052, 0.27), (0.07, 0.20), (0.125, 0.14), (0.16, 0.08)])
    body = [*outline, (0.16, -0.44), (0.148, -0.47), (0.0, -0.46)]
    surfaces = [
        lathe(body, "sauce", "glass", rows=90),
        s.surface("coated"),
        *_cap(0.062, 0.47, 0.345, ribs=28),
    ]
    sauce = _depth(["#5A2408", "#8A3C0E", "#6A2A0A", "#451904"])
    return Body(surfaces, {"sauce": sauce, "label": s.finished(), "cap": _plain("#C8281E")})


def barley_tea(barcode: str) -> Body:
    s = Label(0.148, 0.17, -0.27, "#FFFFFF")
    s.gradient([0, 0, s.width, s.height], ["#FFFDF5", "#F8E3B0"])
    for k in range(9):
        x = 40 + k * s.width / 9
        motifs.sprig(s, (x, 384), (x + 14, 200), "#D49A3A", leaves=6, size=32, lean=28)
    s.rect([s.middle - 66, 20, s.middle + 66, 346], "#8C4A1F", radius=22)
    s.column(s.middle, 84, "大麥茶", 90, "#FFFFFF")
    s.text(s.middle + 106, 60, "麥", 54, "#8C4A1F")
    s.text(s.middle + 106, 122, "日", 54, "#8C4A1F")
    s.text(s.middle - 104, 60, "BARLEY", 22, "#8C4A1F")
    s.barcode(0, s.height / 2, barcode, 3.35, 96, ladder=True)
    outline = smooth([(0.056, 0.37), (0.06, 0.32), (0.10, 0.25), (0.142, 0.19), (0.148, 0.15)])
    ribs = [(0.148 - 0.012 * (k % 2), -0.28 - 0.026 * k) for k in range(7)]
    body = [*outline, (0.146, -0.27), *ribs, (0.145, -0.455), (0.12, -0.475), (0.0, -0.46)]

    surfaces = [
        lathe(body, "tea", "glass", rows=110),
        s.surface("film"),
        *_cap(0.066, 0.455, 0.365, ribs=36),
    ]
    tea = _depth(["#F3E2C4", "#C98B45", "#A9642A", "#B8742F", "#8F4F1E"])
    return Body(surfaces, {"tea": tea, "label": s.finished(), "cap": _plain("#F4F1EA")})


def shampoo(barcode: str) -> Body:
    s = Label(0.185, 0.08, -0.40, "#5C8FE0")
    s.gradient([0, 0, s.width, s.height], ["#6FA0EC", "#4A78CC"])
    s.line([(s.middle, 262), (s.middle + 6, 150), (s.middle - 4, 40)], "#E6F0FF", 6)
    for side, y, size in ((-1, 96, 74), (1, 58, 66), (-1, 26, 54), (1, 140, 78)):
        x = s.middle + side * 62
        s.line([(s.middle, y + 26), (s.middle + side * 34, y), (x, y + 6)], "#E6F0FF", 4)
        for angle, colour in ((162, "#B9CBFA"), (198, "#B9CBFA"), (180, "#EEF3FF")):
            s.polygon(motifs.petal(x, y, size, size * 0.55, angle), colour)
    s.text(s.middle, 305, "Velinda", 68, "#FFFFFF", within=270)
    s.text(s.middle, 362, "gentle shampoo", 30, "#E6F0FF", weight="Medium", within=240)
    s.text(s.middle, 402, "溫和洗髮乳", 30, "#E6F0FF", within=220)
    s.barcode(0, s.height / 2, barcode, 3.6, 96, ladder=True)
    outline = smooth([(0.07, 0.24), (0.10, 0.215), (0.168, 0.16), (0.185, 0.10)])
    body = [*outline, (0.185, -0.43), (0.17, -0.47), (0.0, -0.46)]
    spout = tube(
        [(0, 0.405, 0), (0.02, 0.43, 0.07), (0.03, 0.415, 0.14), (0.032, 0.385, 0.17)],
        [0.034, 0.03, 0.024, 0.018],
        "cap",
        "plastic",
    )
    surfaces = [
        lathe(body, "shell", "plastic", rows=80),
        s.surface("satin"),
        *_cap(0.076, 0.29, 0.215, ribs=30),
        lathe([(0.026, 0.40), (0.026, 0.28)], "cap", "plastic", rows=12),
        lathe(
            [(0.0, 0.45), (0.045, 0.445), (0.052, 0.425), (0.05, 0.395), (0.0, 0.392)],
            "cap",
            "plastic",
            rows=24,
        ),
        spout,
    ]
    return Body(
        surfaces, {"shell": _plain("#5585D6"), "label": s.finished(), "cap": _plain("#F4F6FB")}
    )


def chili_sauce(barcode: str) -> Body:
    s = Label(0.14, 0.10, -0.40, "#C9151B")
    s.gradient([0, 0, s.width, s.height], ["#D81E1E", "#A80D14"])
    for k in range(12):
        x = k * s.width / 12
        s.polygon(motifs.petal(x, 450, 150 + 60 * (k % 2), 78, -8), "#F26A1B")
        s.polygon(motifs.petal(x + 6, 450, 96 + 40 * (k % 2), 46, -6), "#FFC53A")
    s.circle(s.middle, 118, 92, "#FFC53A")
    s.text(s.middle, 82, "火", 82, "#A80D14")
    s.text(s.middle, 160, "龍", 82, "#A80D14")
    s.text(s.middle, 258, "辣椒醬", 66, "#FFFFFF", within=190)
    s.text(s.middle, 316, "HUO LONG CHILI", 28, "#FFE6A8", within=190)
    s.barcode(0, s.height / 2, barcode, 3.7, 96, ladder=True)
    outline = smooth([(0.05, 0.26), (0.075, 0.235), (0.125, 0.18), (0.14, 0.12)])
    body = [*outline, (0.14, -0.43), (0.126, -0.468), (0.0, -0.46)]
    nozzle = lathe(
        [(0.0, 0.47), (0.012, 0.465), (0.018, 0.42), (0.03, 0.34), (0.05, 0.305)],
        "cap",
        "satin",
        rows=32,
    )
    surfaces = [
        lathe(body, "shell", "plastic", rows=80),
        s.surface("satin"),
        nozzle,
        *_cap(0.064, 0.31, 0.235, "satin", ribs=26),
    ]
    return Body(
        surfaces, {"shell": _plain("#C4161C"), "label": s.finished(), "cap": _plain("#F2B01E")}
    )


def honey(barcode: str) -> Body:
    s = Label(0.285, 0.14, -0.22, "#FFF6DE")
    for row in range(6):
        for k in range(38):
            x, y = k * s.width / 36 + (22 if row % 2 else 0), 20 + row * 62
            turn = np.deg2rad(np.arange(0, 360, 60) + 30)
            cell = [(x + 26 * np.cos(a), y + 26 * np.sin(a)) for a in turn]
            if abs(x - s.middle) > 190:
                s.polygon(cell, ("#F6C04A", "#FBD983", "#EFA922")[(row + k) % 3])
    s.rect([s.middle - 200, 0, s.middle + 200, s.height], "#FFF6DE")
    s.text(s.middle, 74, "Mielina", 96, "#8A4A0A", within=330)
    s.text(s.middle, 168, "龍眼蜂蜜", 72, "#C77A12")
    s.text(s.middle, 238, "mật ong nhãn · 420 g", 34, "#8A4A0A", weight="SemiBold", within=330)
    for dx in (-150, 150):
        s.ellipse(s.middle + dx, 285, 17, 12, "#F0B429")
        s.polygon(motifs.petal(s.middle + dx, 278, 22, 14, 30), "#D9EEF5")
    s.barcode(0, 150, barcode, 3, 190)
    outline = smooth([(0.225, 0.30), (0.235, 0.27), (0.27, 0.22), (0.285, 0.16)])
    body = [*outline, (0.285, -0.34), (0.265, -0.40), (0.0, -0.39)]
    surfaces = [
        lathe(body, "honey", "glass", rows=90),
        s.surface("coated"),
        *_cap(0.25, 0.42, 0.285, "metal", ribs=60),
    ]
    gold = _depth(["#F4B02C", "#E08A10", "#C9690A", "#A84F06"])
    return Body(surfaces, {"honey": gold, "label": s.finished(), "cap": _plain("#E3B04A")})

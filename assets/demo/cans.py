"""Cans and tins of the demo shop."""

from __future__ import annotations

import numpy as np

from assets.demo import motifs
from assets.demo.raster import Surface
from assets.demo.render import Body
from assets.demo.shapes import disc, lathe
from assets.demo.sheet import Sheet
from kiosk.domain import Image

SLIM = (1300, 800)
TIN = (1420, 520)
FLAT = (2400, 260)


def _metal(shade: str = "#D6D9DC") -> Image:
    return Sheet(8, 8, shade).finished()


def _lid() -> Image:
    """A lid's polar picture: rings, and the tab at the front."""
    s = Sheet(600, 120, "#D3D7DA")
    s.rect([0, 0, 600, 10], "#EEF0F2")
    s.rect([0, 10, 600, 20], "#8F979E")
    s.rect([0, 34, 600, 38], "#B4BABF")
    s.rect([255, 52, 345, 110], "#B9BFC5", radius=14)
    s.rect([282, 66, 318, 92], "#8F979E", radius=8)
    return s.finished()


def _slim_can() -> list[Surface]:
    wall = [(0.188, 0.445), (0.212, 0.405), (0.214, 0.39), (0.214, -0.40), (0.21, -0.425)]
    return [
        lathe(
            [(0.180, 0.472), (0.192, 0.476), (0.194, 0.46), (0.187, 0.445)],
            "metal",
            "metal",
            rows=10,
        ),
        lathe(wall, "wrap", "printed can"),
        lathe([(0.21, -0.425), (0.178, -0.47), (0.0, -0.46)], "metal", "metal", rows=16),
        disc(0.182, 0.464, "lid", "metal"),
    ]


def _tin(radius: float, half: float) -> list[Surface]:
    rim, bead = radius * 1.03, half * 0.045
    return [
        lathe(
            [(radius, half - 2 * bead), (rim, half - bead), (rim, half)], "metal", "metal", rows=12
        ),
        lathe([(radius, half - 2 * bead), (radius, -half + 2 * bead)], "wrap", "coated"),
        lathe(
            [(radius, -half + 2 * bead), (rim, -half + bead), (rim, -half), (0, -half)],
            "metal",
            "metal",
            rows=16,
        ),
        disc(rim, half - 0.004, "lid", "metal"),
    ]


def _soda(s: Sheet) -> Body:
    return Body(_slim_can(), {"wrap": s.finished(), "metal": _metal(), "lid": _lid()})


def yuzu_soda(barcode: str) -> Body:
    s = Sheet(*SLIM, "#FFD23A")
    s.gradient([0, 0, 1300, 800], ["#FFE36B", "#FFC21F", "#FF9F0F"])
    slices = ((650, 560, 178), (330, 300, 120), (980, 260, 130), (260, 650, 110), (1060, 620, 120))
    for x, y, r in slices:
        motifs.citrus(s, x, y, r, "#F4A300", "#FFF3C4", "#FFCB2E")
    motifs.dots(s, [0, 30, 1300, 780], 60, (4, 13), ["#FFFFFF", "#FFF3C4"], 3)
    s.rect([478, 120, 822, 400], "#12674A", radius=44)
    s.text(650, 212, "Fizzle", 128, "#FFFFFF", within=290)
    s.text(650, 322, "YUZU SODA", 52, "#FFE36B", spacing=0.06, within=280)
    s.rect([560, 505, 740, 625], "#FFFFFF", radius=26)
    s.text(650, 565, "柚子", 80, "#12674A")
    s.text(650, 750, "330 ml", 38, "#12674A", weight="SemiBold")
    s.barcode(0, 400, barcode, 4, 120, ladder=True)
    return _soda(s)


def night_coffee(barcode: str) -> Body:
    s = Sheet(*SLIM, "#151B3F")
    s.gradient([0, 0, 1300, 800], ["#0F1433", "#232A63", "#5B3B2E"])
    motifs.dots(s, [0, 20, 1300, 430], 80, (1.5, 4), ["#F6D58A", "#FFFFFF"], 8)
    s.circle(635, 215, 150, "#F4C45A")
    s.circle(691, 190, 128, "#161C46")
    motifs.star(s, 700, 215, 52, "#F9E2A6")
    motifs.wave(s, 600, 26, 325, "#7A4A2B")
    motifs.wave(s, 650, 22, 260, "#A8703F", phase=0.3)
    motifs.wave(s, 712, 16, 325, "#E9CFA4", phase=0.1)
    s.text(650, 440, "SAO ĐÊM", 92, "#F6D58A", spacing=0.02, within=320)
    s.text(650, 528, "Cà phê sữa đá", 50, "#FFFFFF", weight="SemiBold", within=310)
    s.text(650, 764, "240 ml", 34, "#4A2A16", weight="SemiBold")
    s.small_print([150, 120, 270, 420], "#8A8FB8", 8, 4)
    s.barcode(0, 330, barcode, 4, 120, ladder=True)
    return _soda(s)


def peach_water(barcode: str) -> Body:
    s = Sheet(*SLIM, "#FDF6F1")
    fruits = ((650, 285, 165), (400, 560, 120), (930, 600, 150), (250, 230, 110), (1080, 250, 120))
    for k, (x, y, r) in enumerate(fruits):
        s.circle(x, y, r, ("#FF9C7C", "#FFC2AA", "#FF9C86")[k % 3])
        s.circle(x - r * 0.25, y - r * 0.2, r * 0.62, ("#FFB091", "#FFD6C4", "#FFB3A0")[k % 3])
    s.polygon(motifs.petal(660, 140, 120, 56, 50), "#7FB08A")
    for y in (670, 700, 730):
        s.line([(x, y + 9 * np.sin(x / 41.4)) for x in range(0, 1301, 10)], "#F08D78", 4)
    s.text(650, 240, "Pêche", 118, "#FFFFFF", within=270)
    s.text(650, 345, "CLAIRE", 74, "#FFFFFF", spacing=0.12, within=260)
    s.text(650, 530, "sparkling water", 44, "#D2604C", weight="SemiBold", within=300)
    s.text(650, 598, "氣泡水", 56, "#D2604C")
    s.barcode(0, 400, barcode, 4, 120, ladder=True)
    return _soda(s)


def volt_drink(barcode: str) -> Body:
    s = Sheet(*SLIM, "#7ED321")
    s.gradient([0, 0, 1300, 800], ["#B8F04A", "#7ED321", "#4FA80E"])
    for x in (250, 650, 1050):
        bolt = [(60, -330), (-130, 60), (-10, 60), (-70, 340), (140, -70), (10, -70), (110, -330)]
        s.polygon([(x + dx, 400 + dy) for dx, dy in bolt], "#5B1E9B")
    s.rect([474, 310, 826, 470], "#3B0F6B", radius=20)
    s.text(650, 390, "VOLTIK", 120, "#FFFFFF", within=310)
    s.text(650, 700, "GUARANA", 52, "#3B0F6B", spacing=0.12, within=290)
    s.barcode(0, 400, barcode, 4, 120, ladder=True)
    return _soda(s)


def tomatoes(barcode: str) -> Body:
    s = Sheet(*TIN, "#C8202B")
    s.gradient([0, 0, 1420, 520], ["#D92B32", "#B5131F"])
    for y in (18, 486):
        s.rect([0, y, 1420, y + 16], "#F3D9A0")
    s.ellipse(710, 205, 226, 150, "#F9EDD3")
    s.ellipse(710, 205, 213, 138, "", line="#1F6B3A", width=5)
    s.text(710, 165, "Tomatelle", 92, "#B5131F", within=370)
    s.text(710, 250, "PEELED TOMATOES", 36, "#1F6B3A", spacing=0.04, within=340)
    for x, r in ((610, 66), (812, 64), (710, 80), (320, 110), (1100, 110)):
        y = 430 if 500 < x < 900 else 260
        s.circle(x, y, r, "#F04A3A")
        s.ellipse(x - r * 0.35, y - r * 0.35, r * 0.26, r * 0.18, "#F9B3A2")
        motifs.star(s, x, y - r * 0.72, r * 0.5, "#2F8F46", inner=0.3)
    s.barcode(0, 260, barcode, 4, 150, ladder=True)
    s.small_print([200, 90, 300, 150], "#F3D9A0", 7, 2)
    lid = Sheet(8, 60, "#CDD1D4")
    for y in range(4, 60, 8):
        lid.rect([0, y, 8, y + 3], "#A9B0B6")
    return Body(_tin(0.33, 0.42), {"wrap": s.finished(), "metal": _metal(), "lid": lid.finished()})


def tuna(barcode: str) -> Body:
    s = Sheet(*FLAT, "#0E7C86")
    s.gradient([0, 0, 2400, 260], ["#12A0A4", "#0A5E78"])
    motifs.wave(s, 190, 14, 200, "#0A4B66")
    motifs.wave(s, 215, 12, 160, "#E9F5F2", phase=0.4)
    for x, colour in ((900, "#E9F5F2"), (1490, "#FFE08A"), (440, "#E9F5F2"), (1960, "#FFE08A")):
        motifs.fish(s, x, 110, 110, colour, "#0A4B66")
    s.text(1200, 84, "海風", 108, "#FFFFFF", spacing=0.2)
    s.text(1200, 178, "水煮鮪魚", 50, "#FFE08A", spacing=0.15)
    s.barcode(0, 126, barcode, 3, 140)
    lid = Sheet(1200, 340, "#0E7C86")
    lid.gradient([0, 0, 1200, 340], ["#C5CBCF", "#0B6F80", "#12A0A4"])
    lid.rect([0, 0, 1200, 26], "#D4D8DB")
    for k in range(6):
        motifs.fish(lid, 100 + 200 * k, 150, 74, "#E9F5F2", "#0A4B66", left=k % 2 == 0)
    return Body(_tin(0.47, 0.17), {"wrap": s.finished(), "metal": _metal(), "lid": lid.finished()})

"""Bags and pouches of the demo shop."""

from __future__ import annotations

import numpy as np

from assets.demo import motifs
from assets.demo.raster import Surface
from assets.demo.render import Body
from assets.demo.shapes import pillow
from assets.demo.sheet import Colour, Sheet

FRONT = (680, 920)


def _face(colours: list[Colour], seal: Colour) -> Sheet:
    """A side of a bag, with the crimped seals at both ends."""
    s = Sheet(*FRONT, colours[0])
    s.gradient([0, 0, *FRONT], colours)
    _crimp(s, seal)
    return s


def _crimp(s: Sheet, colour: Colour) -> None:
    for top in (0, s.height - 42):
        s.rect([0, top, s.width, top + 42], colour)
        for y in range(top + 3, top + 42, 7):
            s.rect([0, y, s.width, y + 2], "#FFFFFF")


def _back(colours: list[Colour], seal: Colour, barcode: str, ink: Colour, seed: int) -> Sheet:
    s = _face(colours, seal)
    s.rect([s.width / 2 - 12, 42, s.width / 2 + 12, 250], ink)
    s.small_print([120, 300, 560, 500], ink, 12, seed)
    s.barcode(340, 690, barcode, 4.4, 170)
    return s


def _bag(surfaces: list[Surface], front: Sheet, back: Sheet) -> Body:
    return Body(surfaces, {"front": front.finished(), "back": back.finished()})


def chips(barcode: str) -> Body:
    colours: list[Colour] = ["#0FA3A0", "#078488", "#0A5F73"]
    s = _face(colours, "#0A5F73")
    motifs.wave(s, 640, 26, 340, "#0A5F73")
    motifs.wave(s, 690, 24, 300, "#0B4A5E", phase=0.3)
    _crimp(s, "#0A5F73")
    rng = np.random.default_rng(3)
    for x, y, a in (
        (220, 590, 20),
        (440, 560, -25),
        (330, 680, 8),
        (180, 720, -30),
        (500, 700, 30),
        (340, 790, -6),
    ):
        t = np.linspace(0, 2 * np.pi, 50)
        for scale, colour in ((1.0, "#E0A030"), (0.93, "#F8CF6A")):
            u, w = 112 * scale * np.cos(t), 74 * scale * np.sin(t) * (1 + 0.1 * np.cos(2 * t))
            c, d = np.cos(np.deg2rad(a)), np.sin(np.deg2rad(a))
            s.polygon([*zip(x + u * c - w * d, y + u * d + w * c, strict=True)], colour)
        for _ in range(16):
            s.circle(
                x + rng.uniform(-70, 70),
                y + rng.uniform(-40, 40),
                rng.uniform(2, 5),
                rng.choice(["#2F6B3A", "#C98A2A"]),
            )
    s.turned_text(340, 210, "KRISPO", 150, "#FFFFFF", 6)
    s.rect([150, 310, 530, 385], "#FFD23A", radius=38)
    s.text(340, 348, "SEA SALT & NORI", 40, "#0B4A5E", within=340)
    s.text(340, 440, "海苔洋芋片", 64, "#FFFFFF")
    back = _back(colours, "#0A5F73", barcode, "#BFE8E4", 3)
    return _bag(pillow(0.70, 0.95, 0.27, "foil", seed=4), s, back)


def rice(barcode: str) -> Body:
    colours: list[Colour] = ["#FBFBF2", "#F2F4E4"]
    s = _face(colours, "#3E8E41")
    s.circle(340, 440, 120, "#F9C440")
    for k, (y, colour) in enumerate(
        ((500, "#8CC152"), (570, "#6DAE43"), (650, "#4B9340"), (740, "#2F7A3A"))
    ):
        motifs.wave(s, y, 20, 520 - 60 * k, colour, phase=0.23 * k, down_to=878)
    for k in range(12):
        x = 40 + 55 * k
        s.line([(x, 872), (340 + (x - 340) * 0.55, 560)], "#A7D36C", 4)
    s.rect([70, 90, 610, 290], "#3E8E41", radius=30)
    s.text(340, 152, "ĐỒNG XANH", 76, "#FFFFFF", within=480)
    s.text(340, 240, "Gạo thơm", 62, "#FBE38A", within=400)
    s.text(340, 345, "香米 · jasmine rice · 5 kg", 36, "#2F7A3A", within=440)
    back = _back(colours, "#3E8E41", barcode, "#3E8E41", 6)
    return _bag(pillow(0.66, 0.97, 0.26, "film", seed=9), s, back)


def coffee_beans(barcode: str) -> Body:
    colours: list[Colour] = ["#22201F", "#171514"]
    s = _face(colours, "#2C2826")
    s.circle(340, 450, 172, "#E2703A")
    s.circle(340, 450, 138, "#F08A4B")
    rng = np.random.default_rng(5)
    for k in range(30):
        x, y = rng.uniform(70, 610), rng.uniform(725, 850)
        motifs.bean(
            s, x, y, 40, rng.uniform(0, 180), ("#6B3E22", "#85502E", "#54301A")[k % 3], "#2A150A"
        )
    motifs.bean(s, 340, 450, 88, -35, "#3A2012", "#F08A4B")
    s.text(340, 140, "LUNARO", 130, "#F4E7D6", spacing=0.1, within=460)
    s.text(340, 230, "夜光咖啡豆", 52, "#E2703A")
    s.text(340, 662, "dark roast · 250 g", 38, "#F4E7D6", weight="Medium")
    back = _back(colours, "#2C2826", barcode, "#8C7F74", 8)
    return _bag(pillow(0.58, 0.93, 0.30, "satin", seed=14, seal=0.04), s, back)


def _bear(s: Sheet, x: float, y: float, r: float, colour: Colour, light: Colour) -> None:
    for dx in (-0.55, 0.55):
        s.circle(x + dx * r, y - 1.28 * r, 0.34 * r, colour)
        s.ellipse(x + dx * 1.5 * r, y + 0.1 * r, 0.34 * r, 0.26 * r, colour)
        s.ellipse(x + dx * r, y + 1.0 * r, 0.36 * r, 0.42 * r, colour)
    s.circle(x, y - 0.78 * r, 0.72 * r, colour)
    s.ellipse(x, y + 0.2 * r, 0.82 * r, 0.95 * r, colour)
    s.ellipse(x - 0.2 * r, y - 0.95 * r, 0.2 * r, 0.16 * r, light)
    s.ellipse(x, y + 0.3 * r, 0.45 * r, 0.5 * r, light)


def gummies(barcode: str) -> Body:
    colours: list[Colour] = ["#FF5FA2", "#FF8CC0", "#FFD1E3"]
    s = _face(colours, "#D81E72")
    bears = (
        ("#E8352E", "#FF7A6B"),
        ("#22A958", "#6FDB97"),
        ("#F5A80F", "#FFD368"),
        ("#7A3FD0", "#B48BF2"),
        ("#1C8FE0", "#7CC6FA"),
    )
    for k, (x, y, r) in enumerate(
        ((150, 520, 72), (340, 560, 84), (530, 515, 72), (215, 740, 74), (460, 745, 74))
    ):
        _bear(s, x, y, r, *bears[k])
    s.turned_text(340, 190, "Wobbly", 150, "#FFFFFF", -5)
    s.rect([170, 290, 510, 362], "#7A3FD0", radius=36)
    s.text(340, 326, "FRUIT GUMMIES", 38, "#FFFFFF", within=300)
    s.text(340, 400, "水果軟糖", 46, "#A3125A")
    back = _back(colours, "#D81E72", barcode, "#D81E72", 9)
    return _bag(pillow(0.72, 0.94, 0.22, "film", seed=21), s, back)
